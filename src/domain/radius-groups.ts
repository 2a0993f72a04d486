import type { AttributeRow } from '#domain/access.ts';
import { mikrotikRateLimit, type Speed } from '#domain/rate-limit.ts';

/** The rows of one RADIUS group: `radgroupcheck` and `radgroupreply`. */
export type GroupRows = { readonly check: readonly AttributeRow[]; readonly reply: readonly AttributeRow[] };

/** What a plan may add to its speed (spec C1). */
export type PlanExtra = {
  /** Name of the router's address pool; a line's own Framed-Pool goes before it. */
  readonly addressPool?: string;
  readonly delegatedIpv6Pool?: string;
  /** Sessions that one line may have at a time; 1 where absent. */
  readonly maxSessions?: number;
};

/** Seconds between two interim accounting updates of a session; three missed ones are a proof of silence (spec R8). */
export const interimSeconds = 300;

/** The short session heals a lost Disconnect: after this many seconds the line logs in anew and reads its current rows. */
const isolirSessionSeconds = 1800;

/** A tenant's namespace, a colon, a key of characters that FreeRADIUS's SQL leaves as they are. */
const hubGroup = /^(t[0-9a-f]{8}):[a-z0-9@._:/-]+$/;

/** The tenant's key in a group name, `t1a2b3c4d` of `t1a2b3c4d:isolir`; null: the group is not the hub's (spec R2, X9). */
export const groupNamespace = (group: string): string | null => hubGroup.exec(group)?.[1] ?? null;

const set = (attribute: string, value: string | number): AttributeRow => ({
  attribute,
  op: ':=',
  value: String(value),
});

/** A default that a line's own reply row may override: against `:=` in a group the line's row would lose. */
const preset = (attribute: string, value: string): AttributeRow => ({ attribute, op: '=', value });

const interim = set('Acct-Interim-Interval', interimSeconds);

/** What a plan's group holds (spec R2). Speeds in kbps as the customer sees them. */
export function planGroupRows(speed: Speed, extra: PlanExtra = {}): GroupRows {
  const reply = [set('Mikrotik-Rate-Limit', mikrotikRateLimit(speed)), interim];
  if (extra.addressPool !== undefined) reply.push(preset('Framed-Pool', extra.addressPool));
  if (extra.delegatedIpv6Pool !== undefined)
    reply.push(preset('Mikrotik-Delegated-IPv6-Pool', extra.delegatedIpv6Pool));
  return { check: [set('Simultaneous-Use', extra.maxSessions ?? 1)], reply };
}

/** The walled garden: let in, slow, in a pool and on an address list that the router's isolir rules know (spec R2, R10). */
export function isolirGroupRows(): GroupRows {
  return {
    check: [set('Simultaneous-Use', 1)],
    reply: [
      set('Framed-Pool', 'isolir'),
      set('Mikrotik-Address-List', 'isolir'),
      set('Mikrotik-Rate-Limit', '512k/512k'),
      set('Session-Timeout', isolirSessionSeconds),
      interim,
    ],
  };
}

/** A line that has ended: every login is rejected, beside a right password too. */
export function terminatedGroupRows(): GroupRows {
  return {
    check: [set('Auth-Type', 'Reject')],
    reply: [set('Reply-Message', 'This subscription has ended.')],
  };
}
