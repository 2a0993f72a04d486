import type { Member, Part } from '#ports/enforcer/inspection/port.ts';
import { SweepFailed, type Sweeping } from './reconciling.ts';
import { recordDrift } from './record-drift.ts';
import { knownNames } from './standing.ts';

const canonical = (username: string): string => username.trim().toLowerCase();

/**
 * Finds users that somebody else put into a group of the tenant's: they are served, and no line pays for them. They are
 * told, never taken out, since the hub does not own them.
 */
export async function sweepStrangers(s: Sweeping): Promise<void> {
  const { tenantId } = s.run;
  const key = s.tenantKey;
  for (let from: string | null = null; ; ) {
    const part = await s.enforcer.members(key, from);
    if (!part.ok) throw new SweepFailed(part.error.detail);
    const { entries, next }: Part<Member> = part.value;
    const names = entries.map(({ username }) => canonical(username));
    const known = await s.db.look(tenantId, (tx) => knownNames(tx, tenantId, names));
    const strangers = entries.filter(({ username }) => !known.has(canonical(username)));
    if (strangers.length > 0) {
      s.count(
        0,
        strangers.map(() => 'orphan' as const),
      );
      const since = s.lastRunAt ?? new Date(s.clock());
      await s.db.worker(tenantId, (tx) =>
        recordDrift(
          tx,
          s.run,
          [...new Map(strangers.map((stranger) => [stranger.username, stranger])).values()].map(
            ({ username, group }) => ({
              kind: 'orphan',
              subject: username,
              subscriptionId: null,
              was: `in ${group}`,
              shouldBe: 'no user without a line',
              why: 'Somebody put this user into a group of yours in RADIUS; no line has that name.',
              since,
              action: 'reported',
            }),
          ),
        ),
      );
    }
    if (next === null) return;
    from = next;
  }
}
