import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { addDays, instantAt, localDate } from '#domain/local-time.ts';
import type { Line } from '#features/subscriptions/schema.ts';
import { fiberItem, fiberPlan } from '#sandbox/erpnext/small-isp.ts';
import type { LoginMethod, Nas } from '#sandbox/nas/nas.ts';
import { flavors } from '#test/radius/radius-database.ts';
import { eventually } from './eventually.ts';
import { type Isp, isolirRate, openIsp, planRate, price, zone } from './isp.ts';
import { comesOnline, dialOf, online, openRadiusStage, type RadiusStage, registerNas } from './radius-stage.ts';
import { type RunningHub, startRunningHub } from './running-hub.ts';

const serverOf = { mysql: inject('mariadbUrl'), postgres: inject('postgresUrl') };
const methods: readonly LoginMethod[] = ['pap', 'chap', 'mschapv2'];

describe.each(flavors)('the main job, with FreeRADIUS on %s', (flavor) => {
  let hub: RunningHub;
  let stage: RadiusStage;
  let isp: Isp;
  let nas: Nas;
  let ahead = 0;
  const clock = (): number => Date.now() + ahead;

  beforeAll(async () => {
    hub = await startRunningHub({
      postgresUrl: inject('postgresUrl'),
      flavor,
      radiusServerUrl: serverOf[flavor],
      clock,
    });
    stage = await openRadiusStage(hub.radius);
    nas = await stage.startRouter('127.0.0.31');
    nas.behaviour({ autoRelogin: true });
    isp = await openIsp(hub, clock);
    await registerNas(isp.admin, nas, 'CKP');
  });
  afterAll(async () => {
    await stage.stop();
    await isp.stop();
    await hub.close();
  });

  it('P25, R7: a subscriber made by POST customers logs in by PAP, CHAP and MS-CHAPv2 at its plan speed', async () => {
    const budi = await isp.addSubscriber('Budi');
    for (const method of methods) {
      const { accepted, attributes, session } = await nas.login(dialOf(budi, { method }));
      expect([method, accepted, attributes['Mikrotik-Rate-Limit']]).toEqual([method, true, [planRate]]);
      if (session) await nas.logout(session);
      expect(await nas.login(dialOf(budi, { method, password: 'salah' }))).toMatchObject({ accepted: false });
    }
  });

  it('B3, R8: after the signed overdue event the NAS gets a valid Disconnect and the next login the isolir attributes; paid, it has its plan again', async () => {
    const citra = await isp.addSubscriber('Citra');
    const first = await online(nas, citra);
    expect(first.rateLimit).toBe(planRate);

    const invoice = isp.billOverdue(citra);
    const walled = await comesOnline(nas, citra, (session) => session.id !== first.id);
    expect(walled).toMatchObject({ rateLimit: isolirRate, addressList: 'isolir', sessionTimeoutSeconds: 1800 });
    const [order] = nas.received().filter(({ attributes }) => attributes['Acct-Session-Id']?.[0] === first.id);
    expect(order).toMatchObject({ kind: 'disconnect', messageAuthenticator: 'valid', answer: 'ack' });
    expect((await isp.becomes(citra, 'isolated')).reason_code).toBe('debt');

    isp.erp.pay({ invoice });
    const back = await comesOnline(nas, citra, (session) => session.id !== walled.id);
    expect(back).toMatchObject({ rateLimit: planRate, addressList: null, sessionTimeoutSeconds: null });
    expect((await isp.becomes(citra, 'active')).reason_code).toBe('nothing_due');
  });

  it('B6, X2: explain tells the way from the webhook to the packet, and that the session ended', async () => {
    const dewi = await isp.addSubscriber('Dewi');
    const first = await online(nas, dewi);
    const invoice = isp.billOverdue(dewi);
    await comesOnline(nas, dewi, (session) => session.id !== first.id);
    const { timeline, ...standing } = await eventually(
      () => isp.explain(dewi),
      (told) => told.timeline.some(({ kind }) => kind === 'session_ended'),
    );
    const announced = timeline.find(({ kind, data }) => kind === 'webhook' && data.name === invoice);
    const way = timeline.filter((entry) => entry.correlation_id === announced?.correlation_id);
    expect(way.map(({ kind }) => kind)).toEqual([
      'webhook',
      'ledger',
      'decision',
      'rows',
      'disconnect',
      'session_ended',
    ]);
    expect(way[4]?.data).toMatchObject({
      nas: 'CKP',
      host: nas.address,
      port: nas.coaPort,
      acct_session_id: first.id,
      answer: 'ack',
      roundTripMs: expect.any(Number),
    });
    expect(standing).toMatchObject({
      state: 'isolated',
      reason_code: 'debt',
      applied: { differences: [], note: null },
    });
    expect(standing.evidence).toMatchObject({ invoices: [invoice], ledger_read_at: expect.any(String) });
    expect(JSON.stringify(timeline)).not.toContain(dewi.password);
  });

  it('R9: who is online is told with address, router and traffic; who has gone is not', async () => {
    const eka = await isp.addSubscriber('Eka');
    const session = await online(nas, eka);
    await nas.interim(session, { inputOctets: 12_884_902_388n, outputOctets: 7n });
    expect(await isp.line(eka)).toMatchObject({
      online_note: null,
      online: [
        {
          session_id: session.id,
          nas_address: nas.address,
          framed_address: session.framedAddress,
          calling_station_id: session.mac,
          input_octets: 12_884_902_388,
          output_octets: 7,
          group: expect.stringMatching(/^t[0-9a-f]{8}:home-50$/),
        },
      ],
    });
    await nas.logout(session);
    expect((await isp.line(eka)).online).toEqual([]);
  });

  it('P26, P27, P28: a changed plan, a hold and the end reach the session and the next login', async () => {
    const faster = { name: 'Home 100', speed_download: 100, speed_upload: 50, price: 250_000 };
    const plan = await isp.admin.post<{ id: string }>('service-plans', faster);
    const fajar = await isp.addSubscriber('Fajar');
    const by = (verb: string, more = {}) =>
      isp.admin.post(`subscriptions/${fajar.id}/${verb}`, { reason: 'asked for', ...more });
    await online(nas, fajar);
    await by('change-plan', { service_plan_id: plan.id });
    await comesOnline(nas, fajar, ({ rateLimit }) => rateLimit === '50M/100M');
    await by('suspend');
    await comesOnline(nas, fajar, ({ rateLimit }) => rateLimit === isolirRate);
    await by('resume');
    await comesOnline(nas, fajar, ({ rateLimit }) => rateLimit === '50M/100M');
    nas.behaviour({ autoRelogin: false });
    await by('terminate');
    await eventually(
      () => nas.sessions().filter(({ username }) => username === fajar.username).length,
      (open) => open === 0,
    );
    nas.behaviour({ autoRelogin: true });
    expect(await nas.login(dialOf(fajar))).toMatchObject({ accepted: false });
  });

  it('L1, C7: a Subscription of ERPNext with a mapped plan makes customer, line and account, and learns the username', async () => {
    isp.erp.createCustomer({ customer_name: 'Gita', mobile_no: '+6281200000003' });
    const erpSubscription = isp.erp.createSubscription({ party: 'Gita', plans: [fiberPlan] });
    const username = await eventually(
      () => String(isp.erp.get('Subscription', erpSubscription).jembatan_username ?? ''),
      (told) => told !== '',
    );
    const { data } = await isp.admin.get<{ data: Line[] }>(`subscriptions?username=${username}`);
    const [line] = data;
    if (!line) throw new Error(`ERPNext was told of ${username}, which is nobody's`);
    expect(line).toMatchObject({ customer: { name: 'Gita' }, erp_subscription: erpSubscription });
    await isp.becomes(line, 'active');
    const revealed = await isp.admin.post<{ password: string }>(`subscriptions/${line.id}/password`, {
      action: 'reveal',
    });
    const gita = { ...line, ...revealed, customerId: line.customer.id, erpCustomer: 'Gita' };
    const session = await online(nas, gita, { method: 'mschapv2' });
    expect(session.rateLimit).toBe(planRate);

    isp.erp.cancelSubscription(erpSubscription);
    await isp.becomes(line, 'terminated');
    expect(await nas.login(dialOf(gita))).toMatchObject({ accepted: false });
  });

  it('REL-6: an overdue event that comes again after the payment cuts nobody', async () => {
    const hadi = await isp.addSubscriber('Hadi');
    const invoice = isp.billOverdue(hadi);
    await isp.becomes(hadi, 'isolated');
    isp.erp.pay({ invoice });
    const { generation } = await isp.becomes(hadi, 'active');
    const session = await online(nas, hadi);
    await isp.erp.delivered();
    const stale = isp.erp.deliveries().filter(({ name }) => name === invoice);
    expect(stale.length).toBeGreaterThan(1);
    for (const { id } of stale) isp.erp.replay(id);
    await isp.erp.delivered();
    await eventually(
      () => isp.admin.get<{ data: { waiting: number }[] }>('connections'),
      ({ data }) => data.every(({ waiting }) => waiting === 0),
    );
    expect(await isp.line(hadi)).toMatchObject({ state: 'active', generation, online: [{ session_id: session.id }] });
  });

  it('R5: with no event at all, a bill falls due by the clock', async () => {
    const indra = await isp.addSubscriber('Indra');
    const session = await online(nas, indra);
    const due_date = addDays(localDate(clock(), zone), 2);
    isp.erp.createInvoice({ customer: 'Indra', item: fiberItem, amount: price, due_date });
    await isp.erp.delivered();
    await eventually(
      () => isp.explain(indra),
      ({ timeline }) => timeline.some(({ kind, text }) => kind === 'ledger' && text.includes('150000 of 150000 open')),
    );
    expect((await isp.line(indra)).state).toBe('active');
    const deliveries = isp.erp.deliveries().length;

    ahead = instantAt(addDays(due_date, 1), 0, 1, zone) - Date.now();
    await comesOnline(nas, indra, ({ id, rateLimit }) => id !== session.id && rateLimit === isolirRate);
    expect((await isp.line(indra)).reason_code).toBe('debt');
    expect(isp.erp.deliveries()).toHaveLength(deliveries);
  });

  it('B5: a bill that no webhook ever told of is found by reading the ledger, and so is its payment', async () => {
    const joko = await isp.addSubscriber('Joko');
    const session = await online(nas, joko);
    const invoice = await isp.erp.quiet(() => isp.billOverdue(joko));
    ahead += 61_000;
    const walled = await comesOnline(nas, joko, ({ id, rateLimit }) => id !== session.id && rateLimit === isolirRate);
    await isp.erp.quiet(() => isp.erp.pay({ invoice }));
    ahead += 61_000;
    await comesOnline(nas, joko, ({ id, rateLimit }) => id !== walled.id && rateLimit === planRate);
  });
});
