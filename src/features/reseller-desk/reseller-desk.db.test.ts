import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Tx } from '#db/database.ts';
import { err, ok } from '#domain/result.ts';
import { createPresentCustomer } from '#journeys/import-customers.ts';
import { createOneAtATime } from '#journeys/one-at-a-time.ts';
import { checkPlace } from '#journeys/reseller-coverage.ts';
import { resellerPurse } from '#main/reseller-purse.ts';
import type { Routes } from '#platform/routing.ts';
import { type Call, callAs, callRaw } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { type Office, officeTime, openOffice } from '#test/setup/office.ts';
import type { ModemView, PastSession } from './modem-looks.ts';
import { resellerDeskRoutes } from './routes.ts';

type Deps = Parameters<typeof resellerDeskRoutes>[0];

let bridge: TestBridge;
let office: Office;
let deps: Deps;
let routes: Routes;
const [sari, tono] = [randomUUID(), randomUUID()];
/** Open sessions by username; null: RADIUS is away. */
let sessions: Map<string, PastSession[]> | null = new Map();
/** The tenth of seconds that a look takes; looks are late after two seconds. */
let slowMs = 0;
let now = officeTime;

const isOpen = (some: readonly PastSession[] | undefined): boolean => (some ?? []).some(({ endedAt }) => !endedAt);
const slowly = async <T>(answer: T): Promise<T> => {
  if (slowMs > 0) await new Promise((resolve) => setTimeout(resolve, slowMs).unref());
  return answer;
};
const modems: ModemView = {
  online: (_tenant, names) =>
    slowly(sessions ? ok(new Set(names.filter((name) => isOpen(sessions?.get(name))))) : err({ detail: 'away' })),
  lastSessions: (_tenant, name, limit) =>
    slowly(sessions ? ok((sessions.get(name) ?? []).slice(0, limit)) : err({ detail: 'away' })),
};

const session = (startedAt: number, endedAt: number | null): PastSession => ({
  startedAt: new Date(startedAt),
  endedAt: endedAt === null ? null : new Date(endedAt),
  seenAt: new Date(endedAt ?? now),
  nasAddress: '10.0.0.1',
  inputOctets: 2_000_000,
  outputOctets: 30_400_000,
});

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  office = await openOffice(bridge, { settings: { language: 'en' } });
  const { db } = bridge;
  for (const [id, name] of [
    [sari, 'Toko Sari'],
    [tono, 'Toko Tono'],
  ] as const) {
    await bridge.look('insert into resellers (tenant_id, id, name) values ($1, $2, $3)', [office.tenant.id, id, name]);
    await bridge.look(
      `insert into users (tenant_id, email, name, role, password_hash, reseller_id) values ($1, $2, $3, 'reseller', '-', $4)`,
      [office.tenant.id, `${name.slice(5).toLowerCase()}@x.id`, name, id],
    );
  }
  deps = {
    db,
    clock: () => now,
    modems,
    appendMessage: office.registering.appendMessage,
    purse: resellerPurse,
    checkPlace,
    addPresent: createPresentCustomer(office.around),
    inTurn: createOneAtATime(),
  };
  routes = resellerDeskRoutes(deps);
});
afterAll(() => bridge.close());

const as = (reseller: string): Call => callAs(routes, office.tenant, 'reseller', reseller);
const provider = (role = 'operator'): Call => callAs(routes, office.tenant, role);

/** A customer of a reseller, registered as it registers. */
async function add(reseller: string, name: string, more: Record<string, unknown> = {}) {
  const form = { name, phone: '0812 345', address: 'Jl. Melati', service_plan_id: office.planId, ...more };
  const told = await office.customersAs('reseller', reseller)('POST', '/reseller/customers', form);
  expect(told).toMatchObject({ status: 201 });
  const line = told.body.subscription as { readonly id: string; readonly username: string; readonly password: string };
  return { id: String(told.body.id), line: line.id, username: line.username.toLowerCase(), password: line.password };
}

const decided = (line: string, state: string, reason: string) =>
  bridge.look('update access set state = $2, reason = $3 where subscription_id = $1', [line, state, reason]);

async function bill(customer: string, amount: number, due: string): Promise<string> {
  const [row] = await bridge.look<{ number: string }>(
    `with p as (insert into postings (tenant_id, kind, idem_key, posted_on) values ($1, 'invoice', $5, $4) returning id),
      e as (insert into entries (tenant_id, posting_id, no, account, customer_id, amount)
        select $1, p.id, n, 'receivable', $2, case n when 1 then $3::bigint else -$3::bigint end from p, generate_series(1, 2) n)
     insert into invoices (tenant_id, year, serial, number, customer_id, reason, issued_on, due_date, net, total, posting_id)
     select $1, 2025, (random() * 1000000)::int, $5, $2, 'manual', '2025-01-01', $4, $3, $3, id from p returning number`,
    [office.tenant.id, customer, amount, due, randomUUID().slice(0, 8)],
  );
  return row?.number ?? '';
}

type Listed = { readonly id: string; readonly dot: string; readonly open: number };
const listed = async (reseller: string, query = ''): Promise<Listed[]> =>
  (await as(reseller)('GET', `/reseller/customers?page_size=100${query}`)).body.data as Listed[];
const whyOf = async (id: string) => {
  const { body } = await as(sari)('GET', `/reseller/customers/${id}/status`);
  const [line] = body.lines as { readonly why: { code: string; text: { id: string; en: string } } }[];
  return { body, why: line?.why };
};

describe('a reseller’s counter', () => {
  it('S1: shows who is online, who owes and why one is off, and says so when modems cannot be looked at', async () => {
    const [online, off, owing] = [await add(sari, 'Andi'), await add(sari, 'Budi'), await add(sari, 'Cici')];
    await bill(owing.id, 150_000, '2025-01-20');
    await decided(owing.line, 'isolated', '{"code":"debt","amount":"150000","invoices":[],"since":"2025-01-20"}');
    const hour = 3_600_000;
    sessions = new Map([
      [online.username, [session(now - hour, null), session(now - 9 * hour, now - 2 * hour)]],
      [off.username, [session(now - 9 * hour, now - 4 * hour)]],
    ]);
    const rows = await listed(sari);
    expect(rows.map(({ id, dot, open }) => [id, dot, open])).toEqual([
      [online.id, 'green', 0],
      [off.id, 'red', 0],
      [owing.id, 'red', 150_000],
    ]);
    for (const [dot, ids] of [
      ['green', [online.id]],
      ['red', [off.id, owing.id]],
      ['grey', []],
    ] as const) {
      const some = await listed(sari, `&dot=${dot}`);
      expect(some.map((row) => [row.id, row.dot])).toEqual(ids.map((id) => [id, dot]));
    }
    const shown = await whyOf(online.id);
    expect(shown.why).toMatchObject({ code: 'online', text: { en: 'Online since 00:00.' } });
    expect(shown.body).toMatchObject({
      lines: [
        {
          online: true,
          sessions: [{ ended_at: null, seconds: 3_600, up_mb: 2, down_mb: 30 }, { seconds: 7 * 3_600 }],
        },
      ],
    });
    expect((await whyOf(off.id)).why).toMatchObject({ code: 'disconnected' });
    expect((await whyOf(owing.id)).why?.text.id).toBe(
      'Belum bayar Rp 150.000, jatuh tempo 20 Januari 2025: bayar di sini, lalu internet menyala lagi.',
    );
    sessions = null;
    now += 60_000;
    expect((await listed(sari)).map(({ dot }) => dot)).toEqual(['grey', 'grey', 'red']);
    expect((await listed(sari, '&dot=green')).length).toBe(0);
    expect((await whyOf(online.id)).why).toMatchObject({ code: 'unknown' });
    [sessions, slowMs] = [new Map(), 4_000];
    expect((await as(sari)('GET', '/reseller/customers')).body).toMatchObject({ sees_modems: false });
    slowMs = 0;
  });

  it('S1: a first page counts dots, bills and what is held, by the tenant’s calendar', async () => {
    now += 60_000;
    const one = await add(tono, 'Dewi');
    sessions = new Map([[one.username, [session(now, null)]]]);
    await bill(one.id, 100_000, '2025-01-31');
    await bill(one.id, 70_000, '2025-02-03');
    await bill(one.id, 30_000, '2025-03-20');
    const { status, body } = await as(tono)('GET', '/reseller/dashboard');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      customers: { total: 1, green: 1, red: 0, grey: 0 },
      by_state: { active: 1, isolated: 0 },
      to_collect: { customers: 1, amount: 170_000 },
      overdue: { customers: 1, amount: 100_000 },
      due_soon: [{ id: one.id, name: 'Dewi', amount: 70_000, due_date: '2025-02-03' }],
      deposit: { balance: 0, low_mark: null },
      commission_this_month: 0,
    });
    const bills = await as(tono)('GET', `/reseller/invoices?customer_id=${one.id}&page_size=2`);
    expect(bills.body).toMatchObject({
      total: 3,
      open: 200_000,
      data: [{ outstanding: 100_000, is_overdue: true }, {}],
    });
    expect((await as(tono)('GET', '/reseller/invoices?page=9')).body).toMatchObject({
      data: [],
      total: 3,
      open: 200_000,
    });
  });

  it('SEC-3: shows and takes nothing of another reseller’s, and nobody else stands at the counter', async () => {
    const [theirs] = await listed(sari);
    const { id } = theirs ?? { id: '' };
    expect((await listed(tono)).map((row) => row.id)).not.toContain(id);
    const refused = [
      await as(tono)('GET', `/reseller/customers/${id}/status`),
      await as(tono)('GET', `/reseller/invoices?customer_id=${id}`),
    ];
    expect(refused.map(({ status }) => status)).toEqual([404, 404]);
    const about = { kind: 'slow', text: 'x', customer_id: id };
    expect((await as(tono)('POST', '/reseller/requests', about)).status).toBe(400);
    for (const path of ['dashboard', 'customers', 'plans', 'invoices', 'requests'])
      expect((await provider('admin')('GET', `/reseller/${path}`)).status, path).toBe(403);
  });

  it('C8: registers nobody where there is no coverage, unless the provider lets it', async () => {
    const { id: tenant } = office.tenant;
    const [area] = await bridge.look<{ id: string }>(
      `insert into coverage_areas (tenant_id, name, geometry, radius_m)
       values ($1, 'ODP 7', '{"type":"Point","coordinates":[107.3,-6.3]}', 300) returning id`,
      [tenant],
    );
    const post = office.customersAs('reseller', sari);
    const form = { name: 'Eka', phone: '0812', address: 'Jl. A', service_plan_id: office.planId };
    const far = { latitude: -7, longitude: 108 };
    expect((await post('POST', '/reseller/customers', form)).body).toMatchObject({ code: 'VALIDATION_ERROR' });
    expect(await post('POST', '/reseller/customers', { ...form, ...far })).toMatchObject({
      status: 409,
      body: { details: { reason: 'outside_coverage' } },
    });
    expect((await as(sari)('POST', '/reseller/coverage', far)).body).toMatchObject({
      covered: false,
      may_register: false,
    });
    await add(sari, 'Eka', { latitude: -6.3, longitude: 107.3 });
    await bridge.look(`update tenants set settings = settings || '{"resellers_outside_coverage":true}' where id = $1`, [
      tenant,
    ]);
    expect((await as(sari)('POST', '/reseller/coverage', far)).body).toMatchObject({
      covered: false,
      may_register: true,
    });
    await add(sari, 'Fani', far);
    await bridge.look('delete from coverage_areas where id = $1', [area?.id]);
  });

  it('S1: asks the provider, who answers and closes; each is written to when it is its turn', async () => {
    const opened = await as(sari)('POST', '/reseller/requests', { kind: 'no_internet', text: 'Mati sejak pagi' });
    expect(opened).toMatchObject({ status: 201, body: { state: 'open', messages: [{ by: 'reseller' }] } });
    const path = `reseller-requests/${String(opened.body.id)}`;
    expect((await as(tono)('GET', `/reseller/requests/${String(opened.body.id)}`)).status).toBe(404);
    expect((await provider()('GET', '/reseller-requests?state=open')).body).toMatchObject({ total: 1 });
    const answered = await provider()('POST', `/${path}/messages`, { text: 'Sedang diperbaiki' });
    expect(answered.body).toMatchObject({ state: 'answered', messages: [{}, { by: 'provider', name: 'Sari' }] });
    const own = `/reseller/requests/${String(opened.body.id)}/messages`;
    expect((await as(sari)('POST', own, { text: 'Terima kasih' })).body).toMatchObject({ state: 'open' });
    expect((await provider()('POST', `/${path}/close`)).body).toMatchObject({ state: 'closed' });
    expect((await as(sari)('POST', own, { text: 'Mati lagi' })).status).toBe(409);
    expect((await provider('viewer')('POST', `/${path}/close`)).status).toBe(403);
    const written = await bridge.look<{ event: string; n: number }>(
      `select event, count(*)::int as n from messages where event like 'reseller%' group by event order by event`,
    );
    expect(written).toEqual([
      { event: 'reseller_answer', n: 1 },
      { event: 'reseller_request', n: 2 },
    ]);
  });
});

describe('an import of present customers', () => {
  const send = async (file: string, preview: boolean, reseller = tono, of = routes) => {
    const call = callRaw(of, office.tenant, 'reseller', reseller);
    const told = await call('POST', `/reseller/customers/import?preview=${preview}`, Buffer.from(file));
    return { status: told.status, body: JSON.parse(told.text) };
  };
  const heading = 'Nama;Telepon;Alamat;Paket;Username;MAC';
  const count = async () => (await listed(tono)).length;

  it('says row by row what would come of it, and makes all or none', async () => {
    const before = await count();
    const twin = await add(sari, 'Gita', { mac: 'AA:BB:CC:00:00:01' });
    const file = `${heading}\nHadi;08121;Jl. B;home 10;;\nIwan;08122;Jl. C;Mewah;;\nJoko;08123;Jl. D;Home 10;${twin.username};aabbcc000001`;
    const wrong = [[], ['plan_unknown'], ['username_taken', 'mac_taken']];
    for (const preview of [true, false]) {
      const { status, body } = await send(file, preview);
      expect(status).toBe(200);
      expect(body).toMatchObject({ preview, good: 1, bad: 2, customers: [] });
      expect(body.rows.map((row: { errors: { code: string }[] }) => row.errors.map(({ code }) => code))).toEqual(wrong);
      expect(await count()).toBe(before);
    }
  });

  it('is done once for one file, at the reseller’s price, and the new lines are served at once', async () => {
    const before = await count();
    await bridge.look(
      `insert into reseller_plans (tenant_id, reseller_id, service_plan_id, price) values ($1, $2, $3, 99000)`,
      [office.tenant.id, tono, office.planId],
    );
    const file = `${heading}\n${Array.from({ length: 20 }, (_, i) => `Kiki ${i};0813${1000 + i};Jl. E;Home 10;;`).join('\n')}`;
    const told = await Promise.all([send(file, false), send(file, false)]);
    expect(told.map(({ body }) => body.customers.length).sort()).toEqual([0, 20]);
    expect(told.map(({ body }) => body.imported_before).sort()).toEqual([false, true]);
    expect((await send(file, false)).body).toMatchObject({ imported_before: true, customers: [] });
    expect(await count()).toBe(before + 20);
    const lines = await bridge.look(
      `select distinct s.monthly_fee, s.installed_at is not null as installed, s.activated_at is not null as active
       from subscriptions s join customers c on c.id = s.customer_id where c.name like 'Kiki %'`,
    );
    expect(lines).toEqual([{ monthly_fee: expect.anything(), installed: true, active: true }]);
    expect(String(Object(lines[0]).monthly_fee)).toBe('99000');
    expect((await send(`${file}\n`, false)).body).toMatchObject({ good: 0, bad: 20 });
  });

  it('leaves nothing behind when only the registration can tell that a name is taken', async () => {
    const before = await count();
    const other = await openOffice(bridge, { radiusDb: await office.around.radiusDbOf(office.tenant.id) });
    const taken = String(Object((await other.registered({ username: 'milik-lain' })).body.subscription).username);
    const { body } = await send(`${heading}\nLina;08141;Jl. F;Home 10;;\nMaya;08151;Jl. G;Home 10;${taken};`, false);
    expect(body).toMatchObject({
      good: 1,
      bad: 1,
      customers: [],
      rows: [{}, { errors: [{ code: 'username_taken' }] }],
    });
    expect(await count()).toBe(before);
  });

  const rows = (who: string): string =>
    Array.from({ length: 12 }, (_, i) => `${who} ${i};0816${1000 + i};Jl. H;Home 10;;`).join('\n');
  const named = async (who: string): Promise<number> =>
    (await listed(tono)).filter((one) => String(Object(one).name).startsWith(who)).length;
  async function endOf(tx: Tx): Promise<void> {
    const { rows: own } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
    await bridge.look('select pg_terminate_backend($1)', [own[0]?.pid]);
  }
  /** Whatever a killed process had open is gone: its connection to the database ends in the middle of the file. */
  const gone = 'the process is gone';
  const dying = (addPresent: Deps['addPresent']): Routes => {
    let left = 8;
    return resellerDeskRoutes({
      ...deps,
      addPresent: async (tx, ...row) => {
        left -= 1;
        if (left > 0) return addPresent(tx, ...row);
        await endOf(tx);
        throw new Error(gone);
      },
    });
  };

  it('REL-1: a process that is killed half-way leaves nothing; the same file comes in whole afterwards, once', async () => {
    const file = `${heading}\n${rows('Nana')}`;
    await expect(send(file, false, tono, dying(deps.addPresent))).rejects.toThrow(gone);
    expect(await named('Nana')).toBe(0);
    expect((await send(file, true)).body).toMatchObject({ imported_before: false, good: 12, bad: 0 });
    expect((await send(file, false)).body.customers).toHaveLength(12);
    expect((await send(file, false)).body).toMatchObject({ imported_before: true, customers: [] });
    expect(await named('Nana')).toBe(12);
  });

  it('REL-1, control: an import that commits each row leaves a half, and the file cannot come in any more', async () => {
    const file = `${heading}\n${rows('Opik')}`;
    const each: Deps['addPresent'] = (_, who, ...row) =>
      deps.db.tenant(who.tenantId, (tx) => deps.addPresent(tx, who, ...row));
    await expect(send(file, false, tono, dying(each))).rejects.toThrow(gone);
    expect(await named('Opik')).toBe(7);
    expect((await send(file, true)).body).toMatchObject({ good: 5, bad: 7 });
  });
});
