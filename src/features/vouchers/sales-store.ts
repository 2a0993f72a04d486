import { type Insertable, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { readPage } from '#db/page.ts';
import type { VoucherSalesTable } from '#db/tables/vouchers.ts';
import type { SoldVoucherQuery, VoucherSaleQuery } from './sales-schema.ts';

/** Whose offers these are, and when: `today` by the tenant's calendar. */
export type Buyer = { readonly tenantId: string; readonly resellerId: string; readonly today: string };

/** Batches that a reseller may buy of: offered, not over, and of a plan that it may sell. */
const offered = (tx: Tx, { tenantId, resellerId, today }: Buyer) =>
  tx
    .selectFrom('voucher_batches as b')
    .where('b.tenant_id', '=', tenantId)
    .where('b.reseller_price', 'is not', null)
    .where((eb) => eb.or([eb('b.expires_on', 'is', null), eb('b.expires_on', '>=', today)]))
    .where(
      sql<boolean>`(b.service_plan_id is null
        or b.service_plan_id in (select s.service_plan_id from reseller_plans s
          where s.tenant_id = b.tenant_id and s.reseller_id = ${resellerId})
        or not exists (select from reseller_plans s where s.tenant_id = b.tenant_id and s.reseller_id = ${resellerId}))`,
    );

const unsold = sql`from vouchers v where v.tenant_id = b.tenant_id and v.batch_id = b.id and v.state = 'unused'
  and v.sale_id is null`;

/** What there is to buy, the shortest first. */
export const listOffers = (tx: Tx, buyer: Buyer) =>
  offered(tx, buyer)
    .leftJoin('service_plans as p', (join) =>
      join.onRef('p.tenant_id', '=', 'b.tenant_id').onRef('p.id', '=', 'b.service_plan_id'),
    )
    .where(sql<boolean>`exists (select ${unsold})`)
    .select([
      'b.id',
      'b.days',
      'b.price',
      'b.expires_on',
      'b.service_plan_id',
      'p.name as plan_name',
      sql<bigint>`b.reseller_price`.as('reseller_price'),
      sql<number>`(select count(*)::int ${unsold})`.as('left'),
    ])
    .orderBy('b.days')
    .orderBy('b.price')
    .orderBy('b.id')
    .limit(1_000)
    .execute();

/**
 * The offer, locked: whoever buys of the same batch comes after, so that nobody is refused vouchers that another one gives
 * up, and neither its price nor who may print its codes changes meanwhile.
 */
export const lockOffer = (tx: Tx, buyer: Buyer, batchId: string) =>
  offered(tx, buyer)
    .where('b.id', '=', batchId)
    .select(['b.days', sql<bigint>`b.reseller_price`.as('reseller_price')])
    .forNoKeyUpdate('b')
    .executeTakeFirst();

/** Undefined: there is one of this key. */
export const insertSale = (tx: Tx, sale: Insertable<VoucherSalesTable>) =>
  tx
    .insertInto('voucher_sales')
    .values(sale)
    .onConflict((conflict) => conflict.columns(['tenant_id', 'idem_key']).doNothing())
    .returning('id')
    .executeTakeFirst();

export const findByKey = (tx: Tx, tenantId: string, idemKey: string) =>
  tx
    .selectFrom('voucher_sales')
    .where('tenant_id', '=', tenantId)
    .where('idem_key', '=', idemKey)
    .select(['id', 'batch_id', 'count'])
    .executeTakeFirst();

type Bought = { readonly saleId: string; readonly batchId: string; readonly count: number };

/** Gives the sale so many of the batch's first; answers how many there were. A voucher that is somebody's is passed by. */
export async function takeUnsold(tx: Tx, { tenantId, resellerId }: Buyer, { saleId, batchId, count }: Bought) {
  // Materialized: as a subquery it may be run again for each row, and takes others each time.
  const { numAffectedRows } = await sql`
    with first as materialized (select id from vouchers where tenant_id = ${tenantId} and batch_id = ${batchId}
      and state = 'unused' and sale_id is null order by no limit ${count} for update skip locked)
    update vouchers v set sale_id = ${saleId}, reseller_id = ${resellerId} from first
    where v.tenant_id = ${tenantId} and v.id = first.id`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

const ofState = (state: string) => sql<number>`(select count(*)::int from vouchers v
  where v.tenant_id = l.tenant_id and v.sale_id = l.id and v.state = ${sql.lit(state)})`;

const saleRows = (tx: Tx, tenantId: string) =>
  tx
    .selectFrom('voucher_sales as l')
    .innerJoin('resellers as r', (join) =>
      join.onRef('r.tenant_id', '=', 'l.tenant_id').onRef('r.id', '=', 'l.reseller_id'),
    )
    .innerJoin('voucher_batches as b', (join) =>
      join.onRef('b.tenant_id', '=', 'l.tenant_id').onRef('b.id', '=', 'l.batch_id'),
    )
    .leftJoin('service_plans as p', (join) =>
      join.onRef('p.tenant_id', '=', 'b.tenant_id').onRef('p.id', '=', 'b.service_plan_id'),
    )
    .where('l.tenant_id', '=', tenantId)
    .select([
      'l.id',
      'l.reseller_id',
      'r.name as reseller_name',
      'l.batch_id',
      'b.days',
      'b.price',
      'b.prefix',
      'b.expires_on',
      'b.service_plan_id',
      'p.name as plan_name',
      'l.count',
      'l.unit_price',
      'l.sold_at',
      ofState('unused').as('unused'),
      ofState('redeemed').as('redeemed'),
      ofState('void').as('taken_back'),
    ]);
export type SaleRow = NonNullable<Awaited<ReturnType<typeof findSale>>>;

/** Of this reseller; null: of any. */
export const findSale = (tx: Tx, tenantId: string, id: string, resellerId: string | null) =>
  saleRows(tx, tenantId)
    .where('l.id', '=', id)
    .$if(resellerId !== null, (query) => query.where('l.reseller_id', '=', resellerId ?? ''))
    .executeTakeFirst();

/** The newest first. */
export function listSales(tx: Tx, tenantId: string, query: VoucherSaleQuery) {
  const { reseller_id, batch_id } = query;
  let rows = saleRows(tx, tenantId);
  if (reseller_id !== undefined) rows = rows.where('l.reseller_id', '=', reseller_id);
  if (batch_id !== undefined) rows = rows.where('l.batch_id', '=', batch_id);
  return readPage(rows.orderBy('l.sold_at', 'desc').orderBy('l.id'), query);
}

export const soldCodes = (tx: Tx, tenantId: string, saleId: string) =>
  tx
    .selectFrom('vouchers')
    .where('tenant_id', '=', tenantId)
    .where('sale_id', '=', saleId)
    .select(['id', 'no', 'state', 'code_sealed'])
    .orderBy('no')
    .execute();
export type SoldCode = Awaited<ReturnType<typeof soldCodes>>[number];

export type SoldRow = Awaited<ReturnType<typeof listSold>>['data'][number];

/** A reseller's vouchers: the latest sale first, within one by number. */
export function listSold(tx: Tx, tenantId: string, resellerId: string, query: SoldVoucherQuery) {
  const { state, sale_id } = query;
  let rows = tx
    .selectFrom('vouchers as v')
    .innerJoin('voucher_sales as l', (join) =>
      join.onRef('l.tenant_id', '=', 'v.tenant_id').onRef('l.id', '=', 'v.sale_id'),
    )
    .innerJoin('voucher_batches as b', (join) =>
      join.onRef('b.tenant_id', '=', 'v.tenant_id').onRef('b.id', '=', 'v.batch_id'),
    )
    .where('l.tenant_id', '=', tenantId)
    .where('l.reseller_id', '=', resellerId)
    .select([
      'v.id',
      'l.id as sale_id',
      'v.no',
      'v.state',
      'b.days',
      'b.price',
      'b.expires_on',
      'l.sold_at',
      'v.redeemed_at',
      'v.voided_at as taken_back_at',
    ]);
  if (state !== undefined) rows = rows.where('v.state', '=', state);
  if (sale_id !== undefined) rows = rows.where('v.sale_id', '=', sale_id);
  return readPage(rows.orderBy('l.sold_at', 'desc').orderBy('l.id').orderBy('v.no'), query);
}

/** Makes what is unused of a sale worth nothing; answers how many those were. */
export async function voidOfSale(tx: Tx, tenantId: string, saleId: string, at: Date): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('vouchers')
    .set({ state: 'void', voided_at: at, code_sealed: null })
    .where('tenant_id', '=', tenantId)
    .where('sale_id', '=', saleId)
    .where('state', '=', 'unused')
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}
