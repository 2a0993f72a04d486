import { type Expression, type Insertable, type SqlBool, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { likePattern } from '#db/like-pattern.ts';
import { readPage } from '#db/page.ts';
import type { VoucherBatchesTable } from '#db/tables/vouchers.ts';
import type { AccessState } from '#domain/access.ts';
import type { VoucherBatchQuery, VoucherQuery } from './schema.ts';

const counted = (state: string) => sql<number>`(select count(*)::int from vouchers v
  where v.tenant_id = b.tenant_id and v.batch_id = b.id and v.state = ${sql.lit(state)})`;

const batchRows = (tx: Tx, tenantId: string) =>
  tx
    .selectFrom('voucher_batches as b')
    .leftJoin('service_plans as p', (join) =>
      join.onRef('p.tenant_id', '=', 'b.tenant_id').onRef('p.id', '=', 'b.service_plan_id'),
    )
    .where('b.tenant_id', '=', tenantId)
    .select([
      'b.id',
      'b.service_plan_id',
      'p.name as plan_name',
      'b.days',
      'b.price',
      'b.count',
      'b.prefix',
      'b.expires_on',
      'b.note',
      'b.created_by',
      'b.created_at',
      'b.reseller_price',
      'b.handed_out_at',
      sql<number>`(select count(*)::int from vouchers v where v.tenant_id = b.tenant_id and v.batch_id = b.id
        and v.state = 'unused' and v.sale_id is not null)`.as('sold'),
      counted('unused').as('unused'),
      counted('redeemed').as('redeemed'),
      counted('void').as('void'),
    ]);
export type BatchRow = NonNullable<Awaited<ReturnType<typeof findBatch>>>;

export const findBatch = (tx: Tx, tenantId: string, id: string) =>
  batchRows(tx, tenantId).where('b.id', '=', id).executeTakeFirst();

/** The newest first. */
export function listBatches(tx: Tx, tenantId: string, query: VoucherBatchQuery) {
  const { service_plan_id, search } = query;
  let rows = batchRows(tx, tenantId);
  if (service_plan_id !== undefined) rows = rows.where('b.service_plan_id', '=', service_plan_id);
  if (search) {
    const term = likePattern(search);
    rows = rows.where((eb) => eb.or([eb('b.note', 'ilike', term), eb('b.prefix', 'ilike', term)]));
  }
  return readPage(rows.orderBy('b.created_at', 'desc').orderBy('b.id'), query);
}

export const insertBatch = (tx: Tx, values: Insertable<VoucherBatchesTable>) =>
  tx.insertInto('voucher_batches').values(values).returning('id').executeTakeFirstOrThrow();

/** Null withdraws it. False: its codes are on paper already, and are offered to nobody. */
export async function offer(tx: Tx, tenantId: string, id: string, price: bigint | null): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('voucher_batches')
    .set({ reseller_price: price })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .$if(price !== null, (query) => query.where('handed_out_at', 'is', null))
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Notes that somebody of the ISP sees its codes from now on. False: resellers are offered them. */
export async function noteHandOut(tx: Tx, tenantId: string, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('voucher_batches')
    .set({ handed_out_at: sql<Date>`coalesce(handed_out_at, now())` })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('reseller_price', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

export type NewVoucher = { readonly id: string; readonly no: number; readonly hash: Buffer; readonly sealed: string };

/** In one statement, however many. */
export const insertVouchers = (tx: Tx, tenantId: string, batchId: string, vouchers: readonly NewVoucher[]) =>
  sql`
    insert into vouchers (tenant_id, batch_id, id, no, code_hash, code_sealed)
    select ${tenantId}, ${batchId}, * from unnest(${vouchers.map((one) => one.id)}::uuid[],
      ${vouchers.map((one) => one.no)}::int[], ${vouchers.map((one) => one.hash)}::bytea[],
      ${vouchers.map((one) => one.sealed)}::text[])`.execute(tx);

export const planExists = async (tx: Tx, tenantId: string, id: string): Promise<boolean> =>
  (await tx
    .selectFrom('service_plans')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .select('id')
    .executeTakeFirst()) !== undefined;

const voucherRows = (tx: Tx, tenantId: string) =>
  tx
    .selectFrom('vouchers as v')
    .innerJoin('voucher_batches as b', (join) =>
      join.onRef('b.tenant_id', '=', 'v.tenant_id').onRef('b.id', '=', 'v.batch_id'),
    )
    .leftJoin('subscriptions as s', (join) =>
      join.onRef('s.tenant_id', '=', 'v.tenant_id').onRef('s.id', '=', 'v.subscription_id'),
    )
    .leftJoin('voucher_sales as l', (join) =>
      join.onRef('l.tenant_id', '=', 'v.tenant_id').onRef('l.id', '=', 'v.sale_id'),
    )
    .leftJoin('resellers as r', (join) =>
      join.onRef('r.tenant_id', '=', 'v.tenant_id').onRef('r.id', '=', 'v.reseller_id'),
    )
    .where('v.tenant_id', '=', tenantId)
    .select([
      'v.id',
      'v.batch_id',
      'v.no',
      'v.state',
      'b.days',
      'b.price',
      'b.expires_on',
      'v.subscription_id',
      's.username',
      'v.redeemed_at',
      'v.redeemed_by',
      'v.valid_until',
      'v.voided_at',
      'v.sale_id',
      'v.reseller_id',
      'r.name as reseller_name',
      'l.sold_at',
    ]);
export type VoucherRow = Awaited<ReturnType<typeof listVouchers>>['data'][number];

/** Batch by batch, the newest first; within one by number. */
export function listVouchers(tx: Tx, tenantId: string, query: VoucherQuery) {
  const { state, batch_id, subscription_id, reseller_id, sale_id } = query;
  let rows = voucherRows(tx, tenantId);
  if (state !== undefined) rows = rows.where('v.state', '=', state);
  if (batch_id !== undefined) rows = rows.where('v.batch_id', '=', batch_id);
  if (subscription_id !== undefined) rows = rows.where('v.subscription_id', '=', subscription_id);
  if (reseller_id !== undefined) rows = rows.where('v.reseller_id', '=', reseller_id);
  if (sale_id !== undefined) rows = rows.where('v.sale_id', '=', sale_id);
  return readPage(rows.orderBy('b.created_at', 'desc').orderBy('b.id').orderBy('v.no'), query);
}

/** What the unused ones of a batch that are the ISP's own are sealed as, in the order of their numbers. */
export const sealedCodes = (tx: Tx, tenantId: string, batchId: string) =>
  tx
    .selectFrom('vouchers')
    .where('tenant_id', '=', tenantId)
    .where('batch_id', '=', batchId)
    .where('state', '=', 'unused')
    .where('sale_id', 'is', null)
    .select(['id', 'no', 'code_sealed'])
    .orderBy('no')
    .execute();

/** Voids what nobody has redeemed and no reseller has bought; answers how many those were. */
export async function voidUnused(tx: Tx, tenantId: string, batchId: string, at: Date): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('vouchers')
    .set({ state: 'void', voided_at: at, code_sealed: null })
    .where('tenant_id', '=', tenantId)
    .where('batch_id', '=', batchId)
    .where('state', '=', 'unused')
    .where('sale_id', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

export type LineToRenew = { readonly id: string } | { readonly username: string };

/** The line, locked: vouchers that are redeemed for it at once are added up one after the other. */
export const lockLine = (tx: Tx, tenantId: string, which: LineToRenew, resellerId: string | null) =>
  tx
    .selectFrom('subscriptions as s')
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 's.tenant_id').onRef('c.id', '=', 's.customer_id'),
    )
    .where('s.tenant_id', '=', tenantId)
    .$if('id' in which, (query) => query.where('s.id', '=', 'id' in which ? which.id : ''))
    .$if('username' in which, (query) =>
      query.where('s.canonical_username', '=', 'username' in which ? which.username : ''),
    )
    .$if(resellerId !== null, (query) => query.where('c.reseller_id', '=', resellerId))
    .select([
      's.id',
      's.customer_id',
      's.username',
      's.service_plan_id',
      's.billing_mode',
      's.valid_until',
      's.activated_at',
      's.terminated_at',
    ])
    .forNoKeyUpdate('s')
    .executeTakeFirst();
export type LockedLine = NonNullable<Awaited<ReturnType<typeof lockLine>>>;

const found = (tenantId: string, hash: Buffer, prefix: string): Expression<SqlBool> =>
  sql<SqlBool>`v.tenant_id = ${tenantId} and v.code_hash = ${hash} and b.tenant_id = v.tenant_id and b.id = v.batch_id
    and (${prefix} = '' or b.prefix = ${prefix})`;

export type Taking = {
  readonly hash: Buffer;
  readonly prefix: string;
  readonly line: LockedLine;
  /** Today, by the tenant's calendar. */
  readonly today: string;
  readonly at: Date;
  /** Null: the subscriber itself. */
  readonly by: string | null;
};
export type Taken = {
  readonly id: string;
  readonly no: number;
  readonly batch_id: string;
  readonly days: number;
  readonly price: bigint;
  /** Who sold it, and for how much it was bought; null: the ISP itself. */
  readonly reseller_id: string | null;
  readonly bought_for: bigint | null;
};

/**
 * Takes a voucher that is good for this line; null: there is none such, or somebody else was first. The one statement is
 * what makes a code good once: who comes second finds no row that is unused.
 */
export async function takeVoucher(
  tx: Tx,
  tenantId: string,
  { hash, prefix, line, today, at, by }: Taking,
): Promise<Taken | null> {
  const { rows } = await sql<Taken>`
    update vouchers v set state = 'redeemed', code_sealed = null, redeemed_at = ${at}, redeemed_by = ${by},
      subscription_id = ${line.id}, valid_until = ${at}
    from voucher_batches b
    where ${found(tenantId, hash, prefix)} and v.state = 'unused' and (b.expires_on is null or b.expires_on >= ${today})
      and (b.service_plan_id is null or b.service_plan_id = ${line.service_plan_id})
    returning v.id, v.no, v.batch_id, b.days, b.price, v.reseller_id, (select l.unit_price from voucher_sales l
      where l.tenant_id = v.tenant_id and l.id = v.sale_id) as bought_for`.execute(tx);
  return rows[0] ?? null;
}

/** What became of a voucher that could not be taken; undefined: this tenant has none of that code. */
export async function findByCode(tx: Tx, tenantId: string, hash: Buffer, prefix: string) {
  const { rows } = await sql<{
    state: string;
    expires_on: string | null;
    plan_name: string | null;
    redeemed_at: Date | null;
    username: string | null;
  }>`
    select v.state, b.expires_on, p.name as plan_name, v.redeemed_at, s.username
    from vouchers v join voucher_batches b on b.tenant_id = v.tenant_id and b.id = v.batch_id
    left join service_plans p on p.tenant_id = b.tenant_id and p.id = b.service_plan_id
    left join subscriptions s on s.tenant_id = v.tenant_id and s.id = v.subscription_id
    where ${found(tenantId, hash, prefix)}`.execute(tx);
  return rows[0];
}

/** Notes until when the line is served now, on both. */
export async function renewLine(tx: Tx, tenantId: string, voucherId: string, lineId: string, until: Date) {
  await tx
    .updateTable('vouchers')
    .set({ valid_until: until })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', voucherId)
    .execute();
  await tx
    .updateTable('subscriptions')
    .set({ valid_until: until, updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', lineId)
    .execute();
}

/** By which posting the books have what it was sold for. */
export const noteSale = (tx: Tx, tenantId: string, voucherId: string, postingId: string) =>
  tx
    .updateTable('vouchers')
    .set({ posting_id: postingId })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', voucherId)
    .execute();

/** How a line stands, and what its decision says that it owes; a state of null: nothing was decided yet. */
export async function standingOf(tx: Tx, tenantId: string, lineId: string) {
  const { rows } = await sql<{ state: AccessState; debt: string | null }>`
    select state, reason ->> 'amount' as debt from access
    where tenant_id = ${tenantId} and subscription_id = ${lineId}`.execute(tx);
  return { state: rows[0]?.state ?? null, debt: Number(rows[0]?.debt ?? 0) };
}

export async function tenantOf(tx: Tx, tenantId: string) {
  return tx.selectFrom('tenants').where('id', '=', tenantId).select(['name', 'settings']).executeTakeFirstOrThrow();
}

/** What was redeemed for a customer's lines, for that customer (SEC-28). */
export const ofCustomer = (tx: Tx, tenantId: string, customerId: string) =>
  voucherRows(tx, tenantId).where('s.customer_id', '=', customerId).orderBy('v.redeemed_at').orderBy('v.id').execute();
