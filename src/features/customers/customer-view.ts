import { accessStates } from '#domain/access.ts';
import { nextDueDate } from '#domain/billing-period.ts';
import { localDate } from '#domain/local-time.ts';
import type { Customer, CustomerDetail } from './schema.ts';
import type { CustomerRow, LineRow } from './store.ts';

type LineView = CustomerDetail['subscriptions'][number];

export const lineView = (row: LineRow, zone: string, now: number): LineView => ({
  id: row.id,
  service_plan_id: row.service_plan_id,
  username: row.username,
  state: accessStates.find((state) => state === row.state) ?? 'pending',
  billing_mode: row.billing_mode,
  due_date: row.due_day,
  next_due_date: nextDueDate(localDate(now, zone), row.due_day),
  monthly_fee: Number(row.monthly_fee),
  mac: row.mac,
  router_id: row.router_id,
  erp_subscription: row.erp_subscription,
});

/** `lines` with the best served first: a customer's status is that one's (spec C9). */
export function customerView(row: CustomerRow, lines: readonly LineView[]): Customer {
  const [best] = lines;
  return {
    id: row.id,
    customer_code: row.customer_code,
    name: row.name,
    phone: row.phone,
    address: row.address,
    email: row.email,
    notes: row.notes,
    status: best?.state ?? 'pending',
    service_plan_id: best?.service_plan_id ?? null,
    erp_customer: row.erp_customer,
    subscription: best ?? null,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
