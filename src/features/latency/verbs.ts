import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import { demand, type Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import { Refusal } from '#platform/refusal.ts';
import type { Figures, Latency, LatencyQuery } from './schema.ts';
import { walkedSteps } from './step-rows.ts';
import { type StepName, stepNames } from './steps.ts';

export type LatencyDeps = { readonly db: Database; readonly clock: Clock };

type Row = { readonly kind: 'suspend' | 'restore'; readonly step: StepName; readonly count: number } & {
  readonly p: readonly number[];
};

const percentiles = (tx: Tx, tenantId: string, from: Date, to: Date, nasId: string | undefined) =>
  sql<Row>`
    select e.kind, s.step, count(*)::int as count,
      percentile_cont(array[0.5, 0.95, 0.99]) within group (order by s.ms) as p
    from enforcements e ${walkedSteps}
    where e.tenant_id = ${tenantId} and e.decided_at >= ${from} and e.decided_at < ${to}
      and (${nasId ?? null}::text is null or e.nas = ${nasId ?? null}) and s.ms is not null
    group by e.kind, s.step`.execute(tx);

const rounded = (value: number | undefined): number => Math.round((value ?? 0) * 10) / 10;
const figuresOf = ({ step, count, p: [p50, p95, p99] }: Row): Figures => ({
  step,
  count,
  p50_ms: rounded(p50),
  p95_ms: rounded(p95),
  p99_ms: rounded(p99),
});

const dayMs = 86_400_000;

/** How long cuts and restores took in a span of time, step by step, at all routers or at one (spec X5). */
export async function readLatency({ db, clock }: LatencyDeps, who: Who, query: LatencyQuery): Promise<Latency> {
  demand(who.caller, 'integrations:read');
  const to = query.to === undefined ? new Date(clock()) : new Date(query.to);
  const from = query.from === undefined ? new Date(to.getTime() - dayMs) : new Date(query.from);
  if (from >= to) throw new Refusal('VALIDATION_ERROR', 'from: must be before to', { fields: [{ field: 'from' }] });
  const { rows } = await db.tenant(who.tenantId, (tx) => percentiles(tx, who.tenantId, from, to, query.nas_id));
  const of = (kind: Row['kind']): Figures[] =>
    stepNames.flatMap((step) => rows.filter((row) => row.kind === kind && row.step === step).map(figuresOf));
  return { from: from.toISOString(), to: to.toISOString(), suspend: of('suspend'), restore: of('restore') };
}
