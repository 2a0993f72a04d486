import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { issueInvoice } from '#features/billing/verbs.ts';
import { createRedemption, type Redemption } from '#journeys/redeem-voucher.ts';
import { createMemoryCounters } from '#platform/counters.ts';
import type { Paper } from '#platform/paper/papers.ts';
import { type Call, callAs } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { type Office, officeTime, openOffice } from '#test/setup/office.ts';
import { hashOf } from './codes.ts';
import { handOut } from './hand-out.ts';
import { vouchersRoutes } from './routes.ts';

const scale = Number(process.env.JEMBATAN_FAULT_SCALE ?? '0.1');
const dayMs = 86_400_000;
const settings = { default_billing_mode: 'prepaid', tax: { enabled: true } };

let bridge: TestBridge;
let office: Office;
let stranger: Room;
let room: Room;
const papers: Paper[] = [];

type Room = {
  readonly redemption: Redemption;
  readonly as: (role: string, userId?: string) => Call;
  readonly admin: Call;
  /** Makes a batch; answers its id and codes. */
  readonly batch: (more?: object) => Promise<{ readonly id: string; readonly codes: readonly string[] }>;
  /** A new prepaid line on the office's plan. */
  readonly line: (more?: Record<string, unknown>) => Promise<{ readonly id: string; readonly username: string }>;
};

function roomOf(of: Office): Room {
  const { db } = bridge;
  const { vaultOf } = of.around;
  const clock = (): number => officeTime;
  const redemption = createRedemption({ db, clock, vaultOf, counters: createMemoryCounters() });
  const print = async (paper: Paper): Promise<Uint8Array> => {
    papers.push(paper);
    return Buffer.from('{}');
  };
  const press = { print, close: async () => undefined };
  const routes = vouchersRoutes({ db, clock, vaultOf, press, redeem: redemption.redeem });
  const as = (role: string, userId?: string): Call => callAs(routes, of.tenant, role, userId);
  const admin = as('admin');
  const caller = { userId: of.tenant.adminId, tenantId: of.tenant.id, role: 'admin' };
  const who = { tenantId: of.tenant.id, caller, correlationId: 'c', address: '127.0.0.1' };
  return {
    redemption,
    as,
    admin,
    batch: async (more = {}) => {
      const { status, body } = await admin('POST', '/vouchers', { days: 30, price: 111_000, count: 1, ...more });
      expect(status, JSON.stringify(body)).toBe(201);
      const id = String(body.id);
      const { vouchers } = await handOut({ db, vaultOf }, who, id, 'csv');
      return { id, codes: vouchers.map(({ code }) => code) };
    },
    line: async (more = {}) => {
      const { body } = await of.registered(more);
      const { id, username } = Object(body.subscription);
      return { id: String(id), username: String(username) };
    },
  };
}

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  office = await openOffice(bridge, { settings });
  room = roomOf(office);
  stranger = roomOf(await openOffice(bridge, { settings }));
});
afterAll(() => bridge.close());

const redeem = (code: string, username: string, by: Call = room.admin) =>
  by('POST', '/vouchers/redeem', { code, username });
const iso = (at: number): string => new Date(at).toISOString();

describe('redeeming a voucher', () => {
  it('R4: lets a pending prepaid line in by the same commit, and a second one adds its days', async () => {
    const { id: batch, codes } = await room.batch({ count: 2, prefix: 'KCB' });
    const line = await room.line();
    const [first = '', second = ''] = codes;
    const told = await redeem(` ${first.toLowerCase()} `, line.username.toUpperCase());
    expect(told).toMatchObject({
      status: 200,
      body: { subscription_id: line.id, days: 30, state: 'active', debt: 0, valid_until: iso(officeTime + 30 * dayMs) },
    });
    expect((await redeem(second, line.username)).body.valid_until).toBe(iso(officeTime + 60 * dayMs));
    const rows = await bridge.look<{ kind: string }>(
      `select kind from timeline where subscription_id = $1 and kind in ('voucher', 'state') order by id`,
      [line.id],
    );
    expect(rows.filter(({ kind }) => kind === 'voucher')).toHaveLength(2);
    const { body } = await room.admin('GET', `/vouchers?subscription_id=${line.id}&state=redeemed`);
    expect(body.total).toBe(2);
    expect(Object(body.data)[0]).toMatchObject({
      batch_id: batch,
      username: line.username,
      redeemed_by: expect.any(String),
    });
    const audited = await bridge.look<{ n: number }>(
      `select count(*)::int as n from audit_logs where entity_type = 'voucher' and entity_id = $1`,
      [told.body.id],
    );
    expect(audited).toEqual([{ n: 1 }]);
  });

  it('L6: books what it was sold for, once, with the tax that is in it; where ERPNext keeps the books nothing', async () => {
    const { codes } = await room.batch();
    const { body } = await redeem(codes[0] ?? '', (await room.line()).username);
    const entries = () =>
      bridge.look<{ account: string; amount: string }>(
        `select e.account, e.amount::text from entries e join postings p on p.id = e.posting_id
         where p.source_id = $1 order by e.no`,
        [body.id],
      );
    expect(await entries()).toEqual([
      { account: 'cash', amount: '111000' },
      { account: 'revenue', amount: '-100000' },
      { account: 'tax_payable', amount: '-11000' },
    ]);
    const elsewhere = await openOffice(bridge, { settings });
    const other = roomOf(elsewhere);
    const line = await other.line();
    await bridge.look(
      `insert into connections (tenant_id, system, settings, secrets) values ($1, 'erpnext', '{}', '-')`,
      [elsewhere.tenant.id],
    );
    const { codes: theirs } = await other.batch();
    expect((await redeem(theirs[0] ?? '', line.username, other.admin)).status).toBe(200);
    expect(
      await bridge.look("select 1 from postings where tenant_id = $1 and kind = 'voucher'", [elsewhere.tenant.id]),
    ).toEqual([]);
  });

  it('R4: pays no bills: the answer says what is due, and the line stays where its debt put it', async () => {
    const { codes } = await room.batch();
    const line = await room.line();
    const [row] = await bridge.look<{ customer_id: string }>('select customer_id from subscriptions where id = $1', [
      line.id,
    ]);
    const { id: tenantId } = office.tenant;
    await bridge.db.tenant(tenantId, (tx) =>
      issueInvoice(
        tx,
        { tenantId, correlationId: 'c' },
        {
          customerId: row?.customer_id ?? '',
          subscriptionId: line.id,
          reason: 'manual',
          lines: [{ description: 'Pemasangan', quantity: 1, unitPrice: 250_000n }],
          issuedOn: '2025-01-01',
          dueDate: '2025-01-10',
        },
      ),
    );
    const { body } = await redeem(codes[0] ?? '', line.username);
    expect(body).toMatchObject({ valid_until: iso(officeTime + 30 * dayMs), state: 'isolated' });
    expect(body.debt).toBeGreaterThanOrEqual(250_000);
  });

  it('R4: takes the place of the bill of a line that was never online, and of no other', async () => {
    const [fresh, served] = [await room.line(), await room.line()];
    await bridge.look('update subscriptions set activated_at = now() where id = $1', [served.id]);
    const { codes } = await room.batch({ count: 2 });
    const bills = async (line: string) => {
      const rows = await bridge.look<{ reason: string; open: boolean; balance: string }>(
        `select i.reason, i.cancelled_at is null as open, (select sum(e.amount) from entries e
           where e.customer_id = i.customer_id and e.account = 'receivable')::text as balance
         from invoices i where subscription_id = $1`,
        [line],
      );
      return rows.map((row) => Object.values(row));
    };
    expect(await bills(fresh.id)).toMatchObject([['first', true, expect.stringMatching(/^[1-9]/)]]);
    expect((await redeem(codes[0] ?? '', fresh.username)).body).toMatchObject({ state: 'active', debt: 0 });
    expect(await bills(fresh.id)).toEqual([['first', false, '0']]);
    expect(await bridge.look('select billed_to from subscriptions where id = $1', [fresh.id])).toEqual([
      { billed_to: null },
    ]);
    // It stands, and falls due after the usual lead.
    expect((await redeem(codes[1] ?? '', served.username)).body).toMatchObject({ state: 'active', debt: 0 });
    expect(await bills(served.id)).toMatchObject([['first', true, expect.stringMatching(/^[1-9]/)]]);
  });

  it('R4: says clearly why it does not, and keeps the code', async () => {
    const line = await room.line();
    const { codes: late } = await room.batch({ expires_on: '2025-02-01' });
    const { id: lost, codes: gone } = await room.batch();
    await room.admin('POST', `/voucher-batches/${lost}/void`, { reason: 'hilang' });
    const plan = await office.plans('POST', '/service-plans', {
      name: `Home ${randomUUID().slice(0, 8)}`,
      speed_download: 20,
      speed_upload: 10,
      price: 200_000,
    });
    const { codes: others } = await room.batch({ service_plan_id: plan.body.id });
    const postpaid = await room.line({ billing_mode: 'postpaid' });
    const { codes: good } = await room.batch();
    await bridge.look(`update voucher_batches set expires_on = '2025-01-31' where expires_on is not null`);
    const why = async (code: string | undefined, username: string) => {
      const { status, body } = await redeem(code ?? '', username);
      return [status, Object(body.details).reason];
    };
    expect(await why(late[0], line.username)).toEqual([409, 'expired']);
    expect(await why(gone[0], line.username)).toEqual([409, 'void']);
    expect(await why(others[0], line.username)).toEqual([409, 'other_plan']);
    expect(await why(good[0], postpaid.username)).toEqual([409, 'postpaid']);
    expect((await redeem(good[0] ?? '', 'nobody99')).status).toBe(404);
    expect((await redeem(good[0] ?? '', line.username)).status).toBe(200);
    const used = await redeem(good[0] ?? '', line.username);
    expect([used.status, Object(used.body.details)]).toEqual([
      409,
      { reason: 'used', redeemed_at: iso(officeTime), username: line.username },
    ]);
    const own = room.redemption.redeemOwn({ tenantId: office.tenant.id, correlationId: 'c' }, line.id, good[0] ?? '');
    await expect(own).rejects.toMatchObject({ code: 'CONFLICT', details: { reason: 'used' } });
    const told = await own.catch((error: unknown) => Object(error).details);
    expect(Object.keys(told)).toEqual(['reason']);
  });

  it("SEC-1: another tenant's code is a code of nobody's; after ten wrong ones even a right one waits", async () => {
    const { codes: theirs } = await stranger.batch();
    const { codes } = await room.batch();
    const line = await room.line();
    const guesser = room.as('operator', randomUUID());
    const wrong = await redeem('2222-22222-2222', line.username, guesser);
    const other = await redeem(theirs[0] ?? '', line.username, guesser);
    expect([other.status, other.body]).toEqual([wrong.status, wrong.body]);
    expect(wrong.status).toBe(404);
    for (let n = 0; n < 8; n++) await redeem(`KCB ${n}`, line.username, guesser);
    expect((await redeem(codes[0] ?? '', line.username, guesser)).status).toBe(429);
    expect((await redeem(codes[0] ?? '', line.username)).status).toBe(200);
  });

  it('I3: who may do what: a reseller redeems for its own customers, an operator makes no batches', async () => {
    const { codes } = await room.batch();
    const line = await room.line();
    expect((await redeem(codes[0] ?? '', line.username, room.as('reseller', randomUUID()))).status).toBe(404);
    expect((await redeem(codes[0] ?? '', line.username, room.as('viewer'))).status).toBe(403);
    expect((await room.as('operator')('POST', '/vouchers', { days: 1, price: 1, count: 1 })).status).toBe(403);
    expect((await room.as('reseller')('GET', '/vouchers')).status).toBe(403);
  });
});

/** Everybody tries every code, for lines of their own: how often each was taken. */
async function rush(take: (code: string, line: string) => Promise<boolean>) {
  const { codes } = await room.batch({ count: 10, days: 7 });
  const lines = await Promise.all(Array.from({ length: 4 }, () => room.line()));
  const tries = Math.max(100, Math.round(1_000 * scale));
  let [begun, times] = [0, 0];
  const someone = async (): Promise<void> => {
    for (let n = begun++; n < tries; n = begun++) {
      const code = codes[Math.floor((n * codes.length) / tries)] ?? '';
      if (await take(code, lines[n % lines.length]?.id ?? '')) times += 1;
    }
  };
  // As many at once as twice the connections there are: more would only wait for one.
  await Promise.all(Array.from({ length: 20 }, someone));
  const [row] = await bridge.look<{ days: number }>(
    `select sum(round(extract(epoch from valid_until - to_timestamp($2 / 1000.0)) / 86400))::int as days
     from subscriptions where id = any($1::uuid[])`,
    [lines.map(({ id }) => id), officeTime],
  );
  return { times, days: row?.days };
}

describe('a thousand who redeem ten codes at once', () => {
  it('R4: ten of them do, and ten times the days are given', async () => {
    const at = { tenantId: office.tenant.id, correlationId: 'c' };
    const { times, days } = await rush(async (code, line) => {
      try {
        await room.redemption.redeemOwn(at, line, code);
        return true;
      } catch (error) {
        expect(error).toMatchObject({ details: { reason: 'used' } });
        return false;
      }
    });
    expect([times, days]).toEqual([10, 70]);
  });

  it('control: looking first and writing then gives a code away more than once', async () => {
    const { id: tenantId, vault } = office.tenant;
    const { times } = await rush(async (code, line) => {
      const hash = hashOf(vault, code.replaceAll('-', '').slice(-13));
      return bridge.db.tenant(tenantId, async (tx) => {
        const { rows } = await sql<{ id: string; state: string }>`
          select id, state from vouchers where code_hash = ${hash}`.execute(tx);
        const [voucher] = rows;
        if (voucher?.state !== 'unused') return false;
        await sql`update vouchers set state = 'redeemed', code_sealed = null, redeemed_at = now(), valid_until = now(),
          subscription_id = ${line} where id = ${voucher.id}`.execute(tx);
        return true;
      });
    });
    expect(times).toBeGreaterThan(10);
  });
});

describe('a batch of vouchers', () => {
  it('R4: its codes stand nowhere in the clear, each once, and are shown on its sheet and in its CSV, which is audited', async () => {
    const { id, codes } = await room.batch({ count: 450, prefix: 'WIFI', note: '=1+1' });
    expect(new Set(codes).size).toBe(450);
    const [rows] = await bridge.look<{ text: string }>(
      'select string_agg(v::text, chr(10)) as text from vouchers v where batch_id = $1',
      [id],
    );
    for (const code of codes.slice(0, 50)) expect(rows?.text).not.toContain(code.replaceAll('-', '').slice(-13));
    expect((await room.admin('GET', `/voucher-batches/${id}/sheet?language=en`)).status).toBe(200);
    const sheet = papers.at(-1);
    expect(sheet?.kind === 'vouchers' && sheet.vouchers.map(({ code }) => code)).toEqual(codes);
    const audited = await bridge.look<{ action: string }>(
      `select action from audit_logs where entity_id = $1 and action = 'reveal'`,
      [id],
    );
    expect(audited.length).toBe(2);
  });

  it('R4: what was redeemed stays, what was not is void, and the numbers add up', async () => {
    const { id, codes } = await room.batch({ count: 3 });
    await redeem(codes[1] ?? '', (await room.line()).username);
    const voided = await room.admin('POST', `/voucher-batches/${id}/void`, { reason: 'salah cetak' });
    expect(voided.body).toMatchObject({ unused: 0, redeemed: 1, void: 2, count: 3 });
    const { body } = await room.admin('GET', `/vouchers?batch_id=${id}`);
    expect(Object(body.data).map((row: { no: number; state: string }) => [row.no, row.state])).toEqual([
      [1, 'void'],
      [2, 'redeemed'],
      [3, 'void'],
    ]);
  });

  it('P9, P13, P16: is refused without days or price, with a price of nothing, or a plan that there is not', async () => {
    const whole = { days: 30, price: 1_000, count: 1 };
    for (const wrong of [
      { days: undefined },
      { price: undefined },
      { price: 0 },
      { price: -5 },
      { days: 0 },
      { count: 10_001 },
      { prefix: 'kcb-' },
      { expires_on: '2025-01-31' },
      { service_plan_id: randomUUID() },
    ]) {
      const { status, body } = await room.admin('POST', '/vouchers', { ...whole, ...wrong });
      expect([status, body.code], JSON.stringify(wrong)).toEqual([400, 'VALIDATION_ERROR']);
    }
  });
});
