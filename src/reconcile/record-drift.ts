import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { appendTimeline } from '#db/timeline.ts';
import type { DriftKind } from '#domain/drift.ts';

/** A difference as it is kept. `since`: when it was still right, as far as is known. */
export type Found = {
  readonly kind: DriftKind;
  readonly subject: string;
  readonly subscriptionId: string | null;
  readonly was: string;
  readonly shouldBe: string;
  readonly why: string;
  readonly since: Date;
  readonly action: 'repaired' | 'reported' | 'adopted';
};

/** One reconciliation under way. */
export type Run = {
  readonly id: string;
  readonly tenantId: string;
  readonly correlationId: string;
};

const textMaxLength = 2_000;
const short = (text: string): string => (text.length > textMaxLength ? `${text.slice(0, textMaxLength)} …` : text);

/** Keeps differences: one that is open already is found once more. Its line's timeline tells it when it is new. */
export async function recordDrift(tx: Tx, run: Run, found: readonly Found[]): Promise<void> {
  if (found.length === 0) return;
  const rows = found.map((one) => ({ ...one, was: short(one.was), shouldBe: short(one.shouldBe) }));
  const { rows: kept } = await sql<{ kind: string; subject: string; times: number }>`
    insert into drift (tenant_id, run_id, kind, subject, subscription_id, was, should_be, why, action, since, found_at)
    select ${run.tenantId}, ${run.id}, kind, subject, "subscriptionId", was, "shouldBe", why, action, since, now()
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (kind text, subject text, "subscriptionId" uuid,
      was text, "shouldBe" text, why text, action text, since timestamptz)
    on conflict (tenant_id, kind, subject) where resolved_at is null do update set run_id = excluded.run_id,
      subscription_id = excluded.subscription_id, was = excluded.was, should_be = excluded.should_be,
      why = excluded.why, action = excluded.action, found_at = excluded.found_at, times = drift.times + 1
    returning kind, subject, times`.execute(tx);
  const fresh = new Set(kept.filter(({ times }) => times === 1).map(({ kind, subject }) => `${kind} ${subject}`));
  await appendTimeline(
    tx,
    run.tenantId,
    found.flatMap(({ kind, subject, subscriptionId, was, shouldBe, why, action }) =>
      subscriptionId === null || !fresh.has(`${kind} ${subject}`)
        ? []
        : [
            {
              subscriptionId,
              kind: 'drift',
              text: `${why} It was: ${short(was)}; it should be: ${short(shouldBe)} (${action}).`,
              correlationId: run.correlationId,
              data: { kind, action, run: run.id },
            },
          ],
    ),
  );
}

/**
 * Closes what this run looked for and did not find. A line or group that is just being written was not looked at, so its
 * drift stays open until it has been.
 */
export async function resolveDrift(tx: Tx, run: Run, kinds: readonly DriftKind[]): Promise<number> {
  const { numAffectedRows } = await sql`
    update drift set resolved_at = now()
    where tenant_id = ${run.tenantId} and resolved_at is null and run_id <> ${run.id} and kind = any(${[...kinds]})
      and not exists (select from access a where a.tenant_id = drift.tenant_id and a.subscription_id = drift.subscription_id
        and (a.applied_generation is distinct from a.generation or a.hash = ''))
      and not exists (select from outbox o where o.tenant_id = drift.tenant_id and o.kind = 'group.apply'
        and o.key = drift.subject and o.state in ('ready', 'running'))`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}
