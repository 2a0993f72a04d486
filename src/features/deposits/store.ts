import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { depositMovesOf } from '#db/deposit-moves.ts';
import { addDays, instantAt } from '#domain/local-time.ts';
import { notFound } from '#platform/refusal.ts';
import type { MoveRange, TopUpQuery } from './schema.ts';

/** Refuses for a reseller that this caller does not see. */
export async function findReseller(tx: Tx, tenantId: string, id: string) {
  const row = await tx
    .selectFrom('resellers')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .select(['id', 'name', 'email', 'phone'])
    .executeTakeFirst();
  if (!row) throw notFound('reseller');
  return row;
}

const nothing = { balance: 0n, low_mark: null, daily_limit: null, spent: 0n, spent_on: null };

/** A reseller whose deposit never moved has nothing in it. */
export async function depositOf(tx: Tx, tenantId: string, resellerId: string) {
  const row = await tx
    .selectFrom('deposits')
    .where('tenant_id', '=', tenantId)
    .where('reseller_id', '=', resellerId)
    .select(['balance', 'low_mark', 'daily_limit', 'spent', 'spent_on'])
    .executeTakeFirst();
  return row ?? nothing;
}

/** A deposit's moves within a range of days of the tenant's calendar, the newest first. */
export function movesOf(tx: Tx, tenantId: string, resellerId: string, { from, to, kind }: MoveRange, zone: string) {
  let rows = depositMovesOf(tx, tenantId, resellerId).select([
    'm.id',
    'm.no',
    'm.kind',
    'm.amount',
    'm.balance',
    'm.source_id',
    'm.reverses',
    'm.moved_at',
  ]);
  if (from !== undefined) rows = rows.where('m.moved_at', '>=', new Date(instantAt(from, 0, 0, zone)));
  if (to !== undefined) rows = rows.where('m.moved_at', '<', new Date(instantAt(addDays(to, 1), 0, 0, zone)));
  if (kind !== undefined) rows = rows.where('m.kind', '=', kind);
  return rows.orderBy('m.no', 'desc');
}

const topUps = (tx: Tx, tenantId: string) =>
  tx
    .selectFrom('deposit_top_ups as t')
    .innerJoin('resellers as r', (join) =>
      join.onRef('r.tenant_id', '=', 't.tenant_id').onRef('r.id', '=', 't.reseller_id'),
    )
    .leftJoin('charges as c', (join) => join.onRef('c.tenant_id', '=', 't.tenant_id').onRef('c.top_up_id', '=', 't.id'))
    .where('t.tenant_id', '=', tenantId)
    .selectAll('t')
    .select('r.name as reseller_name')
    .select([
      'c.id as charge_id',
      'c.gateway',
      'c.state as charge_state',
      'c.qr_string',
      'c.virtual_account',
      'c.bank',
      'c.url',
      'c.expires_at as charge_expires_at',
    ]);

export type TopUpRow = Awaited<ReturnType<ReturnType<typeof topUps>['executeTakeFirstOrThrow']>>;

export const findTopUp = (tx: Tx, tenantId: string, id: string) =>
  topUps(tx, tenantId).where('t.id', '=', id).executeTakeFirst();

export const findTopUpByKey = (tx: Tx, tenantId: string, idemKey: string) =>
  topUps(tx, tenantId).where('t.idem_key', '=', idemKey).executeTakeFirst();

/** Whoever decides about a request does so alone. */
export async function lockTopUp(tx: Tx, tenantId: string, id: string): Promise<TopUpRow> {
  await sql`select from deposit_top_ups where tenant_id = ${tenantId} and id = ${id} for no key update`.execute(tx);
  const row = await findTopUp(tx, tenantId, id);
  if (!row) throw notFound('top-up');
  return row;
}

/** Requests that fit the query, the newest first. */
export function topUpRows(tx: Tx, tenantId: string, { state, kind, reseller_id }: TopUpQuery, now: Date) {
  let rows = topUps(tx, tenantId);
  if (kind !== undefined) rows = rows.where('t.kind', '=', kind);
  if (reseller_id !== undefined) rows = rows.where('t.reseller_id', '=', reseller_id);
  if (state === 'requested' || state === 'approved_once') {
    rows = rows.where('t.state', '=', state).where('t.expires_at', '>', now);
  } else if (state === 'expired') {
    rows = rows.where('t.state', 'in', ['requested', 'approved_once']).where('t.expires_at', '<=', now);
  } else if (state !== undefined) rows = rows.where('t.state', '=', state);
  return rows.orderBy('t.requested_at', 'desc').orderBy('t.id', 'desc');
}
