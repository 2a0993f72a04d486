import { setTimeout as sleep } from 'node:timers/promises';
import { markCharge } from '#db/charge-looks.ts';
import type { Database, Tx } from '#db/database.ts';
import {
  type ChargeMethod,
  type ChargeOrder,
  failureInWords,
  type GatewayFailure,
  type GatewayName,
  nextLookMs,
  type OpenedCharge,
} from '#domain/charge.ts';
import type { Clock } from '#platform/clock.ts';
import type { ConnectedGateway, GatewayDesk } from '#platform/gateway-desk.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { type ChargeRow, findBill, findCharge, findUsable, lockBill, type OpenBill } from './store.ts';

export type Opening = {
  /**
   * Written as the hub's own work: what a lost answer leaves behind is found again by the next try, so a request's
   * idempotency key stays free until there is an answer.
   */
  readonly db: Database;
  readonly clock: Clock;
  readonly desk: Pick<GatewayDesk, 'connected' | 'create'>;
  /** Where gateways find this hub, without a slash at its end. */
  readonly publicUrl: string;
};

/** Who wants to pay, or has somebody pay; null: nobody who is logged in. */
export type Opener = { readonly tenantId: string; readonly correlationId: string; readonly openedBy: string | null };

/** `bill`: the id of an invoice, or its name in ERPNext. */
export type ChargeWish = {
  readonly bill: string;
  readonly method: ChargeMethod;
  readonly gateway?: GatewayName | undefined;
};

const minuteMs = 60_000;
/** How long a charge can be paid: a transfer to a virtual account takes its time. */
const lifeMs: Readonly<Record<ChargeMethod, number>> = {
  qris: 60 * minuteMs,
  e_wallet: 60 * minuteMs,
  virtual_account: 24 * 60 * minuteMs,
};
/** What ends sooner is not given to anybody any more. */
const usableMs = 5 * minuteMs;
/** Whoever asks while another is asking the gateway waits so long for its answer. */
const patienceMs = 10_000;
/** A charge that has not been answered by then is none to wait for. */
const answeredMs = 30_000;

/** Gateways that take the method, in their fixed order; refuses where there is none. */
async function gatewayFor({ desk }: Opening, tenantId: string, { method, gateway }: ChargeWish): Promise<GatewayName> {
  const takes = ({ name, methods }: ConnectedGateway): boolean =>
    methods.includes(method) && (gateway === undefined || gateway === name);
  const found = (await desk.connected(tenantId)).find(takes);
  if (found) return found.name;
  throw new Refusal('CONFLICT', `No payment gateway that takes ${method} is connected.`, { method, gateway });
}

function checkBill(bill: OpenBill | null): OpenBill {
  if (!bill) throw notFound('invoice');
  if (bill.outstanding <= 0n) throw new Refusal('CONFLICT', 'Nothing is open of this invoice.');
  return bill;
}

/** Who pays, as the gateway is told. */
type Payer = ChargeOrder['customer'] & { readonly code: string; readonly subdomain: string };
type Begun = { readonly row: ChargeRow; readonly bill: OpenBill; readonly isNew: boolean };

type NewRow = Pick<ChargeRow, 'gateway' | 'method' | 'expires_at' | 'created_at'>;

/** What is collected, and from whom: a customer's bill, or a reseller's top-up. */
type Collected = Pick<ChargeRow, 'customer_id' | 'invoice_id' | 'erp_invoice' | 'top_up_id' | 'amount'>;

async function insert(tx: Tx, opener: Opener, of: Collected, values: NewRow): Promise<string> {
  const { tenantId, correlationId, openedBy } = opener;
  const { id } = await tx
    .insertInto('charges')
    .values({ ...values, ...of, tenant_id: tenantId, opened_by: openedBy })
    .returning('id')
    .executeTakeFirstOrThrow();
  // Whatever becomes of this process, the gateway is asked about it.
  await markCharge(tx, tenantId, { chargeId: id, correlationId, afterMs: answeredMs });
  return id;
}

async function demandRupiah(tx: Tx, tenantId: string): Promise<void> {
  const tenant = await tx.selectFrom('tenants').where('id', '=', tenantId).select('settings').executeTakeFirst();
  if (readTenantSettings(tenant?.settings).currency !== 'IDR') {
    throw new Refusal('CONFLICT', 'Payment gateways here take rupiah only.');
  }
}

type How = { readonly gateway: GatewayName; readonly method: ChargeMethod; readonly now: number };

/** Writes a new charge: before the gateway hears of it. */
async function write(tx: Tx, opener: Opener, of: Collected, { gateway, method, now }: How): Promise<ChargeRow> {
  const values = { gateway, method, expires_at: new Date(now + lifeMs[method]), created_at: new Date(now) };
  const row = await findCharge(tx, opener.tenantId, await insert(tx, opener, of, values));
  if (!row) throw new Error('A charge was written and is not there.');
  return row;
}

/** Finds the charge that there is, or writes a new one: before the gateway hears of it. */
const begin = (o: Opening, opener: Opener, wish: ChargeWish, gateway: GatewayName): Promise<Begun> =>
  o.db.worker(opener.tenantId, async (tx) => {
    const { tenantId } = opener;
    await lockBill(tx, tenantId, wish);
    const bill = checkBill(await findBill(tx, tenantId, wish.bill));
    await demandRupiah(tx, tenantId);
    const now = o.clock();
    const usable = { method: wish.method, gateway: wish.gateway, usableAt: new Date(now + usableMs) };
    const known = await findUsable(tx, tenantId, bill, usable);
    const isStale = known?.state === 'created' && now - known.created_at.getTime() > answeredMs;
    if (known && !isStale) return { row: known, bill, isNew: false };
    const { customerId: customer_id, invoiceId: invoice_id, erpInvoice: erp_invoice, outstanding: amount } = bill;
    const of = { customer_id, invoice_id, erp_invoice, top_up_id: null, amount };
    return { row: await write(tx, opener, of, { gateway, method: wish.method, now }), bill, isNew: true };
  });

const customerOf = (o: Opening, tenantId: string, id: string | null): Promise<Payer> =>
  o.db.worker(tenantId, (tx) =>
    tx
      .selectFrom('customers as c')
      .innerJoin('tenants as t', 't.id', 'c.tenant_id')
      .where('c.tenant_id', '=', tenantId)
      .where('c.id', '=', id)
      .select(['c.name', 'c.phone', 'c.email', 'c.customer_code as code', 't.subdomain'])
      .executeTakeFirstOrThrow(),
  );

const resellerOf = (o: Opening, tenantId: string, id: string): Promise<Payer> =>
  o.db.worker(tenantId, (tx) =>
    tx
      .selectFrom('resellers as r')
      .innerJoin('tenants as t', 't.id', 'r.tenant_id')
      .where('r.tenant_id', '=', tenantId)
      .where('r.id', '=', id)
      .select(['r.name', 'r.phone', 'r.email', 'r.name as code', 't.subdomain'])
      .executeTakeFirstOrThrow(),
  );

function orderOf(o: Opening, row: ChargeRow, what: string, payer: Payer): ChargeOrder {
  const { subdomain, code, ...customer } = payer;
  return {
    orderId: row.id,
    amount: row.amount,
    method: row.method,
    customer,
    expiresAt: row.expires_at,
    description: `${what} ${code}`.slice(0, 100),
    callbackUrl: `${o.publicUrl}/webhooks/payments/${row.gateway}/${subdomain}`,
  };
}

/** The gateway's answer; a callback that was faster has the last word on the state. */
async function keep(
  o: Opening,
  { tenantId, correlationId }: Opener,
  id: string,
  opened: OpenedCharge,
): Promise<ChargeRow> {
  return o.db.worker(tenantId, async (tx) => {
    const { gatewayRef, qrString = null, virtualAccount, url = null } = opened;
    const shown = {
      qr_string: qrString,
      virtual_account: virtualAccount?.number ?? null,
      bank: virtualAccount?.bank ?? null,
      url,
    };
    await tx
      .updateTable('charges')
      .set((eb) => ({
        ...shown,
        gateway_ref: eb.fn.coalesce('gateway_ref', eb.val(gatewayRef)),
        state: eb
          .case()
          .when('state', '=', 'created')
          .then('open' as const)
          .else(eb.ref('state'))
          .end(),
        updated_at: new Date(o.clock()),
      }))
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .execute();
    const row = await findCharge(tx, tenantId, id);
    if (!row) throw notFound('charge');
    const times = { age: 0, left: row.expires_at.getTime() - o.clock() };
    await markCharge(tx, tenantId, { chargeId: id, correlationId, afterMs: nextLookMs('open', times) ?? 0 });
    return row;
  });
}

/** A refusal is the end of the charge; an answer that was lost is not: the row stays, and the gateway is asked. */
async function refuse(o: Opening, { tenantId }: Opener, row: ChargeRow, failure: GatewayFailure): Promise<never> {
  if (failure.reason === 'rejected' || failure.reason === 'unsupported') {
    await o.db.worker(tenantId, (tx) =>
      tx
        .updateTable('charges')
        .set({ state: 'failed', problem: failure.detail, updated_at: new Date(o.clock()) })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', row.id)
        .where('state', '=', 'created')
        .execute(),
    );
  }
  throw new Refusal('UPSTREAM_FAILED', failureInWords(row.gateway, failure), { gateway: row.gateway });
}

async function ask(o: Opening, opener: Opener, row: ChargeRow, order: ChargeOrder): Promise<ChargeRow> {
  const opened = await o.desk.create(opener.tenantId, row.gateway, order);
  return opened.ok ? keep(o, opener, row.id, opened.value) : refuse(o, opener, row, opened.error);
}

/** Another request is asking the gateway for the same: its answer serves both. */
async function awaited(o: Opening, { tenantId }: Opener, id: string): Promise<ChargeRow> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const row = await o.db.worker(tenantId, (tx) => findCharge(tx, tenantId, id));
    if (row?.state === 'failed') throw new Refusal('UPSTREAM_FAILED', `${row.gateway}: ${row.problem ?? 'it failed'}`);
    if (row && row.state !== 'created') return row;
    if (performance.now() > until) throw new Refusal('CONFLICT', 'This charge is being made; ask again in a moment.');
    await sleep(200);
  }
}

/**
 * Has a gateway collect what is open of a bill (spec L5), and answers what the payer needs. An open charge of the same
 * bill, amount and method that can still be paid is given again. Throws NOT_FOUND for a bill that is not there, CONFLICT
 * where nothing is open or no gateway takes the method, UPSTREAM_FAILED with the gateway's words.
 */
export async function openCharge(o: Opening, opener: Opener, wish: ChargeWish): Promise<ChargeRow> {
  const gateway = await gatewayFor(o, opener.tenantId, wish);
  const begun = await begin(o, opener, wish, gateway);
  if (!begun.isNew) return begun.row.state === 'created' ? awaited(o, opener, begun.row.id) : begun.row;
  const payer = await customerOf(o, opener.tenantId, begun.row.customer_id);
  return ask(o, opener, begun.row, orderOf(o, begun.row, begun.bill.number, payer));
}

/** A top-up that a gateway is to collect; `amount` in minor units. */
type TopUpWish = {
  readonly topUpId: string;
  readonly resellerId: string;
  readonly amount: bigint;
  readonly method: ChargeMethod;
};

/** Has a gateway collect a reseller's top-up, whose one charge this is; throws as `openCharge` does. */
export async function openTopUp(o: Opening, opener: Opener, wish: TopUpWish): Promise<ChargeRow> {
  const { tenantId } = opener;
  const { topUpId, resellerId, amount, method } = wish;
  const gateway = await gatewayFor(o, tenantId, { bill: topUpId, method });
  const of = { customer_id: null, invoice_id: null, erp_invoice: null, top_up_id: topUpId, amount };
  const row = await o.db.worker(tenantId, async (tx) => {
    await demandRupiah(tx, tenantId);
    return write(tx, opener, of, { gateway, method, now: o.clock() });
  });
  return ask(o, opener, row, orderOf(o, row, 'Deposit', await resellerOf(o, tenantId, resellerId)));
}
