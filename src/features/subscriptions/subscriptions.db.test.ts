import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { err, ok } from '#domain/result.ts';
import { auditRows } from '#test/features/audit-rows.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { type Office, officeTime, openOffice } from '#test/setup/office.ts';
import type { RadiusView } from './radius-view.ts';

let bridge: TestBridge;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());

const session = {
  sessionId: '8100000a',
  nasAddress: '10.0.0.1',
  framedAddress: '10.1.1.1',
  callingStationId: 'AA:BB:CC:DD:EE:FF',
  startedAt: new Date('2025-01-31T17:00:00Z'),
  updatedAt: null,
  inputOctets: 5_000_000_000,
  outputOctets: 1,
  group: 't1:home-10',
};

/** A RADIUS that knows whom it is asked about; `away` is why it does not answer. */
function radiusOf(asked: string[], away: string | null = null): RadiusView {
  const none = { groups: [], check: [], reply: [] };
  const password = { attribute: 'Cleartext-Password', op: ':=', value: 'Rahasia1' };
  return {
    sessionsOf: async (_tenant, username) => {
      asked.push(username);
      return away === null ? ok([session]) : err({ detail: away });
    },
    history: async () => ok({ sessions: [], total: 0 }),
    readUser: async () =>
      away === null
        ? ok({ groups: ['t1:elsewhere'], check: [password], reply: [], foreign: none, generation: 1n })
        : err({ detail: away }),
  };
}

type Line = { readonly id: string; readonly username: string; readonly password: string };
const lineOf = async (office: Office, more: Record<string, unknown> = {}): Promise<Line> =>
  (await office.registered(more)).body.subscription as Line;

const byHand = (office: Office, id: string, move: string, reason = 'because') =>
  office.subscriptions('POST', `/subscriptions/${id}/${move}`, { reason });

const timelineOf = (id: string) =>
  bridge.look<{ kind: string; text: string }>(
    'select kind, text from timeline where subscription_id = $1 order by id',
    [id],
  );

describe('subscriptions', () => {
  it('C6, B1, R9: a subscription is answered with its standing, its reason in words, its links and who is online', async () => {
    const asked: string[] = [];
    const office = await openOffice(bridge, { radius: radiusOf(asked) });
    const { id } = await lineOf(office, { username: 'Budi', mac: 'aabbccddeeff' });
    const { status, body } = await office.subscriptions('GET', `/subscriptions/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      customer: { code: 'CUST001', name: 'Budi' },
      service_plan: { id: office.planId, name: 'Home 10' },
      username: 'Budi',
      state: 'active',
      reason: 'Tidak ada tagihan jatuh tempo.',
      reason_code: 'nothing_due',
      applied_generation: null,
      due_date: 20,
      next_due_date: '2025-02-20',
      monthly_fee: 150_000,
      online: [{ session_id: '8100000a', started_at: '2025-01-31T17:00:00.000Z', input_octets: 5_000_000_000 }],
      online_note: null,
    });
    expect(body.generation).toBeGreaterThan(0);
    expect(body.links).toMatchObject([
      { kind: 'mac', value: 'AA:BB:CC:DD:EE:FF', source: 'registration' },
      { kind: 'radius_username', value: 'budi', source: 'registration' },
    ]);
    expect(asked).toEqual(['budi']);
    expect(body).not.toHaveProperty('password');
  });

  it('R9: a RADIUS that is away is told in words, not as nobody online', async () => {
    const office = await openOffice(bridge, { radius: radiusOf([], 'the RADIUS database refuses connections') });
    const { id } = await lineOf(office);
    expect((await office.subscriptions('GET', `/subscriptions/${id}`)).body).toMatchObject({
      online: null,
      online_note: 'the RADIUS database refuses connections',
    });
    const explained = await office.subscriptions('GET', `/subscriptions/${id}/explain`);
    expect(explained).toMatchObject({
      status: 200,
      body: { state: 'active', sessions: null, applied: { rows: null, differences: null } },
    });
  });

  it('P12: lists hold what their filter asks for; a username is found in whatever letters', async () => {
    const office = await openOffice(bridge);
    const one = await lineOf(office, { username: 'Budi' });
    const two = await lineOf(office, { billing_mode: 'prepaid' });
    const ids = async (query: string) =>
      ((await office.subscriptions('GET', `/subscriptions?${query}`)).body.data as Line[]).map(({ id }) => id);
    expect(await ids('username=BUDI')).toEqual([one.id]);
    expect(await ids('username=bud')).toEqual([]);
    expect(await ids('username=no%20name')).toEqual([]);
    expect(await ids('state=pending')).toEqual([two.id]);
    expect(await ids('sort=-username')).toEqual([two.id, one.id]);
    expect(await ids('search=cust')).toEqual([two.id]);
    expect(await ids('search=%25')).toEqual([]);
    const { body } = await office.subscriptions('GET', `/subscriptions/${two.id}`);
    expect(await ids(`customer_id=${(body.customer as { id: string }).id}`)).toEqual([two.id]);
  });

  it('P1: another tenant sees and moves none of it', async () => {
    const [office, other] = [await openOffice(bridge), await openOffice(bridge)];
    const { id } = await lineOf(office);
    expect((await other.subscriptions('GET', '/subscriptions')).body.total).toBe(0);
    expect((await other.subscriptions('GET', `/subscriptions/${id}`)).status).toBe(404);
    expect((await other.subscriptions('GET', `/subscriptions/${id}/explain`)).status).toBe(404);
    expect((await byHand(other, id, 'suspend')).status).toBe(404);
    expect((await other.subscriptions('POST', `/subscriptions/${id}/password`, { action: 'reveal' })).status).toBe(404);
  });
});

describe('a subscription in somebody’s hands', () => {
  it('C9: suspend, resume and terminate answer the new state; what does not fit is 409 and names the state', async () => {
    const office = await openOffice(bridge);
    const { id } = await lineOf(office);
    expect((await byHand(office, id, 'suspend', 'Pindah rumah')).body).toMatchObject({
      state: 'suspended',
      reason: 'Ditahan oleh petugas: Pindah rumah',
    });
    expect(await byHand(office, id, 'suspend')).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT', details: { state: 'suspended' } },
    });
    expect((await byHand(office, id, 'activate')).status).toBe(409);
    expect((await byHand(office, id, 'resume')).body.state).toBe('active');
    expect((await byHand(office, id, 'resume')).body).toMatchObject({ code: 'CONFLICT', details: { state: 'active' } });
    expect((await byHand(office, id, 'terminate')).body.state).toBe('terminated');
    for (const move of ['activate', 'suspend', 'resume', 'terminate']) {
      expect((await byHand(office, id, move)).body).toMatchObject({ details: { state: 'terminated' } });
    }
  });

  it('R4, P25: a prepaid line that waits is activated by hand, once', async () => {
    const office = await openOffice(bridge);
    const { id } = await lineOf(office, { billing_mode: 'prepaid' });
    const { body } = await byHand(office, id, 'activate');
    expect(body).toMatchObject({ state: 'active', activated_at: '2025-01-31T18:00:00.000Z' });
    expect((await byHand(office, id, 'activate')).status).toBe(409);
  });

  it('B6: who did what, and why, stands in the timeline; a reason is asked for', async () => {
    const office = await openOffice(bridge);
    const { id } = await lineOf(office);
    await byHand(office, id, 'suspend', 'Pindah rumah');
    expect(await timelineOf(id)).toContainEqual({ kind: 'by_hand', text: 'Suspended by Sari: Pindah rumah' });
    expect((await byHand(office, id, 'resume', '  ')).status).toBe(400);
    expect((await office.subscriptions('POST', `/subscriptions/${id}/resume`, {})).status).toBe(400);
  });

  it('P27, P28: each move reaches the enforcer as a newer decision', async () => {
    const office = await openOffice(bridge);
    const { id } = await lineOf(office);
    for (const move of ['suspend', 'resume', 'terminate']) await byHand(office, id, move);
    const rows = await bridge.look<{ state: string; generation: string }>(
      `select intent -> 'desired' ->> 'state' as state, generation from outbox
       where subscription_id = $1 and kind = 'access.apply' order by generation`,
      [id],
    );
    expect(rows.map(({ state }) => state)).toEqual(['active', 'suspended', 'active', 'terminated']);
    expect(new Set(rows.map(({ generation }) => generation)).size).toBe(4);
  });

  it('P26: a line that is moved to another plan stands in that plan’s group, at its price of today', async () => {
    const office = await openOffice(bridge);
    const { id } = await lineOf(office);
    const { body: plan } = await office.plans('POST', '/service-plans', {
      name: 'Home 20',
      speed_download: 20,
      speed_upload: 10,
      price: 250_000,
    });
    const move = { service_plan_id: plan.id, reason: 'Minta naik' };
    expect((await office.subscriptions('POST', `/subscriptions/${id}/change-plan`, move)).body).toMatchObject({
      service_plan: { name: 'Home 20' },
      monthly_fee: 250_000,
    });
    const { body } = await office.subscriptions('GET', `/subscriptions/${id}/explain`);
    expect(body.desired).toMatchObject({ group: expect.stringMatching(/:home-20$/) });
    const nowhere = { ...move, service_plan_id: id };
    expect((await office.subscriptions('POST', `/subscriptions/${id}/change-plan`, nowhere)).status).toBe(400);
  });

  it('L1: the plan of a line that ERPNext bills is changed in ERPNext', async () => {
    const office = await openOffice(bridge);
    const { id } = await lineOf(office, { erp_customer: 'Budi', erp_subscription: 'SUB-1' });
    await bridge.look(
      `insert into ledger_documents (tenant_id, doctype, name, customer, modified, fact, changed, fetched_at)
       values ($1, 'Subscription', 'SUB-1', 'Budi', '', null, false, now())`,
      [office.tenant.id],
    );
    const move = { service_plan_id: office.planId, reason: 'x' };
    expect(await office.subscriptions('POST', `/subscriptions/${id}/change-plan`, move)).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('SUB-1') },
    });
  });

  it('L1: the plan of a line that is on its way to ERPNext, or that the hub has made there, is not changed here', async () => {
    const office = await openOffice(bridge);
    const { id } = await lineOf(office);
    const home20 = { name: 'Home 20', speed_download: 20, speed_upload: 10, price: 250_000 };
    const { body: plan } = await office.plans('POST', '/service-plans', home20);
    const wish = { service_plan_id: plan.id, reason: 'Minta naik' };
    const move = async () => (await office.subscriptions('POST', `/subscriptions/${id}/change-plan`, wish)).status;
    const push = (state: string, attempts: number) =>
      bridge.look(
        `insert into outbox (tenant_id, kind, key, intent, generation, urgency, correlation_id, state, attempts)
         values ($1, 'ledger.subscription', $2, '{}', 1, 1, '-', $3, $4)`,
        [office.tenant.id, id, state, attempts],
      );
    await push('running', 1);
    expect(await move()).toBe(409);
    await bridge.look(`update outbox set state = 'done' where kind = 'ledger.subscription' and key = $1`, [id]);
    await push('ready', 2);
    expect(await move()).toBe(409);
    await bridge.look(`update outbox set state = 'done' where kind = 'ledger.subscription' and key = $1`, [id]);
    await bridge.look(`update subscriptions set erp_subscription = 'SUB-9' where id = $1`, [id]);
    await bridge.look(
      `insert into bridge_links (tenant_id, subscription_id, kind, value, source)
       values ($1, $2, 'erp_subscription', 'SUB-9', 'hub')`,
      [office.tenant.id, id],
    );
    expect(await move()).toBe(409);
    await bridge.look(`delete from bridge_links where subscription_id = $1 and value = 'SUB-9'`, [id]);
    expect(await move()).toBe(200);
  });

  it('C7: the password is shown again, or replaced and sent on, and the timeline says to whom', async () => {
    const office = await openOffice(bridge);
    const { id, username, password } = await lineOf(office);
    const ask = (action: string) => office.subscriptions('POST', `/subscriptions/${id}/password`, { action });
    expect((await ask('reveal')).body).toEqual({ username, password });
    const rotated = (await ask('rotate')).body;
    expect(rotated.password).not.toBe(password);
    expect((await ask('reveal')).body).toEqual(rotated);
    expect((await ask('guess')).status).toBe(400);
    const texts = (await timelineOf(id)).map(({ text }) => text);
    expect(texts.filter((text) => text.startsWith('The PPPoE password'))).toEqual([
      'The PPPoE password was shown by Sari.',
      'The PPPoE password was replaced by Sari.',
      'The PPPoE password was shown by Sari.',
    ]);
    expect(JSON.stringify(texts)).not.toContain(String(rotated.password));
    const sent = await bridge.look(`select id from outbox where subscription_id = $1 and kind = 'access.apply'`, [id]);
    expect(sent).toHaveLength(2);
  });
});

describe('who may do what with a subscription', () => {
  it('I3, P7: an operator moves and reveals, a network operator moves, finance and a viewer look, others do neither', async () => {
    const office = await openOffice(bridge);
    const { id } = await lineOf(office);
    const may = async (role: string) => {
      const as = office.subscriptionsAs(role);
      const asked = [
        await as('GET', '/subscriptions'),
        await as('GET', `/subscriptions/${id}/explain`),
        await as('POST', `/subscriptions/${id}/activate`, { reason: 'x' }),
        await as('POST', `/subscriptions/${id}/change-plan`, { reason: 'x', service_plan_id: id }),
        await as('POST', `/subscriptions/${id}/password`, { action: 'reveal' }),
      ];
      return asked.map(({ status }) => status !== 403);
    };
    const nothing = [false, false, false, false, false];
    expect(await may('operator')).toEqual([true, true, true, true, true]);
    expect(await may('noc')).toEqual([true, true, true, true, false]);
    expect(await may('finance')).toEqual([true, true, false, false, false]);
    expect(await may('viewer')).toEqual([true, true, false, false, false]);
    for (const role of ['warehouse', 'hr', 'nobody']) expect(await may(role), role).toEqual(nothing);
    // Only for an open order of its own: any other line is not there for it.
    expect(await may('technician')).toEqual([false, false, false, false, true]);
    const reveal = await office.subscriptionsAs('technician')('POST', `/subscriptions/${id}/password`, {
      action: 'reveal',
    });
    expect(reveal.status).toBe(404);
  });

  it('I3: a reseller sees no line of a customer that is not its own, as if there were none', async () => {
    const office = await openOffice(bridge);
    const { id } = await lineOf(office);
    const reseller = office.subscriptionsAs('reseller');
    expect((await reseller('GET', '/subscriptions')).body).toMatchObject({ data: [], total: 0 });
    const missing = await reseller('GET', '/subscriptions/00000000-0000-4000-8000-000000000000');
    expect(await reseller('GET', `/subscriptions/${id}`)).toEqual(missing);
    expect(await reseller('GET', `/subscriptions/${id}/explain`)).toEqual(missing);
    expect(await reseller('GET', `/subscriptions/${id}/sessions`)).toEqual(missing);
    expect(missing.status).toBe(404);
    const own = [office.tenant.id, office.tenant.adminId];
    await bridge.look(`insert into resellers (tenant_id, id, name) values ($1, $2, 'Rudi')`, own);
    await bridge.look('update customers set reseller_id = $2 where tenant_id = $1', own);
    expect((await reseller('GET', '/subscriptions')).body).toMatchObject({ data: [{ id }], total: 1 });
    expect((await reseller('GET', `/subscriptions/${id}`)).status).toBe(200);
    expect((await byHand(office, id, 'suspend')).status).toBe(200);
    expect((await reseller('POST', `/subscriptions/${id}/resume`, { reason: 'x' })).status).toBe(403);
  });

  it('P45, P46, V4: each move and each reveal is in the audit log; what was refused is not', async () => {
    const office = await openOffice(bridge);
    const { id } = await lineOf(office);
    await byHand(office, id, 'suspend', 'Pindah rumah');
    await byHand(office, id, 'suspend', 'refused');
    for (const action of ['reveal', 'rotate']) {
      await office.subscriptions('POST', `/subscriptions/${id}/password`, { action });
    }
    const rows = (await auditRows(bridge.look, office.tenant.id)).filter((row) => row.entity_type === 'subscription');
    const mine = rows.filter((row) => row.entity_id === id && row.action !== 'create');
    expect(mine).toMatchObject([
      { action: 'update', actor_role: 'admin', address: '127.0.0.1' },
      { action: 'reveal', changes: {} },
      { action: 'update', changes: { password: { old: '***', new: '***' } } },
    ]);
    expect(mine[0]?.changes).toEqual({
      reason: { old: null, new: 'Pindah rumah' },
      suspend_reason: { old: null, new: 'Pindah rumah' },
      suspended_at: { old: null, new: new Date(officeTime).toISOString() },
    });
  });
});

describe('explain', () => {
  it('B6: tells from the webhook to the decision, what is wanted, what RADIUS holds, and hides passwords', async () => {
    const office = await openOffice(bridge, { radius: radiusOf([]) });
    const { id } = await lineOf(office);
    await byHand(office, id, 'suspend', 'x');
    const correlation = 'delivery-1';
    await bridge.look(
      `insert into inbox (tenant_id, source, dedup, raw, doctype, name, event, modified, state, correlation_id, received_at)
       values ($1, 'erpnext', '\\x01', '\\x02', 'Sales Invoice', 'SINV-1', 'on_change', 'm', 'done', $2, now() - interval '1 minute')`,
      [office.tenant.id, correlation],
    );
    await bridge.look(
      `insert into timeline (tenant_id, subscription_id, kind, text, correlation_id) values ($1, $2, 'ledger', 'was read', $3)`,
      [office.tenant.id, id, correlation],
    );
    const { body } = await office.subscriptions('GET', `/subscriptions/${id}/explain`);
    expect(body).toMatchObject({
      subscription_id: id,
      state: 'suspended',
      reason_code: 'held',
      evidence: { needed: false },
      desired: { state: 'suspended', group: expect.stringMatching(/:isolir$/) },
      applied: {
        rows: { groups: ['t1:elsewhere'] },
        differences: [expect.stringContaining('lacks group'), expect.stringContaining('has group t1:elsewhere')],
      },
      sessions: [{ session_id: '8100000a' }],
    });
    const timeline = body.timeline as { at: string; kind: string; text: string; correlation_id: string }[];
    expect(timeline.map(({ kind }) => kind)).toEqual([
      'webhook',
      'registered',
      'decision',
      'by_hand',
      'decision',
      'ledger',
    ]);
    expect(timeline[0]).toMatchObject({
      text: 'ERPNext announced on_change of Sales Invoice SINV-1',
      correlation_id: correlation,
      data: { doctype: 'Sales Invoice', state: 'done' },
    });
    const times = timeline.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
    expect(JSON.stringify(body)).not.toContain('Rahasia1');
  });
});
