import fc from 'fast-check';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { tenantKey } from '#domain/groups.ts';
import { Refusal } from '#platform/refusal.ts';
import type { RouteEnv } from '#platform/routing.ts';
import { createIsolirRoom, type IsolirRoom } from '#test/features/isolir-room.ts';
import { isolirRoutes } from './routes.ts';
import type { IsolirDeps } from './verbs.ts';

let room: IsolirRoom;
let tenantId: string;
let subdomain: string;
let count = 0;

beforeAll(async () => {
  room = await createIsolirRoom(inject('postgresUrl'));
});
afterAll(() => room.close());
beforeEach(async () => {
  subdomain = `isp${++count}`;
  tenantId = await room.addTenant(subdomain);
  room.enforcer.recover();
});

const address = (): string => `10.66.${++count >> 8}.${count & 255}`;

/** The page as it is shown to whoever asks from an address. */
async function shown(
  from: string,
  path = `/isolir/${subdomain}`,
  headers = {},
  deps: IsolirDeps = room.deps,
  form?: Record<string, string>,
) {
  const app = new Hono<RouteEnv>();
  app.use('*', async (c, next) => {
    c.set('address', from);
    c.set('correlationId', 'c-1');
    await next();
  });
  app.route('/', isolirRoutes(deps));
  const answer = await app.request(path, { headers, ...(form && { method: 'POST', body: new URLSearchParams(form) }) });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

const bill = (invoice: string, amount: bigint, dueDate: string) => ({ invoice, amount, dueDate });

describe('the isolir page', () => {
  it('R10: says who it is, masked, what is owed on which bills and since when, and how to pay', async () => {
    const from = address();
    const { line, code } = await room.addVisitor(tenantId, { address: from, name: 'Budi Santoso' });
    room.bills.set(line, [bill('INV-2026-7', 150_000n, '2026-10-20'), bill('INV-2026-9', 99_500n, '2026-11-20')]);
    const branding = { name: 'Satu Net', phone: '+62 812 3456', colour: '#ffee00' };
    await room.set(tenantId, { branding, payment_instructions: 'BCA 123-456 a.n. Satu\n\nhttps://bayar.example' });
    const { status, headers, text } = await shown(from);
    expect(status).toBe(200);
    for (const part of [
      'Satu Net',
      'B*** S***',
      code,
      '249.500',
      '150.000',
      'INV-2026-7',
      '20 Oktober 2026',
      'BCA 123-456',
    ])
      expect(text).toContain(part);
    expect(text).toContain('<a href="https://bayar.example">');
    expect(text).toContain('href="tel:+628123456"');
    for (const hidden of ['Budi', 'Santoso', '81234567890', 'Rahasia', from]) expect(text).not.toContain(hidden);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(headers.get('Content-Security-Policy')).not.toMatch(/unsafe|script/);
  });

  it('R10, S1: names the shop whose customer it is, with its phone, and none that was deactivated', async () => {
    const from = address();
    const { line } = await room.addVisitor(tenantId, { address: from });
    const shop = `insert into resellers (tenant_id, name, phone) values ($1, 'Toko <i>Maju</i>', '0812-77') returning id`;
    const [made] = await room.look<{ id: string }>(shop, [tenantId]);
    await room.look(
      'update customers set reseller_id = $2 where id = (select customer_id from subscriptions where id = $1)',
      [line, made?.id],
    );
    expect((await shown(from)).text).toContain(
      'Toko &lt;i&gt;Maju&lt;/i&gt;</strong>, <a href="tel:081277">0812-77</a>',
    );
    await room.look('update resellers set is_active = false where id = $1', [made?.id]);
    expect((await shown(from)).text).not.toContain('0812-77');
  });

  it('R10: an address that no session has, or one on a plan, is told nothing of anybody', async () => {
    const [other, served] = [address(), address()];
    const { code } = await room.addVisitor(tenantId, { address: other });
    const plan = await room.addVisitor(tenantId, {
      address: served,
      group: `${tenantKey(tenantId)}:home`,
      state: 'active',
    });
    for (const from of [address(), served, '', '::1', "' or 1=1", `${other}, ${other}`]) {
      const { status, text } = await shown(from, `/isolir/${subdomain}?address=${other}&lang=id`, {
        'X-Forwarded-For': other,
        'X-Real-IP': other,
      });
      expect([status, text.includes('tidak dapat mengenali')]).toEqual([200, true]);
      expect(text).not.toContain(code);
      expect(text).not.toContain(plan.code);
    }
  });

  it('R10: whoever has been given an address by whichever router, a page names its holder and nobody else', async () => {
    const tenants = [
      { id: tenantId, subdomain },
      { id: await room.addTenant(`${subdomain}b`), subdomain: `${subdomain}b` },
    ];
    const spot = fc.record({
      tenant: fc.nat(1),
      nas: fc.nat(1),
      place: fc.nat(1),
      hasClass: fc.boolean(),
      at: fc.integer({ min: 1, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(spot, { minLength: 1, maxLength: 4 }), async (spots) => {
        const net = address();
        const visitors: { spot: (typeof spots)[number]; code: string; session: string }[] = [];
        for (const one of spots) {
          const made = await room.addVisitor(tenants[one.tenant]?.id ?? '', {
            address: `${net}${one.place}`.slice(-15),
            nas: `10.20.${one.tenant}.${one.nas}`,
            startedAt: new Date(one.at * 1_000),
            ...(one.hasClass ? {} : { group: null }),
          });
          visitors.push({ spot: one, ...made });
        }
        for (const [t, { subdomain: whose }] of tenants.entries()) {
          for (const place of [0, 1]) {
            const { text } = await shown(`${net}${place}`.slice(-15), `/isolir/${whose}`);
            const named = visitors.filter(({ code }) => text.includes(`>${code}<`));
            const here = visitors.filter((one) => one.spot.tenant === t && one.spot.place === place);
            const routers = new Set(here.map((one) => one.spot.nas));
            const newest = Math.max(...here.map((one) => one.spot.at));
            expect(named.length).toBe(routers.size === 1 ? 1 : 0);
            for (const one of named) expect([one.spot.tenant, one.spot.place, one.spot.at]).toEqual([t, place, newest]);
          }
        }
        for (const { session } of visitors) room.enforcer.endSession(session);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['active', { code: 'nothing_due' }, 'pembayaran sudah kami terima', false],
    ['isolated', { code: 'debt' }, 'belum dibayar', true],
    ['suspended', { code: 'held', reason: 'alasan rahasia' }, 'oleh petugas', true],
    ['pending', { code: 'awaiting_installation' }, 'belum dibayar', true],
    ['terminated', { code: 'terminated' }, 'sudah berakhir', true],
  ])('says what a line is told that is %s: %j', async (state, reason, words, hasBills) => {
    const from = address();
    const { line } = await room.addVisitor(tenantId, { address: from, state, reason });
    room.bills.set(line, [bill('INV-1', 150_000n, '2026-10-20')]);
    const { text } = await shown(from);
    expect(text).toContain(words);
    expect(text).not.toContain('rahasia');
    expect(text.includes('INV-1')).toBe(hasBills);
  });

  it.each([
    ['quota_used_up', 'Kuota'],
    ['validity_over', 'Masa aktif'],
    ['awaiting_first_payment', 'belum aktif'],
    ['ambiguous_invoice', 'hubungi kami'],
  ])('says why nothing is owed and the line is walled in all the same: %s', async (code, words) => {
    const from = address();
    await room.addVisitor(tenantId, { address: from, reason: { code } });
    expect((await shown(from)).text).toContain(words);
  });

  it('is Indonesian, or English for whoever asks for that or prefers it', async () => {
    const language = async (path: string, accept?: string) =>
      /<html lang="(..)"/.exec((await shown(address(), path, accept ? { 'Accept-Language': accept } : {})).text)?.[1];
    const path = `/isolir/${subdomain}`;
    expect(await language(path)).toBe('id');
    expect(await language(path, 'en-US,en;q=0.9')).toBe('en');
    expect(await language(path, 'de,fr')).toBe('id');
    expect(await language(`${path}?lang=id`, 'en')).toBe('id');
    expect(await language(`${path}?lang=xx`, 'jv,id;q=0.8,en;q=0.5')).toBe('id');
    await room.set(tenantId, { language: 'en' });
    expect(await language(path)).toBe('en');
  });

  it('R10: stays under 50 kB with a logo, a QRIS picture, long instructions and a hundred bills; a large logo is left out', async () => {
    const from = address();
    const { line } = await room.addVisitor(tenantId, { address: from });
    room.bills.set(
      line,
      Array.from({ length: 100 }, (_, n) => bill(`INV-2026-${n} ${'x'.repeat(100)}`, 150_000n, '2026-10-20')),
    );
    room.logos.set(tenantId, new Uint8Array(12_000));
    await room.set(tenantId, { qris: `000201${'A1'.repeat(200)}6304ABCD`, payment_instructions: 'b & c '.repeat(330) });
    const { text } = await shown(from);
    expect(text).toContain('data:image/png');
    expect(text).toContain('<svg');
    expect(Buffer.byteLength(text)).toBeLessThan(50_000);
    room.logos.set(tenantId, new Uint8Array(12_001));
    expect((await shown(from)).text).not.toContain('data:image/png');
  });

  it('R10: while RADIUS is away it says so and names nobody; while the bridge is away a general page stands there', async () => {
    const from = address();
    const { code } = await room.addVisitor(tenantId, { address: from });
    await room.set(tenantId, { branding: { name: 'Satu Net' } });
    room.enforcer.fail({ reason: 'unreachable', detail: 'no RADIUS here' });
    const radiusAway = await shown(from);
    expect(radiusAway.status).toBe(200);
    expect(radiusAway.text).toContain('Satu Net');
    expect(radiusAway.text).toContain('sedang tidak dapat ditampilkan');
    expect(radiusAway.text).not.toContain(code);
    expect((await shown(from, '/isolir')).status).toBe(200);
    room.enforcer.recover();
    const away = async (): Promise<never> => {
      throw Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
    };
    const deps = { ...room.deps, db: { ...room.db, gateOnce: away, look: away } };
    for (const path of [`/isolir/${subdomain}`, '/isolir']) {
      const { status, headers, text } = await shown(from, path, {}, deps);
      expect([status, headers.get('Retry-After')]).toEqual([503, '30']);
      expect(text).toContain('Cobalah lagi');
      expect(text).not.toMatch(/ECONNREFUSED|5432/);
    }
  });

  it('R10: without a tenant in its path it leads to that of the router or of the session, and of nobody else', async () => {
    const [session, router] = [address(), address()];
    await room.addVisitor(tenantId, { address: session });
    await room.enforcer.applyNas({
      address: router,
      generation: 1n,
      shortname: 'ckp',
      secret: 'a-secret-of-its-own',
      type: 'mikrotik',
      tenantKey: tenantKey(tenantId),
    });
    for (const from of [session, router]) {
      const { status, headers } = await shown(from, '/isolir');
      expect([status, headers.get('Location')]).toEqual([302, `/isolir/${subdomain}`]);
    }
    const other = await room.addTenant(`${subdomain}c`);
    await room.addVisitor(other, { address: session });
    for (const from of [session, address()]) expect((await shown(from, '/isolir')).status).toBe(200);
    expect((await shown(session, '/isolir/nobody')).status).toBe(404);
    await room.look('update tenants set is_active = false where id = $1', [tenantId]);
    expect((await shown(router, '/isolir')).status).toBe(200);
    expect((await shown(session)).status).toBe(404);
  });
});

describe('the voucher form of the isolir page', () => {
  const type = (from: string, code: string) =>
    shown(from, `/isolir/${subdomain}/voucher?lang=id`, {}, room.deps, { code, line: 'another', subscription_id: 'x' });
  const conflict = (reason: string) => async (): Promise<never> => {
    throw new Refusal('CONFLICT', 'x', { reason });
  };

  it('R4, R10: stands there for a prepaid line, and renews the line at the address, whatever else is sent', async () => {
    const [own, postpaid] = [address(), address()];
    const { line } = await room.addVisitor(tenantId, {
      address: own,
      mode: 'prepaid',
      reason: { code: 'validity_over' },
    });
    await room.addVisitor(tenantId, { address: postpaid });
    expect((await shown(own)).text).toContain(`action="/isolir/${subdomain}/voucher?lang=id"`);
    expect((await shown(postpaid)).text).not.toContain('/voucher');
    room.vouchers.set('ABCD-1234', () =>
      room.look(`update access set state = 'active' where subscription_id = $1`, [line]),
    );
    room.redeemed.length = 0;
    const { status, text } = await type(own, 'ABCD-1234');
    expect([status, room.redeemed]).toEqual([200, [{ tenantId, line, code: 'ABCD-1234' }]]);
    expect(text).toContain('Voucher diterima.');
    expect(text).toContain('menyala kembali');
    expect(text).not.toContain('name="code"');
  });

  it.each([
    ['used', 'sudah dipakai'],
    ['void', 'tidak berlaku'],
    ['expired', 'sudah lewat'],
    ['other_plan', 'paket lain'],
    ['postpaid', 'tidak dibayar dengan voucher'],
  ])('says why a code is not taken: %s', async (reason, words) => {
    const from = address();
    await room.addVisitor(tenantId, { address: from, mode: 'prepaid' });
    room.vouchers.set(reason, conflict(reason));
    expect((await type(from, reason)).text).toContain(words);
  });

  it('an unknown code, too many of them, an empty form, and whoever is not known get a page; what fails is not swallowed', async () => {
    const from = address();
    await room.addVisitor(tenantId, { address: from, mode: 'prepaid' });
    expect((await type(from, 'NONE')).text).toContain('tidak dikenal');
    expect((await type(from, '')).text).toContain('tidak dikenal');
    room.vouchers.set('OFTEN', async () => {
      throw new Refusal('RATE_LIMIT', 'x');
    });
    expect((await type(from, 'OFTEN')).text).toContain('Terlalu banyak');
    room.vouchers.set('BROKEN', async () => {
      throw new Error('out of order');
    });
    expect((await type(from, 'BROKEN')).status).toBe(503);
    room.redeemed.length = 0;
    expect((await type(address(), 'ABCD-1234')).text).toContain('tidak dapat mengenali');
    expect(room.redeemed).toEqual([]);
    const long = await shown(from, `/isolir/${subdomain}/voucher`, {}, room.deps, { code: 'x'.repeat(5_000) });
    expect(long.status).toBe(413);
    const again = await shown(from, `/isolir/${subdomain}/voucher`);
    expect([again.status, again.headers.get('Location')]).toEqual([302, `/isolir/${subdomain}`]);
  });
});

describe('paying on the isolir page', () => {
  const pay = (from: string, form: Record<string, string>) =>
    shown(from, `/isolir/${subdomain}/pay?lang=id`, {}, room.deps, form);

  it('L5, R10: a button per bill asks the gateway, and its QRIS picture or virtual account is shown; no other bill is', async () => {
    const from = address();
    const { line } = await room.addVisitor(tenantId, { address: from });
    const other = await room.addVisitor(tenantId, { address: address() });
    room.bills.set(line, [bill('INV-A', 150_000n, '2026-10-20')]);
    room.bills.set(other.line, [bill('INV-B', 70_000n, '2026-10-20')]);
    expect((await shown(from)).text).not.toContain('/pay');
    room.ways.set(tenantId, ['qris', 'virtual_account']);
    expect((await shown(from)).text).toContain('Bayar dengan QRIS');
    const nothing = { qr_string: null, virtual_account: null, bank: null };
    room.charges.set('INV-A qris', { ...nothing, amount: 150_000n, qr_string: '00020101021226' });
    room.charges.set('INV-A virtual_account', {
      ...nothing,
      amount: 150_000n,
      virtual_account: '88081234',
      bank: 'bni',
    });
    room.charges.set('INV-B qris', { ...nothing, amount: 70_000n, qr_string: '00020101021226' });
    const picture = await pay(from, { bill: 'INV-A', method: 'qris' });
    expect(picture.text).toContain('Jumlahnya sudah terisi');
    expect(picture.text).toContain('<svg');
    expect((await pay(from, { bill: 'INV-A', method: 'virtual_account' })).text).toContain('bni 88081234');
    for (const form of [{ bill: 'INV-B', method: 'qris' }, { bill: 'INV-A', method: 'e_wallet' }, {}] as const) {
      const { status, text } = await pay(from, form as Record<string, string>);
      expect(status).toBe(200);
      expect(text).not.toMatch(/<svg|70\.000/);
    }
    room.charges.clear();
    expect((await pay(from, { bill: 'INV-A', method: 'qris' })).text).toContain('tidak dapat dibuat');
  });
});
