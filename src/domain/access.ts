/** Where a subscription stands (spec C9). */
export const accessStates = ['pending', 'active', 'isolated', 'suspended', 'terminated'] as const;
export type AccessState = (typeof accessStates)[number];

/** One row of `radcheck`, `radreply`, `radgroupcheck` or `radgroupreply`, without its owner. */
export type AttributeRow = { readonly attribute: string; readonly op: string; readonly value: string };

/** What should be true of one line at its enforcer. `group` is the whole group name, tenant prefix included. */
export type DesiredAccess = {
  readonly state: AccessState;
  readonly group: string;
  /** The modem that may log in, `AA:BB:CC:DD:EE:FF`; null: any. */
  readonly mac: string | null;
  /** The line's own reply attributes (a fixed address, routes, prefixes); none in the walled garden. */
  readonly reply: readonly AttributeRow[];
};
