import { sql } from 'kysely';
import { markLines } from '#access/mark-dirty.ts';
import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { offerOf } from '#db/reseller-offer.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { type Move, mayMove, moves, standingOf } from './moves.ts';
import { sightOf } from './sight.ts';
import { findLine, type LineRow, lockLine, stateOf } from './store.ts';

/** The line, locked, if it stands where `move` begins. */
async function lineToMove(tx: Tx, who: Who, id: string, move: Move): Promise<LineRow> {
  demand(who.caller, 'subscriptions:write');
  const isThere = await lockLine(tx, who.tenantId, id);
  const line = isThere && (await findLine(tx, sightOf(who), id));
  if (!line) throw notFound('subscription');
  const state = standingOf({ ...line, decided: stateOf(line) });
  if (!mayMove(move, state)) {
    throw new Refusal('CONFLICT', `A subscription that is ${state} cannot ${move}.`, { state, from: moves[move].from });
  }
  return line;
}

async function nameOf(tx: Tx, { tenantId, caller }: Who): Promise<string> {
  if (caller.scopes) return 'an API key';
  const user = await tx
    .selectFrom('users')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', caller.userId)
    .select('name')
    .executeTakeFirst();
  return user?.name ?? 'somebody';
}

/** One line of the timeline: who did what, and why. */
export async function tellByHand(tx: Tx, who: Who, id: string, told: string, reason: string | null): Promise<void> {
  const name = await nameOf(tx, who);
  await tx
    .insertInto('timeline')
    .values({
      tenant_id: who.tenantId,
      subscription_id: id,
      kind: 'by_hand',
      text: `${told} by ${name}${reason === null ? '.' : `: ${reason}`}`,
      correlation_id: who.correlationId,
      data: JSON.stringify({ user_id: who.caller.userId, user: name, reason }),
    })
    .execute();
}

const change = (tx: Tx, { tenantId }: Who, id: string) =>
  tx.updateTable('subscriptions').where('tenant_id', '=', tenantId).where('id', '=', id);

const mark = ({ tenantId, correlationId }: Who, cause: string) => ({ tenantId, correlationId, cause });

/** The facts that each move sets. Service given by hand counts as installed and served (spec C9, R4). */
const factsOf = (line: LineRow, reason: string, at: Date) => ({
  activate: { installed_at: line.installed_at ?? at, activated_at: at, updated_at: at },
  suspend: { suspended_at: at, suspend_reason: reason, updated_at: at },
  resume: { suspended_at: null, suspend_reason: null, updated_at: at },
  terminate: { terminated_at: at, updated_at: at },
});

/** Moves a line by hand, and has it decided about anew; `now` in ms since 1970. */
export async function moveByHand(
  tx: Tx,
  who: Who,
  id: string,
  move: Exclude<Move, 'change-plan'>,
  reason: string,
  now: number,
): Promise<void> {
  const line = await lineToMove(tx, who, id, move);
  const facts = factsOf(line, reason, new Date(now))[move];
  await change(tx, who, id).set(facts).execute();
  const { installed_at, activated_at, suspended_at, suspend_reason, terminated_at } = line;
  const before = { installed_at, activated_at, suspended_at, suspend_reason, terminated_at };
  const { updated_at: _, ...changed } = facts;
  const after = { ...before, ...changed, reason };
  await record(tx, who, { action: 'update', entity: 'subscription', id, before, after });
  await tellByHand(tx, who, id, moves[move].told, reason);
  await markLines(tx, mark(who, `${move} by hand`), [id]);
}

/** Whether the ledger has a Subscription of this name: it was read there, or the hub itself made it. */
async function isInLedger(tx: Tx, tenantId: string, name: string): Promise<boolean> {
  const { rows } = await sql`
    select from ledger_documents
    where tenant_id = ${tenantId} and doctype = 'Subscription' and name = ${name} and not gone
    union all
    select from bridge_links
    where tenant_id = ${tenantId} and kind = 'erp_subscription' and value = ${name} and source = 'hub' limit 1`.execute(
    tx,
  );
  return rows.length > 0;
}

/** Whether the line is on its way to the ledger with the plan that it has now, or may have arrived with it. */
async function isOnItsWay(tx: Tx, tenantId: string, id: string): Promise<boolean> {
  const { rows } = await sql`
    select from outbox
    where tenant_id = ${tenantId} and kind = 'ledger.subscription' and key = ${id}
      and (state = 'running' or (state = 'ready' and attempts > 0)) limit 1`.execute(tx);
  return rows.length > 0;
}

/**
 * ERPNext says what its own subscriptions bill (spec L1): a plan set here would be set back at the next look. The line is
 * locked, and whoever brings it to the ledger reads it under that lock.
 */
async function refuseWhereLedgerRules(tx: Tx, { tenantId }: Who, line: LineRow): Promise<void> {
  const { id, erp_subscription: name } = line;
  if (name === null && (await isOnItsWay(tx, tenantId, id))) {
    throw new Refusal(
      'CONFLICT',
      'This line is just being brought to ERPNext: change its plan there when it has come.',
    );
  }
  if (name === null || !(await isInLedger(tx, tenantId, name))) return;
  const message = `ERPNext owns the plan of this subscription: change it on ${name} there.`;
  throw new Refusal('CONFLICT', message, { erp_subscription: name });
}

/** Whose bill an invoice is depends on the plans of all of a customer's lines (spec B3). */
async function markCustomersLines(tx: Tx, who: Who, customerId: string): Promise<void> {
  const lines = await tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', who.tenantId)
    .where('customer_id', '=', customerId)
    .select('id')
    .execute();
  const ids = lines.map((row) => row.id);
  await markLines(tx, mark(who, 'change-plan by hand'), ids);
}

/** Moves a line to another plan, at the price that it has today for this customer. */
export async function changePlanByHand(tx: Tx, who: Who, id: string, planId: string, reason: string): Promise<void> {
  const line = await lineToMove(tx, who, id, 'change-plan');
  await refuseWhereLedgerRules(tx, who, line);
  const plan = await tx
    .selectFrom('service_plans')
    .where('tenant_id', '=', who.tenantId)
    .where('id', '=', planId)
    .where('deleted_at', 'is', null)
    .select(['id', 'name', 'price'])
    .forShare()
    .executeTakeFirst();
  if (!plan) throw invalid('service_plan_id', 'There is no such service plan.');
  const { price } = await offerOf(tx, who.tenantId, line.reseller_id, plan);
  await change(tx, who, id).set({ service_plan_id: plan.id, monthly_fee: price, updated_at: new Date() }).execute();
  const before = { service_plan_id: line.plan_id, monthly_fee: Number(line.monthly_fee) };
  const after = { service_plan_id: plan.id, monthly_fee: Number(price), reason };
  await record(tx, who, { action: 'update', entity: 'subscription', id, before, after });
  await tellByHand(tx, who, id, `Moved from ${line.plan_name} to ${plan.name}`, reason);
  await markCustomersLines(tx, who, line.customer_id);
}
