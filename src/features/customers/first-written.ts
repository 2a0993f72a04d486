import type { Tx } from '#db/database.ts';

/** A customer as it is first written; its identity number is sealed already. */
export type CustomerValues = {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly phone: string;
  readonly address: string;
  readonly email: string | null;
  readonly notes: string;
  readonly erpCustomer: string | null;
  readonly nationalId: { readonly national_id: string | null; readonly national_id_index: Buffer | null };
  readonly position: { readonly latitude: number; readonly longitude: number } | null;
  readonly resellerId: string | null;
};

export const customerOfErp = (tx: Tx, tenantId: string, erpCustomer: string) =>
  tx
    .selectFrom('customers')
    .where('tenant_id', '=', tenantId)
    .where('erp_customer', '=', erpCustomer)
    .where('deleted_at', 'is', null)
    .select(['id', 'customer_code', 'name'])
    .executeTakeFirst();

type Inserted = 'inserted' | 'code_taken' | 'erp_customer_taken';

/** Adds a customer; two at once never get one code, nor one customer of ERPNext: the loser is told which it was. */
export async function insertCustomer(tx: Tx, tenantId: string, values: CustomerValues): Promise<Inserted> {
  const inserted = await tx
    .insertInto('customers')
    .values({
      id: values.id,
      tenant_id: tenantId,
      customer_code: values.code,
      name: values.name,
      phone: values.phone,
      address: values.address,
      email: values.email,
      notes: values.notes,
      erp_customer: values.erpCustomer,
      reseller_id: values.resellerId,
      ...values.nationalId,
      ...values.position,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted) return 'inserted';
  const holder = values.erpCustomer !== null && (await customerOfErp(tx, tenantId, values.erpCustomer));
  return holder ? 'erp_customer_taken' : 'code_taken';
}

/** ERPNext owns names, phones and addresses of e-mail (spec L1); what it leaves open stays as the hub has it. */
export async function followLedger(
  tx: Tx,
  tenantId: string,
  erpCustomer: string,
  told: { readonly name: string; readonly phone: string | null; readonly email: string | null },
): Promise<void> {
  const change = {
    name: told.name,
    ...(told.phone === null ? {} : { phone: told.phone }),
    ...(told.email === null ? {} : { email: told.email }),
  };
  await tx
    .updateTable('customers')
    .set({ ...change, updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('erp_customer', '=', erpCustomer)
    .where('deleted_at', 'is', null)
    .where((eb) =>
      eb.or(
        (Object.entries(change) as ['name' | 'phone' | 'email', string][]).map(([column, value]) =>
          eb(column, 'is distinct from', value),
        ),
      ),
    )
    .execute();
}
