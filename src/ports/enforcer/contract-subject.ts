import type { AttributeRow } from '#domain/access.ts';
import { groupName } from '#domain/groups.ts';
import { isolirGroupRows, planGroupRows, terminatedGroupRows } from '#domain/radius-groups.ts';
import type { Result } from '#domain/result.ts';
import type { Enforcer, EnforcerFailure, Session, UserAccess, UserRows } from './port.ts';

/** An enforcer under the contract, and hands that reach past it: what others do to the same system. */
export type EnforcerSubject = {
  readonly enforcer: Enforcer;
  /** Rows that somebody else wrote. */
  putForeign(username: string, rows: UserRows['foreign']): Promise<void>;
  /** What a member of the group is checked against and is sent. */
  groupRows(
    group: string,
  ): Promise<{ readonly check: readonly AttributeRow[]; readonly reply: readonly AttributeRow[] }>;
  /** A session in accounting, begun and last updated so many seconds ago. */
  openSession(session: {
    readonly username: string;
    readonly group: string;
    readonly ageSeconds: number;
  }): Promise<Session>;
  /** An interim update now. */
  updateSession(session: Session): Promise<void>;
  close(): Promise<void>;
};

const tenantId = '1a2b3c4d-0000-4000-8000-000000000001';
const otherTenantId = '99999999-0000-4000-8000-000000000002';
export const plans = ['10-mbps', '20-mbps', '50-mbps'] as const;
export const isolir = groupName(tenantId, 'isolir');
export const terminated = groupName(tenantId, 'terminated');
export const planGroup = (plan: string): string => groupName(tenantId, { plan });
export const otherTenantsGroup = groupName(otherTenantId, { plan: plans[0] });

let generations = 1_000n;
/** One sequence for the whole installation (law 2). */
export const nextGeneration = (): bigint => ++generations;

let names = 0;
export const freshUsername = (): string => `ckp${String(++names).padStart(4, '0')}`;

export function userAccess(username: string, parts: Partial<UserAccess> = {}): UserAccess {
  const defaults = { group: planGroup(plans[0]), password: 'Abc123xy', mac: null, reply: [] };
  return { username, generation: nextGeneration(), ...defaults, ...parts };
}

/** The value of an answer that must be a good one. */
export function good<T>(answer: Result<T, EnforcerFailure>): T {
  if (!answer.ok) throw new Error(`the enforcer answered ${answer.error.reason}: ${answer.error.detail}`);
  return answer.value;
}

/** Writes the groups of both tenants: three plans, isolir, terminated. */
export async function applyGroups({ enforcer }: EnforcerSubject): Promise<void> {
  const groups = [
    ...plans.map(
      (plan, index) =>
        [planGroup(plan), planGroupRows({ downKbps: 10_000 * (index + 1), upKbps: 5_000 * (index + 1) })] as const,
    ),
    [isolir, isolirGroupRows()] as const,
    [terminated, terminatedGroupRows()] as const,
    [otherTenantsGroup, planGroupRows({ downKbps: 1_000, upKbps: 1_000 })] as const,
  ];
  for (const [group, rows] of groups) {
    good(await enforcer.applyGroup({ group, generation: nextGeneration(), ...rows }));
  }
}
