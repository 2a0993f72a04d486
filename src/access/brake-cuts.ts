import { sql } from 'kysely';
import { type FoundBrake, type LoadedBrake, lockBrake } from '#access/brake-state.ts';
import type { LoadedLine } from '#access/load-facts.ts';
import type { Tx } from '#db/database.ts';
import type { Decision } from '#decide/access.ts';
import { afterBraking, type BrakeLimits, type Braking, brake, isolatesForDebt, limitOf } from '#decide/brake.ts';
import { isServed } from '#decide/evidence.ts';
import { hasShrunk } from '#domain/source-size.ts';

type Proposed = { readonly line: LoadedLine; readonly decision: Decision };
type Braked = Proposed & { readonly braking: Braking };

const idOf = ({ line }: Proposed): string => line.facts.subscriptionId;

/** Reasons with which a line that owes may be online, for a while: its place in a hold stays. */
const pending: readonly string[] = ['held_by_brake', 'cuts_stopped', 'debt_unproved', 'debt_settling', 'no_cut_time'];

const codeOf = (reason: unknown): unknown =>
  typeof reason === 'object' && reason !== null && 'code' in reason ? reason.code : null;
const isPending = (reason: unknown): boolean => pending.some((code) => code === codeOf(reason));

/** Lines that waited and owe nothing any more, or ended otherwise, leave their hold. */
async function spare(tx: Tx, tenantId: string, decided: readonly Proposed[]): Promise<void> {
  const free = decided.filter(
    (one) => isPending(one.line.decided?.reason) && !isPending(one.decision.reason) && !isolates(one),
  );
  if (free.length === 0) return;
  await sql`update held_lines set state = 'spared' where tenant_id = ${tenantId} and state in ('held', 'released')
    and subscription_id = any(${free.map(idOf)}::uuid[])`.execute(tx);
}

const isolates = ({ line, decision }: Proposed): boolean => isolatesForDebt({ facts: line.facts, decision });

async function noteCuts(tx: Tx, tenantId: string, cut: readonly Braked[], state: LoadedBrake, now: number) {
  if (cut.length === 0) return;
  const rows = cut.map((one) => ({
    id: idOf(one),
    hold: one.braking === 'released' ? (state.holdOf.get(idOf(one)) ?? null) : null,
  }));
  await sql`
    with r as (select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, hold uuid)),
    done as (
      update held_lines h set state = 'cut' from r
      where h.tenant_id = ${tenantId} and h.hold_id = r.hold and h.subscription_id = r.id)
    insert into cuts (tenant_id, subscription_id, at, hold_id)
    select ${tenantId}, id, ${new Date(now)}, hold from r on conflict do nothing`.execute(tx);
}

/** What is told with a hold that the usual count does not explain; null: it does. */
const noteOf = ({ source }: LoadedBrake): string | null =>
  source !== null && hasShrunk(source)
    ? `ERPNext lists ${source.rows} subscriptions, where it listed ${source.expected}: what it says of debts is doubtful.`
    : null;

/** Lines that the brake stops now join the tenant's hold that waits, or begin one. */
async function noteHeld(tx: Tx, tenantId: string, held: readonly Braked[], state: LoadedBrake, now: number) {
  const fresh = held.map(idOf).filter((id) => !state.standing.has(id));
  if (fresh.length === 0) return;
  const { active, cutLately, forecast, isFirstRun, limits, source } = state;
  const evidence = {
    limit: limitOf(state),
    active,
    cut_in_last_hour: cutLately,
    forecast,
    first_run: isFirstRun,
    ...(source !== null && hasShrunk(source) && { source_rows: source.rows, source_expected: source.expected }),
    ...limits,
  };
  const at = new Date(now);
  await sql`
    with open as (
      select id from holds where tenant_id = ${tenantId} and state = 'waiting' order by since desc, id limit 1),
    made as (
      insert into holds (tenant_id, since, evidence, note)
      select ${tenantId}, ${at}, ${JSON.stringify(evidence)}::jsonb, ${noteOf(state)} where not exists (select from open) returning id),
    mine as (select id from open union all select id from made)
    insert into held_lines (tenant_id, hold_id, subscription_id, since)
    select ${tenantId}, mine.id, i.id, ${at} from mine, unnest(${fresh}::uuid[]) as i (id)
    on conflict (tenant_id, hold_id, subscription_id) do update set state = 'held'`.execute(tx);
}

/** Decisions as they stand after braking; `noted`: what the brake keeps of it, which is still on its way to the bridge. */
type Weighed<P> = { readonly proposed: readonly P[]; readonly noted: Promise<unknown> };

/**
 * Has the safety brake weigh decisions about some lines, in the transaction that makes them, and answers them as they
 * stand afterwards (spec B8). Where nobody would be isolated it costs nothing; else the tenant's other workers wait.
 * `locked`: the brake's state was read under its lock already, about all of these lines.
 */
export async function brakeCuts<P extends Proposed>(
  tx: Tx,
  tenantId: string,
  proposed: readonly P[],
  limits: BrakeLimits,
  now: number,
  locked: FoundBrake | null,
): Promise<Weighed<P>> {
  const spared = spare(tx, tenantId, proposed);
  const isolated = proposed.filter(isolates);
  if (isolated.length === 0) return { proposed, noted: spared };
  const reading = locked ?? lockBrake(tx, tenantId, isolated.map(idOf), now);
  const [found] = await Promise.all([reading, locked === null && spared]);
  const state = { ...found, limits };
  const plan = brake(
    proposed.map(({ line, decision }) => ({ facts: line.facts, decision })),
    state,
  );
  const braked = proposed.map((one) => ({ ...one, braking: plan.get(idOf(one)) ?? 'free' }));
  const cut = braked.filter(
    ({ line, braking }) => isServed(line.facts.present) && (braking === 'goes' || braking === 'released'),
  );
  const noted = Promise.all([
    spared,
    noteCuts(tx, tenantId, cut, state, now),
    noteHeld(
      tx,
      tenantId,
      braked.filter(({ braking }) => braking === 'held'),
      state,
      now,
    ),
  ]);
  const after = proposed.map((one) => {
    const judged = { facts: one.line.facts, decision: one.decision };
    return { ...one, decision: afterBraking(judged, plan.get(idOf(one)) ?? 'free', state) };
  });
  return { proposed: after, noted };
}
