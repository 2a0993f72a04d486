import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { resellerOf, type Who } from '#platform/caller.ts';
import type { PromiseQuery } from './schema.ts';

/** Which promises there are for whoever looks: a tenant's, of a reseller its own customers' only (spec I3). */
export type Sight = { readonly tenantId: string; readonly resellerId: string | null };
export const sightOf = ({ tenantId, caller }: Who): Sight => ({
  tenantId,
  resellerId: resellerOf(caller),
});

/** Of one line: its own promises and those of its customer; of none: all. */
type Which = PromiseQuery & { readonly line?: { readonly id: string; readonly customer_id: string } };

function matching(tx: Tx, { tenantId, resellerId }: Sight, { state, customer_id, line }: Which) {
  let rows = tx
    .selectFrom('promises as p')
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 'p.tenant_id').onRef('c.id', '=', 'p.customer_id'),
    )
    .where('p.tenant_id', '=', tenantId);
  if (resellerId !== null) rows = rows.where('c.reseller_id', '=', resellerId);
  if (state !== undefined) rows = rows.where('p.state', '=', state);
  if (customer_id !== undefined) rows = rows.where('p.customer_id', '=', customer_id);
  if (line) {
    rows = rows
      .where('p.customer_id', '=', line.customer_id)
      .where((eb) => eb.or([eb('p.subscription_id', '=', line.id), eb('p.subscription_id', 'is', null)]));
  }
  return rows;
}

const columns = [
  'p.id',
  'p.customer_id',
  'c.customer_code',
  'c.name',
  'p.subscription_id',
  'p.until',
  'p.note',
  'p.state',
  'p.recorded_by',
  'p.recorded_at',
  'p.ended_at',
] as const;

const promiseRows = (tx: Tx, sight: Sight, which: Which) => matching(tx, sight, which).select(columns);
export type PromiseRow = Awaited<ReturnType<ReturnType<typeof promiseRows>['execute']>>[number];

/** The newest first. */
export async function listPromises(tx: Tx, sight: Sight, which: Which) {
  const { total } = await matching(tx, sight, which)
    .select((eb) => eb.fn.countAll<bigint>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await promiseRows(tx, sight, which)
    .orderBy('p.recorded_at', 'desc')
    .orderBy('p.id')
    .limit(which.page_size)
    .offset((which.page - 1) * which.page_size)
    .execute();
  return { rows, total: Number(total) };
}

const anyPage = { page: 1, page_size: 1 };
export const findPromise = (tx: Tx, sight: Sight, id: string): Promise<PromiseRow | undefined> =>
  promiseRows(tx, sight, anyPage).where('p.id', '=', id).executeTakeFirst();

/** A line, and how many promises its customer has running, and recorded since `since`. */
export async function findLine(tx: Tx, { tenantId, resellerId }: Sight, id: string) {
  return tx
    .selectFrom('subscriptions as s')
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 's.tenant_id').onRef('c.id', '=', 's.customer_id'),
    )
    .where('s.tenant_id', '=', tenantId)
    .where('s.id', '=', id)
    .$if(resellerId !== null, (query) => query.where('c.reseller_id', '=', resellerId))
    .select(['s.id', 's.customer_id', 's.terminated_at'])
    .executeTakeFirst();
}

/** Locks the customer, so that two clerks at once do not give more than one may have; counts what it has. */
export async function countUnderLock(tx: Tx, tenantId: string, customerId: string, today: string, since: Date) {
  await sql`select from customers where tenant_id = ${tenantId} and id = ${customerId} for no key update`.execute(tx);
  const { rows } = await sql<{ running: number; lately: number }>`
    select count(*) filter (where state = 'running' and until >= ${today})::int as running,
      count(*) filter (where recorded_at >= ${since})::int as lately
    from promises where tenant_id = ${tenantId} and customer_id = ${customerId}`.execute(tx);
  return rows[0] ?? { running: 0, lately: 0 };
}

export type PromiseValues = {
  readonly customer_id: string;
  readonly subscription_id: string | null;
  readonly until: string;
  readonly note: string;
  readonly recorded_by: string;
  readonly recorded_at: Date;
};
export const insertPromise = (tx: Tx, tenantId: string, values: PromiseValues) =>
  tx
    .insertInto('promises')
    .values({ tenant_id: tenantId, ...values })
    .returning('id')
    .executeTakeFirstOrThrow();

/** Ends a running promise; answers whether it ran. */
export async function withdraw(tx: Tx, tenantId: string, id: string, at: Date): Promise<boolean> {
  const row = await tx
    .updateTable('promises')
    .set({ state: 'withdrawn', ended_at: at })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('state', '=', 'running')
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** The lines that a promise is about. */
export async function linesOf(
  tx: Tx,
  tenantId: string,
  { customer_id, subscription_id }: Pick<PromiseRow, 'customer_id' | 'subscription_id'>,
): Promise<readonly string[]> {
  if (subscription_id !== null) return [subscription_id];
  const rows = await tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', tenantId)
    .where('customer_id', '=', customer_id)
    .where('terminated_at', 'is', null)
    .select('id')
    .execute();
  return rows.map(({ id }) => id);
}

export async function settingsOf(tx: Tx, tenantId: string): Promise<unknown> {
  const query = tx.selectFrom('tenants').where('id', '=', tenantId).select('settings');
  return (await query.executeTakeFirstOrThrow()).settings;
}

/** What one person promised, and its notes taken away. */
export const ofCustomer = (tx: Tx, tenantId: string, customerId: string) =>
  tx
    .selectFrom('promises')
    .where('tenant_id', '=', tenantId)
    .where('customer_id', '=', customerId)
    .select(['until', 'note', 'state', 'recorded_at', 'ended_at'])
    .orderBy('recorded_at')
    .execute();
export const forgetNotes = (tx: Tx, tenantId: string, customerId: string) =>
  tx
    .updateTable('promises')
    .set({ note: null })
    .where('tenant_id', '=', tenantId)
    .where('customer_id', '=', customerId)
    .execute();
