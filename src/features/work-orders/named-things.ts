import type { Tx } from '#db/database.ts';

// What an order names must be there, in this tenant (spec P13).

/** A user who may be given orders: one of the tenant's, active, a technician. */
export async function isTechnician(tx: Tx, tenantId: string, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom('users')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('role', '=', 'technician')
    .where('is_active', '=', true)
    .select('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether there is such a customer, off no list. */
export async function customerExists(tx: Tx, tenantId: string, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom('customers')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .select('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** A customer's lines that have not ended, at most two. */
export async function livingLines(tx: Tx, tenantId: string, customerId: string): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', tenantId)
    .where('customer_id', '=', customerId)
    .where('terminated_at', 'is', null)
    .select('id')
    .orderBy('id')
    .limit(2)
    .execute();
  return rows.map(({ id }) => id);
}

export async function lineExists(tx: Tx, tenantId: string, customerId: string, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', tenantId)
    .where('customer_id', '=', customerId)
    .where('id', '=', id)
    .select('id')
    .executeTakeFirst();
  return row !== undefined;
}
