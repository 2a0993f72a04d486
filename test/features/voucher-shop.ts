import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Database } from '#db/database.ts';
import { vouchersRoutes } from '#features/vouchers/routes.ts';
import { voucherSalesRoutes } from '#features/vouchers/sales-routes.ts';
import { creditBooked } from '#journeys/move-deposit.ts';
import { createRedemption, type Redemption } from '#journeys/redeem-voucher.ts';
import { createVoucherSelling } from '#journeys/sell-vouchers.ts';
import { createMemoryCounters } from '#platform/counters.ts';
import type { Paper } from '#platform/paper/papers.ts';
import { type Answer, type Call, callAs } from '#test/setup/admin-app.ts';
import type { TestBridge } from '#test/setup/bridge.ts';
import { type Office, officeTime, openOffice } from '#test/setup/office.ts';

/** What a reseller pays for a voucher of these tests. */
export const price = 88_800;
const clock = (): number => officeTime;

export type Seller = { readonly id: string; readonly call: Call };
export type Shop = {
  readonly office: Office;
  readonly redemption: Redemption;
  /** The ISP's own rooms of vouchers. */
  readonly admin: Call;
  /** A reseller with so much in its deposit. */
  readonly seller: (deposit: number, db?: Database) => Promise<Seller>;
  /** A batch that resellers are offered at `price`. */
  readonly batch: (more?: object) => Promise<string>;
  readonly line: (more?: Record<string, unknown>) => Promise<{ readonly id: string; readonly username: string }>;
};

export const buy = (by: Seller, batch_id: string, count: number, key: string = randomUUID()): Promise<Answer> =>
  by.call('POST', '/reseller/vouchers', { batch_id, count }, { 'Idempotency-Key': key });
export const codesOf = ({ body }: Answer): readonly string[] =>
  (body.vouchers as { code: string }[]).map(({ code }) => code);
export const why = ({ status, body }: Answer): unknown[] => [status, Object(body.details).reason];

/** ISPs that sell vouchers to resellers, on one bridge. */
export function voucherShops(bridge: TestBridge) {
  const papers: Paper[] = [];

  async function openShop(settings: Record<string, unknown> = {}): Promise<Shop> {
    const office = await openOffice(bridge, {
      settings: { default_billing_mode: 'prepaid', tax: { enabled: true }, ...settings },
    });
    const { tenant, around } = office;
    const { vaultOf } = around;
    const print = async (paper: Paper): Promise<Uint8Array> => {
      papers.push(paper);
      return Buffer.from('{}');
    };
    const press = { print, close: async () => undefined };
    const redemption = createRedemption({ db: bridge.db, clock, vaultOf, counters: createMemoryCounters() });
    const enter = (db: Database, role: string, userId: string): Call => {
      const deps = { db, clock, vaultOf, press };
      const sales = callAs(voucherSalesRoutes({ ...deps, ...createVoucherSelling(deps) }), tenant, role, userId);
      const batches = callAs(vouchersRoutes({ ...deps, redeem: redemption.redeem }), tenant, role, userId);
      return (method, path, ...rest) =>
        (/^\/(reseller|voucher-sales)/.test(path) ? sales : batches)(method, path, ...rest);
    };
    const admin = enter(bridge.db, 'admin', tenant.adminId);
    return {
      office,
      redemption,
      admin,
      seller: async (deposit, db = bridge.db) => {
        const id = randomUUID();
        await bridge.look('insert into resellers (tenant_id, id, name) values ($1, $2, $3)', [
          tenant.id,
          id,
          `Toko ${id}`,
        ]);
        if (deposit > 0) await topUp(tenant.id, id, deposit);
        return { id, call: enter(db, 'reseller', id) };
      },
      batch: async (more = {}) => {
        const wish = { days: 30, price: 100_000, reseller_price: price, count: 10, prefix: 'KCB', ...more };
        const { status, body } = await admin('POST', '/vouchers', wish);
        expect(status, JSON.stringify(body)).toBe(201);
        return String(body.id);
      },
      line: async (more = {}) => {
        const { body } = await office.registered(more);
        const { id, username } = Object(body.subscription);
        return { id: String(id), username: String(username) };
      },
    };
  }

  const topUp = (tenantId: string, resellerId: string, amount: number) =>
    bridge.db.tenant(tenantId, (tx) =>
      creditBooked(
        tx,
        { tenantId, correlationId: 'c', by: null, now: officeTime },
        {
          kind: 'top_up',
          resellerId,
          amount: BigInt(amount),
          sourceId: randomUUID(),
          idemKey: randomUUID(),
          memo: '',
          other: [{ account: 'cash', amount: BigInt(amount) }],
        },
      ),
    );

  const balanceOf = async ({ id }: Seller): Promise<number> => {
    const [row] = await bridge.look<{ balance: string }>('select balance from deposits where reseller_id = $1', [id]);
    return Number(row?.balance ?? 0);
  };
  const entriesOf = (sourceId: unknown) =>
    bridge.look<{ account: string; amount: number }>(
      `select e.account, e.amount::int as amount from entries e join postings p on p.id = e.posting_id
       where p.source_id = $1 order by p.posted_at, p.id, e.no`,
      [sourceId],
    );

  /** What must hold of every tenant's vouchers and books: nothing to say is good. */
  async function findings(tenantId: string): Promise<readonly string[]> {
    const [row] = await bridge.look<Record<string, number>>(
      `select
         (select coalesce(sum(-amount), 0)::int from entries where tenant_id = $1 and account = 'unearned') as owed,
         (select coalesce(sum(l.unit_price), 0)::int from vouchers v join voucher_sales l on l.id = v.sale_id
          where v.tenant_id = $1 and v.state = 'unused') as unused,
         (select coalesce(sum(-amount), 0)::int from entries where tenant_id = $1 and account = 'deposits') as booked,
         (select coalesce(sum(balance), 0)::int from deposits where tenant_id = $1) as deposits,
         (select coalesce(sum(count), 0)::int from voucher_sales where tenant_id = $1) as sold,
         (select count(*)::int from vouchers where tenant_id = $1 and sale_id is not null) as given,
         (select coalesce(sum(case kind when 'vouchers' then -amount when 'refund' then -amount else 0 end), 0)::int
          from deposit_moves where tenant_id = $1) as paid,
         (select coalesce(sum(l.unit_price), 0)::int from vouchers v join voucher_sales l on l.id = v.sale_id
          where v.tenant_id = $1 and v.state <> 'void') as worth`,
      [tenantId],
    );
    const { owed, unused, booked, deposits, sold, given, paid, worth } = row ?? {};
    return [
      ...(owed === unused ? [] : [`the books owe ${owed} for vouchers, of which ${unused} are unused`]),
      ...(booked === deposits ? [] : [`the books hold ${booked} of deposits, the deposits ${deposits}`]),
      ...(sold === given ? [] : [`${sold} were sold, ${given} were given`]),
      ...(paid === worth ? [] : [`${paid} was paid for what costs ${worth}`]),
    ];
  }

  return { openShop, papers, balanceOf, entriesOf, findings };
}
