import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { mapPage } from '#db/page.ts';
import { settingsOf } from '#db/settings-of.ts';
import { localDate } from '#domain/local-time.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import type { NewRule, Rule, RuleChange, RuleQuery } from './schema.ts';
import * as store from './store.ts';

const view = (row: store.RuleRow): Rule => ({
  id: row.id,
  reseller_id: row.reseller_id,
  service_plan_id: row.service_plan_id,
  occasion: row.occasion,
  kind: row.kind,
  value: Number(row.value),
  tiers: store.readTiers(row.tiers).map(({ from, value }) => ({ from, value: Number(value) })),
  valid_from: row.valid_from,
  valid_to: row.valid_to,
  notes: row.notes,
  created_at: row.created_at.toISOString(),
});

const audited = ({ id: _, created_at: __, ...rest }: Rule): Record<string, unknown> => rest;

const todayOf = async (tx: Tx, tenantId: string, now: number): Promise<string> =>
  localDate(now, (await settingsOf(tx, tenantId)).time_zone);

function checkEnd(validTo: string | null, earliest: string): void {
  if (validTo !== null && validTo < earliest) throw invalid('valid_to', `must not be before ${earliest}`);
}

/**
 * Adds a rule. It begins today at the earliest, for money that came in before has earned by other ones; `now` in ms since
 * 1970.
 */
export async function addRule(tx: Tx, who: Who, form: NewRule, now: number): Promise<Rule> {
  demand(who.caller, 'commissions:write');
  const { tenantId, caller } = who;
  const today = await todayOf(tx, tenantId, now);
  const { valid_from: from = today, tiers, value, ...rest } = form;
  if (from < today) throw invalid('valid_from', `must not be before today, ${today}`);
  checkEnd(form.valid_to, from);
  for (const [field, table] of [
    ['reseller_id', 'resellers'],
    ['service_plan_id', 'service_plans'],
  ] as const) {
    const id = form[field];
    if (id !== null && !(await store.exists(tx, table, tenantId, id))) throw invalid(field, 'is not there');
  }
  const row = await store.insertRule(tx, {
    ...rest,
    tenant_id: tenantId,
    value: BigInt(value),
    tiers: JSON.stringify(tiers.map((tier) => ({ from: tier.from, value: String(tier.value) }))),
    valid_from: from,
    created_by: caller.userId,
  });
  if (!row) {
    const told = 'A rule for the same reseller, plan and occasion begins on that day: end or delete that one first.';
    throw new Refusal('DUPLICATE_ENTRY', told, { field: 'valid_from' });
  }
  const made = view(row);
  await record(tx, who, { action: 'create', entity: 'commission_rule', id: made.id, after: audited(made) });
  return made;
}

export async function listRules(tx: Tx, who: Who, query: RuleQuery) {
  demand(who.caller, 'commissions:read');
  return mapPage(await store.listRules(tx, who.tenantId, query), view);
}

async function found(tx: Tx, { tenantId }: Who, id: string): Promise<Rule> {
  const row = await store.findRule(tx, tenantId, id);
  if (!row) throw notFound('commission rule');
  return view(row);
}

export async function getRule(tx: Tx, who: Who, id: string): Promise<Rule> {
  demand(who.caller, 'commissions:read');
  return found(tx, who, id);
}

/** Ends a rule, today at the earliest, or lets it go on. Its terms never change: what was earned by it stays explained. */
export async function changeRule(tx: Tx, who: Who, id: string, change: RuleChange, now: number): Promise<Rule> {
  demand(who.caller, 'commissions:write');
  const { tenantId } = who;
  const before = await found(tx, who, id);
  const today = await todayOf(tx, tenantId, now);
  if (change.valid_to !== undefined) checkEnd(change.valid_to, [today, before.valid_from].sort().at(-1) ?? today);
  if (Object.keys(change).length === 0) return before;
  const { valid_to, notes } = change;
  const set = { ...(valid_to === undefined ? {} : { valid_to }), ...(notes === undefined ? {} : { notes }) };
  const after = view(await store.updateRule(tx, tenantId, id, set));
  const states = { before: audited(before), after: audited(after) };
  await record(tx, who, { action: 'update', entity: 'commission_rule', id, ...states });
  return after;
}

/** Deletes a rule that nothing was earned by. */
export async function removeRule(tx: Tx, who: Who, id: string): Promise<void> {
  demand(who.caller, 'commissions:write');
  const before = await found(tx, who, id);
  if (!(await store.deleteRule(tx, who.tenantId, id))) {
    throw new Refusal('CONFLICT', 'Commission was earned by this rule: end it with `valid_to` instead.');
  }
  await record(tx, who, { action: 'delete', entity: 'commission_rule', id, before: audited(before) });
}
