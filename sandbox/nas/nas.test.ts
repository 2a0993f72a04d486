import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCoaClient } from '#connectors/freeradius/coa-client.ts';
import { createNas } from './create-nas.ts';
import type { Dial, LoginMethod, Nas, NasOptions, Session } from './nas.ts';
import { openResponder, type Responder } from './test-responder.ts';

const secret = 'nas-secret';
const password = 'Ab3dEf9h';
const dial: Dial = { username: 'ckp123', password, method: 'pap', mac: '4c-5e-0c-aa-bb-01' };

let radius: Responder;
let nas: Nas;

async function openNas(change: Partial<NasOptions> = {}): Promise<Nas> {
  const { authPort, acctPort } = radius;
  return createNas({
    address: '127.0.0.1',
    coaPort: 0,
    secret,
    radius: { host: '127.0.0.1', authPort, acctPort, timeoutMs: 5_000, tries: 2 },
    ...change,
  });
}

/** The same NAS, but one that soon gives a silent server up. Only for tests of silence: others must not repeat. */
async function becomeImpatient(): Promise<void> {
  const { authPort, acctPort } = radius;
  await nas.close();
  nas = await openNas({ radius: { host: '127.0.0.1', authPort, acctPort, timeoutMs: 80, tries: 2 } });
}

beforeEach(async () => {
  radius = await openResponder(secret, password);
  nas = await openNas();
});
afterEach(async () => {
  await nas.close();
  await radius.close();
});

async function online(change: Partial<Dial> = {}): Promise<Session> {
  const { session } = await nas.login({ ...dial, ...change });
  if (!session) throw new Error('not let in');
  return session;
}

describe('login', () => {
  it.each<LoginMethod>(['pap', 'chap', 'mschapv2'])('R7: %s with the right password is let in', async (method) => {
    radius.set({ reply: [{ name: 'Mikrotik-Rate-Limit', value: '2M/10M' }] });
    const result = await nas.login({ ...dial, method });
    expect(result).toMatchObject({ accepted: true, attributes: { 'Mikrotik-Rate-Limit': ['2M/10M'] } });
    expect(result.session).toMatchObject({ username: 'ckp123', rateLimit: '2M/10M' });
  });

  it.each<LoginMethod>(['pap', 'chap', 'mschapv2'])('R7: %s with a wrong password is not', async (method) => {
    const result = await nas.login({ ...dial, method, password: 'Ab3dEf9i' });
    expect(result).toEqual({ accepted: false, attributes: expect.objectContaining({ 'Reply-Message': ['no'] }) });
    expect(nas.sessions()).toEqual([]);
    expect(radius.records).toEqual([]);
  });

  it('says what RouterOS says of the line', async () => {
    const session = await online({ port: 'vlan100' });
    expect(radius.requests[0]).toMatchObject({
      'User-Name': ['ckp123'],
      'Calling-Station-Id': ['4C:5E:0C:AA:BB:01'],
      'Called-Station-Id': ['internet'],
      'NAS-Port-Id': ['vlan100'],
      'NAS-Identifier': ['nas-127.0.0.1'],
      'NAS-IP-Address': ['127.0.0.1'],
      'Acct-Session-Id': [session.id],
    });
    expect(session.id).toMatch(/^[89a-f][0-9a-f]{7}$/);
  });

  it('an unsigned answer is not believed, unless the router is told to', async () => {
    radius.set({ signed: false });
    expect(await nas.login(dial)).toEqual({ accepted: false, attributes: {}, silent: true });
    await nas.close();
    nas = await openNas({ requireMessageAuthenticator: false });
    expect(await nas.login(dial)).toMatchObject({ accepted: true });
  });

  it('an answer signed with another secret is not believed', async () => {
    await becomeImpatient();
    radius.set({ answerSecret: 'another' });
    expect(await nas.login(dial)).toMatchObject({ accepted: false, silent: true });
  });

  it('MS-CHAPv2: a server that cannot prove that it knows the password is not believed', async () => {
    radius.set({ falseProof: true });
    expect(await nas.login({ ...dial, method: 'mschapv2' })).toMatchObject({ accepted: false, silent: true });
  });

  it('a mute server is silence, and lets nobody in', async () => {
    await becomeImpatient();
    radius.set({ mute: true });
    expect(await nas.login(dial)).toMatchObject({ accepted: false, silent: true });
    expect(nas.sessions()).toEqual([]);
  });

  it('300 modems dial at once, more than there are identifiers, and each gets its own answer', async () => {
    const { authPort, acctPort } = radius;
    await nas.close();
    nas = await openNas({ radius: { host: '127.0.0.1', authPort, acctPort, timeoutMs: 1_000, tries: 10 } });
    const results = await Promise.all(
      Array.from({ length: 300 }, (_, n) =>
        nas.login({ ...dial, username: `u${n}`, password: n % 3 ? password : 'no' }),
      ),
    );
    expect(results.filter(({ accepted }) => accepted)).toHaveLength(200);
    expect(results.every(({ accepted, session }, n) => !accepted || session?.username === `u${n}`)).toBe(true);
    expect(new Set(nas.sessions().map(({ id }) => id)).size).toBe(200);
    expect(new Set(nas.sessions().map(({ framedAddress }) => framedAddress)).size).toBe(200);
  });
});

describe('accounting', () => {
  it('Start echoes every Class byte by byte and names address, MAC and interface', async () => {
    radius.set({
      reply: [
        { name: 'Class', value: Buffer.from([0, 255]) },
        { name: 'Class', value: 't1a2b3c4d:isolir' },
        { name: 'Framed-IP-Address', value: '10.66.0.9' },
      ],
    });
    const session = await online();
    expect(session.framedAddress).toBe('10.66.0.9');
    expect(radius.records).toHaveLength(1);
    expect(radius.records[0]).toMatchObject({
      'Acct-Status-Type': ['1'],
      Class: ['0x00ff', `0x${Buffer.from('t1a2b3c4d:isolir').toString('hex')}`],
      'Framed-IP-Address': ['10.66.0.9'],
      'Calling-Station-Id': ['4C:5E:0C:AA:BB:01'],
      'Acct-Session-Id': [session.id],
    });
  });

  it('addresses come from the pool that RADIUS names, each pool in a net of its own', async () => {
    const [first, second] = [await online(), await online({ username: 'b' })];
    radius.set({ reply: [{ name: 'Framed-Pool', value: 'isolir' }] });
    const isolated = await online({ username: 'c' });
    expect([first, second, isolated].map(({ framedAddress }) => framedAddress)).toEqual([
      '10.20.0.2',
      '10.20.0.3',
      '10.21.0.2',
    ]);
  });

  it('R9: 64-bit counters travel as octets and gigawords, in Interim and Stop', async () => {
    const session = await online();
    expect(await nas.interim(session, { inputOctets: 12_884_902_388n, outputOctets: 2n ** 32n - 1n })).toBe(true);
    expect(radius.records[1]).toMatchObject({
      'Acct-Status-Type': ['3'],
      'Acct-Input-Octets': ['500'],
      'Acct-Input-Gigawords': ['3'],
      'Acct-Output-Octets': ['4294967295'],
      'Acct-Output-Gigawords': ['0'],
    });
    expect(await nas.logout(session, 'Lost-Carrier')).toBe(true);
    expect(radius.records[2]).toMatchObject({
      'Acct-Status-Type': ['2'],
      'Acct-Terminate-Cause': ['2'],
      'Acct-Input-Gigawords': ['3'],
    });
    expect(nas.sessions()).toEqual([]);
    expect(await nas.logout(session)).toBe(false);
  });

  it('interimSeconds sends updates by itself', async () => {
    await nas.close();
    nas = await openNas({ interimSeconds: 0.05 });
    await online();
    await expect
      .poll(() => radius.records.filter((one) => one['Acct-Status-Type']?.[0] === '3').length)
      .toBeGreaterThan(1);
  });

  it('R8: a reboot forgets all sessions, sends no Stop but an Accounting-On', async () => {
    await online();
    await online({ username: 'b' });
    expect(await nas.reboot()).toBe(true);
    expect(nas.sessions()).toEqual([]);
    expect(radius.records.map((one) => one['Acct-Status-Type']?.[0])).toEqual(['1', '1', '7']);
  });

  it('a mute accounting server: the line stays, and the record is told as lost', async () => {
    await becomeImpatient();
    const session = await online();
    radius.set({ mute: true });
    expect(await nas.interim(session, { inputOctets: 1n, outputOctets: 1n })).toBe(false);
    expect(nas.sessions()).toHaveLength(1);
  });

  it('closing in the middle of a login answers silence and breaks nothing', async () => {
    radius.set({ mute: true });
    const waiting = nas.login(dial);
    await nas.close();
    expect(await waiting).toMatchObject({ accepted: false, silent: true });
    nas = await openNas();
  });

  it('a modem that was kicked dials again, and its new session is announced', async () => {
    const session = await online();
    nas.behaviour({ autoRelogin: true });
    const client = createCoaClient();
    const back = once(nas.events, 'login');
    const target = { host: '127.0.0.1', port: nas.coaPort, secret, signed: true };
    await client.disconnect({ ...session, sessionId: session.id, eventTimestamp: new Date() }, target);
    const [again] = await back;
    await client.close();
    expect(again).toMatchObject({ username: 'ckp123' });
    expect(again.id).not.toBe(session.id);
    expect(radius.records.map((one) => one['Acct-Status-Type']?.[0])).toEqual(['1', '2', '1']);
  });
});
