import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/** What was done at a customer's, for the customer itself (SEC-28): without whoever came. */
export const ordersOf = (tx: Tx, tenantId: string, customerId: string) =>
  tx
    .selectFrom('work_orders as o')
    .where('o.tenant_id', '=', tenantId)
    .where('o.customer_id', '=', customerId)
    .select(['o.number', 'o.kind', 'o.state', 'o.notes', 'o.reason', 'o.issued_at', 'o.scheduled_at', 'o.installed_at'])
    .select(
      sql<unknown>`(select coalesce(jsonb_agg(jsonb_build_object('at', e.at, 'state', e.to_state, 'note', e.note,
          'latitude', e.latitude, 'longitude', e.longitude) order by e.no), '[]')
        from work_order_events e where e.tenant_id = o.tenant_id and e.order_id = o.id)`.as('steps'),
    )
    .select(
      sql<unknown>`(select coalesce(jsonb_agg(jsonb_build_object('taken_at', p.taken_at, 'latitude', p.latitude,
          'longitude', p.longitude)), '[]')
        from work_order_photos p where p.tenant_id = o.tenant_id and p.order_id = o.id)`.as('photos'),
    )
    .orderBy('o.issued_at')
    .orderBy('o.id')
    .execute();

/**
 * Takes words, places and photos of a customer's house away; that work was done there stays. Answers the names of the
 * photos' files, which are removed after the commit.
 */
export async function forgetOrdersOf(tx: Tx, tenantId: string, customerId: string): Promise<readonly string[]> {
  const ofCustomer = sql`tenant_id = ${tenantId} and order_id in
    (select id from work_orders where tenant_id = ${tenantId} and customer_id = ${customerId})`;
  await sql`update work_orders set notes = '', reason = null, updated_at = now()
    where tenant_id = ${tenantId} and customer_id = ${customerId}`.execute(tx);
  await sql`update work_order_events set note = null, latitude = null, longitude = null, distance_m = null
    where ${ofCustomer}`.execute(tx);
  await sql`update consumable_moves set note = '' where ${ofCustomer}`.execute(tx);
  const { rows } = await sql<{ readonly file: string }>`
    delete from work_order_photos where ${ofCustomer} returning file`.execute(tx);
  return rows.map(({ file }) => file);
}
