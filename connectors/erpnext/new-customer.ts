import { err, ok, type Result } from '#domain/result.ts';
import type { LedgerFailure, NewLedgerCustomer } from '#ports/ledger/port.ts';
import type { ErpnextClient } from './client.ts';
import { customerDoctype } from './customer.ts';

type Answer<T> = Promise<Result<T, LedgerFailure>>;

/** The name of the customer who carries the reference; null: nobody does. */
async function named(client: ErpnextClient, field: string, hubRef: string): Answer<string | null> {
  const filters = [[field, '=', hubRef] as const];
  const list = await client.list(customerDoctype, { fields: ['name'], filters, pageLength: 1 });
  if (!list.ok) return list;
  const name = list.value[0]?.name;
  return ok(typeof name === 'string' && name !== '' ? name : null);
}

/**
 * Inserts a Customer once. ERPNext knows no idempotency key, so the unique custom field is one: it is looked for before
 * the insert (whose answer may have been lost the last time), and again where ERPNext says that it is there already. A
 * site without the field refuses the first look, so that nothing is inserted which could not be found again.
 */
export async function createCustomer(
  client: ErpnextClient,
  field: string,
  { hubRef, name, phone, email, address }: NewLedgerCustomer,
): Answer<string> {
  const before = await named(client, field, hubRef);
  if (!before.ok) return before;
  if (before.value !== null) return ok(before.value);
  const inserted = await client.create(customerDoctype, {
    customer_name: name,
    customer_type: 'Individual',
    mobile_no: phone,
    ...(email === null ? {} : { email_id: email }),
    customer_details: address,
    [field]: hubRef,
  });
  if (!inserted.ok) return inserted;
  if (inserted.value !== 'duplicate' && typeof inserted.value.name === 'string') return ok(inserted.value.name);
  const after = await named(client, field, hubRef);
  if (!after.ok) return after;
  return after.value === null ? err(clash(name)) : ok(after.value);
}

const clash = (name: string): LedgerFailure => ({
  reason: 'rejected',
  detail: `ERPNext has a customer ${name} already and took no second one; is the naming of customers by name?`,
});
