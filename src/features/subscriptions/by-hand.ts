import { markLines } from '#access/mark-dirty.ts';
import type { Tx } from '#db/database.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { type Move, mayMove, moves, standingOf } from './moves.ts';
import { findLine, type LineRow, lockLine, stateOf } from './store.ts';

/** Who does something by hand, and the request that all that follows from it is told under. */
export type Hand = { readonly tenantId: string; readonly userId: string; readonly correlationId: string };

/** The line, locked, if it stands where `move` begins. */
async function lineToMove(tx: Tx, hand: Hand, id: string, move: Move): Promise<LineRow> {
  const isThere = await lockLine(tx, hand.tenantId, id);
  const line = isThere && (await findLine(tx, hand.tenantId, id));
  if (!line) throw notFound('subscription');
  const state = standingOf({ ...line, decided: stateOf(line) });
  if (!mayMove(move, state)) {
    throw new Refusal('CONFLICT', `A subscription that is ${state} cannot ${move}.`, { state, from: moves[move].from });
  }
  return line;
}

async function nameOf(tx: Tx, { tenantId, userId }: Hand): Promise<string> {
  const user = await tx
    .selectFrom('users')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', userId)
    .select('name')
    .executeTakeFirst();
  return user?.name ?? 'somebody';
}

/** One line of the timeline: who did what, and why. */
export async function tellByHand(tx: Tx, hand: Hand, id: string, told: string, reason: string | null): Promise<void> {
  const who = await nameOf(tx, hand);
  await tx
    .insertInto('timeline')
    .values({
      tenant_id: hand.tenantId,
      subscription_id: id,
      kind: 'by_hand',
      text: `${told} by ${who}${reason === null ? '.' : `: ${reason}`}`,
      correlation_id: hand.correlationId,
      data: JSON.stringify({ user_id: hand.userId, user: who, reason }),
    })
    .execute();
}

const change = (tx: Tx, { tenantId }: Hand, id: string) =>
  tx.updateTable('subscriptions').where('tenant_id', '=', tenantId).where('id', '=', id);

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
  hand: Hand,
  id: string,
  move: Exclude<Move, 'change-plan'>,
  reason: string,
  now: number,
): Promise<void> {
  const line = await lineToMove(tx, hand, id, move);
  await change(tx, hand, id)
    .set(factsOf(line, reason, new Date(now))[move])
    .execute();
  await tellByHand(tx, hand, id, moves[move].told, reason);
  await markLines(tx, { ...hand, cause: `${move} by hand` }, [id]);
}

/** ERPNext says what its own subscriptions bill (spec L1): a plan set here would be set back at the next look. */
async function refuseWhereLedgerRules(tx: Tx, { tenantId }: Hand, line: LineRow): Promise<void> {
  if (line.erp_subscription === null) return;
  const known = await tx
    .selectFrom('ledger_documents')
    .where('tenant_id', '=', tenantId)
    .where('doctype', '=', 'Subscription')
    .where('name', '=', line.erp_subscription)
    .where('gone', '=', false)
    .select('name')
    .executeTakeFirst();
  if (known) {
    const message = `ERPNext owns the plan of this subscription: change it on ${line.erp_subscription} there.`;
    throw new Refusal('CONFLICT', message, { erp_subscription: line.erp_subscription });
  }
}

/** Moves a line to another plan at that plan's price of today. */
export async function changePlanByHand(tx: Tx, hand: Hand, id: string, planId: string, reason: string): Promise<void> {
  const line = await lineToMove(tx, hand, id, 'change-plan');
  await refuseWhereLedgerRules(tx, hand, line);
  const plan = await tx
    .selectFrom('service_plans')
    .where('tenant_id', '=', hand.tenantId)
    .where('id', '=', planId)
    .where('deleted_at', 'is', null)
    .select(['id', 'name', 'price'])
    .forShare()
    .executeTakeFirst();
  if (!plan) throw invalid('service_plan_id', 'There is no such service plan.');
  await change(tx, hand, id)
    .set({ service_plan_id: plan.id, monthly_fee: plan.price, updated_at: new Date() })
    .execute();
  await tellByHand(tx, hand, id, `Moved from ${line.plan_name} to ${plan.name}`, reason);
  // Whose bill an invoice is depends on the plans of all of a customer's lines (spec B3).
  const lines = await tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', hand.tenantId)
    .where('customer_id', '=', line.customer_id)
    .select('id')
    .execute();
  await markLines(
    tx,
    { ...hand, cause: 'change-plan by hand' },
    lines.map((row) => row.id),
  );
}
