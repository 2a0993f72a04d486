/** What may be done about a difference: write what stands once more, tell a person, or take the hand-made value over. */
export const driftActions = ['repair', 'report', 'adopt'] as const;
export type DriftAction = (typeof driftActions)[number];

/**
 * How what an enforcer holds may differ from what stands (spec B5), and what a tenant may have done about each; the first
 * is the habit. What the hub has no intent for can only be told.
 */
export const driftPolicies = {
  missing_user: ['repair', 'report'],
  wrong_group: ['repair', 'report'],
  wrong_password: ['repair', 'report', 'adopt'],
  wrong_attribute: ['repair', 'report'],
  duplicate_row: ['repair', 'report'],
  extra_owned_row: ['repair', 'report'],
  missing_group: ['repair', 'report'],
  wrong_group_rows: ['repair', 'report'],
  fence_ahead: ['repair', 'report'],
  wrong_session: ['repair', 'report'],
  ledger_missed: ['repair', 'report'],
  ledger_gone: ['report'],
  ledger_unproved: ['report'],
  deposit_not_returned: ['report'],
  name_conflict: ['report'],
  orphan: ['report'],
  unknown_session: ['report'],
  asset_not_installed: ['report'],
  asset_gone: ['report'],
  asset_twice: ['report'],
  asset_nowhere: ['report'],
} as const satisfies Readonly<Record<string, readonly [DriftAction, ...DriftAction[]]>>;

export type DriftKind = keyof typeof driftPolicies;
export const driftKinds = Object.keys(driftPolicies) as readonly DriftKind[] as readonly [DriftKind, ...DriftKind[]];

/** A tenant's own choices; a kind that it does not name goes by the habit. */
export type DriftPolicy = Readonly<Partial<Record<DriftKind, DriftAction | undefined>>>;

/** What a policy says of a kind. */
export const actionOn = (kind: DriftKind, policy: DriftPolicy): DriftAction => policy[kind] ?? driftPolicies[kind][0];

/** What a reconciliation looks at; `all` is the four. */
export const reconcileScopes = ['all', 'radius', 'sessions', 'ledger', 'assets'] as const;
export type ReconcileScope = (typeof reconcileScopes)[number];
