import { invoiceRoutes } from '#features/billing/invoice-routes.ts';
import { paymentRoutes } from '#features/billing/payment-routes.ts';
import { decideMarked } from '#journeys/decide-marked.ts';
import { giveBack } from '#journeys/give-back.ts';
import { type Call, callAs } from '#test/setup/admin-app.ts';
import type { TestBridge } from '#test/setup/bridge.ts';
import { type Office, officeTime, openOffice } from '#test/setup/office.ts';

export type Payer = { readonly id: string; readonly line: string };
export type Till = Office & {
  /** What the clock of the till shows; it can be set. */
  readonly time: { now: number };
  readonly billing: Call;
  readonly billingAs: (role: string) => Call;
  /** A registered customer with one line, which is decided about. */
  readonly payer: (more?: Record<string, unknown>) => Promise<Payer>;
  /** A bill of so much, by hand. */
  readonly billed: (of: Payer, amount: number, more?: Record<string, unknown>) => Promise<string>;
  /** Money received now. */
  readonly paid: (of: Payer, amount: number, more?: Record<string, unknown>) => ReturnType<Call>;
};

/** A tenant whose ledger is the hub's own, with the rooms of bills and payments, wired as the hub wires them. */
export async function openTill(bridge: TestBridge, settings: Record<string, unknown> = {}): Promise<Till> {
  const office = await openOffice(bridge, { settings });
  const time = { now: officeTime };
  const deps = { db: bridge.db, clock: () => time.now, decide: decideMarked };
  const billingAs = (role: string): Call => {
    const bills = callAs(invoiceRoutes(deps), office.tenant, role);
    const payments = callAs(paymentRoutes({ ...deps, giveBack }), office.tenant, role);
    return (method, path, body) => (/^\/(invoices|customers)/.test(path) ? bills : payments)(method, path, body);
  };
  const billing = billingAs('admin');
  return {
    ...office,
    time,
    billing,
    billingAs,
    payer: async (more = {}) => {
      const { body } = await office.registered(more);
      return { id: String(body.id), line: String(Object(body.subscription).id) };
    },
    billed: async ({ id }, amount, more = {}) => {
      const lines = [{ description: 'Home 10', unit_price: amount }];
      const { status, body } = await billing('POST', '/invoices', { customer_id: id, lines, ...more });
      if (status !== 201) throw new Error(JSON.stringify(body));
      return String(body.id);
    },
    paid: ({ id }, amount, more = {}) =>
      billing('POST', '/payments', {
        customer_id: id,
        amount,
        payment_method: 'cash',
        payment_date: new Date(time.now).toISOString(),
        ...more,
      }),
  };
}
