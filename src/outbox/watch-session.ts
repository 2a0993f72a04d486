import type { ChangedSession } from '#db/changed-sessions.ts';
import type { Tx } from '#db/database.ts';
import { isFasterThan } from '#domain/live-change.ts';
import { silentMs } from '#outbox/drop-verdict.ts';
import type { Session } from '#ports/enforcer/port.ts';

/** How long a session that was told to be slower is watched: three accounting updates. */
export const watchMs = silentMs;

/** What accounting says of a CoA that was acknowledged. */
export type Seen =
  | { readonly seen: 'nothing_yet' | 'obeyed' | 'ignored' | 'unseen' }
  | { readonly seen: 'first'; readonly at: Date; readonly input: bigint; readonly output: bigint };

/**
 * Compares two accounting updates after a CoA with the speed that it gave: RouterOS tells the limit of a session to
 * nobody, but a session that moves more than it may has not taken it. The first update after the answer covers time before
 * it, so it is where counting begins.
 */
export function lookAt(session: Session, told: ChangedSession, now: Date): Seen {
  const { updatedAt } = session;
  const isNew = updatedAt !== null && (told.seen_at === null || updatedAt > told.seen_at);
  if (!isNew) return { seen: told.watch_until !== null && now > told.watch_until ? 'unseen' : 'nothing_yet' };
  const [input, output] = [BigInt(session.inputOctets), BigInt(session.outputOctets)];
  if (told.seen_at === null || told.seen_input === null || told.seen_output === null)
    return { seen: 'first', at: updatedAt, input, output };
  const ms = updatedAt.getTime() - told.seen_at.getTime();
  const moved = [input - told.seen_input, output - told.seen_output].map(Number);
  return { seen: moved.some((octets) => isFasterThan(told.rate_limit, octets, ms)) ? 'ignored' : 'obeyed' };
}

/** Keeps what was seen of a session. */
export async function noteSeen(tx: Tx, tenantId: string, uniqueId: string, seen: Seen): Promise<void> {
  if (seen.seen === 'nothing_yet') return;
  const change =
    seen.seen === 'first'
      ? { seen_at: seen.at, seen_input: seen.input, seen_output: seen.output }
      : { watch_until: null, ...(seen.seen === 'ignored' ? { refused_at: new Date() } : {}) };
  await tx
    .updateTable('changed_sessions')
    .set(change)
    .where('tenant_id', '=', tenantId)
    .where('unique_id', '=', uniqueId)
    .execute();
}
