import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { LoginMethod, Nas } from '#sandbox/nas/nas.ts';
import { flavors } from '#test/radius/radius-database.ts';
import { type Isp, isolirRate, openIsp, planRate } from './isp.ts';
import { comesOnline, dialOf, online, openRadiusStage, type RadiusStage, registerNas } from './radius-stage.ts';
import { type RunningHub, startRunningHub } from './running-hub.ts';

const serverOf = { mysql: inject('mariadbUrl'), postgres: inject('postgresUrl') };
const methods: readonly LoginMethod[] = ['pap', 'chap', 'mschapv2'];

describe.each(flavors)('the main job, with FreeRADIUS on %s', (flavor) => {
  let hub: RunningHub;
  let stage: RadiusStage;
  let isp: Isp;
  let nas: Nas;

  beforeAll(async () => {
    hub = await startRunningHub({
      postgresUrl: inject('postgresUrl'),
      flavor,
      radiusServerUrl: serverOf[flavor],
    });
    stage = await openRadiusStage(hub.radius);
    nas = await stage.startRouter('127.0.0.31');
    nas.behaviour({ autoRelogin: true });
    isp = await openIsp(hub, Date.now);
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
});
