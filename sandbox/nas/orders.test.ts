import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CoaClient, createCoaClient } from '#connectors/freeradius/coa-client.ts';
import type { Attribute } from '#connectors/freeradius/packet/attributes.ts';
import { errorCause } from '#connectors/freeradius/packet/error-cause.ts';
import { buildCoaRequest, buildDisconnectRequest } from '#connectors/freeradius/packet/hashed-request.ts';
import { verifyResponse } from '#connectors/freeradius/packet/response.ts';
import { createNas } from './create-nas.ts';
import { expectBuilt } from './expect-built.ts';
import type { Nas, Session } from './nas.ts';
import { openResponder, type Responder } from './test-responder.ts';

const secret = 'nas-secret';
const quick = { firstMs: 40, capMs: 160, tries: 3, totalMs: 250 };

let radius: Responder;
let nas: Nas;
let client: CoaClient;
/** Only for tests of silence: on a busy machine it may repeat itself. */
let impatient: CoaClient;
let session: Session;

beforeEach(async () => {
  radius = await openResponder(secret, 'pw');
  radius.set({ reply: [{ name: 'Mikrotik-Rate-Limit', value: '2M/10M' }] });
  const { authPort, acctPort } = radius;
  nas = await createNas({
    address: '127.0.0.1',
    coaPort: 0,
    secret,
    radius: { host: '127.0.0.1', authPort, acctPort, timeoutMs: 5_000 },
  });
  client = createCoaClient();
  impatient = createCoaClient({ timers: quick });
  const result = await nas.login({ username: 'ckp123', password: 'pw', method: 'pap', mac: '4C:5E:0C:AA:BB:01' });
  if (!result.session) throw new Error('not let in');
  session = result.session;
});
afterEach(async () => {
  await client.close();
  await impatient.close();
  await nas.close();
  await radius.close();
});

const disconnect = (change: object = {}, target: object = {}, by = client) =>
  by.disconnect(
    {
      username: session.username,
      sessionId: session.id,
      framedAddress: session.framedAddress,
      eventTimestamp: new Date(),
      ...change,
    },
    { host: '127.0.0.1', port: nas.coaPort, secret, signed: true, ...target },
  );

/** Sends one packet of its own making; the answer's code and Error-Cause, or silence. */
async function send(kind: 'disconnect' | 'coa', attributes: readonly Attribute[]) {
  const build = kind === 'coa' ? buildCoaRequest : buildDisconnectRequest;
  const request = expectBuilt(build({ identifier: 5, secret, attributes, signed: true }));
  const socket = createSocket('udp4');
  socket.send(request, nas.coaPort, '127.0.0.1');
  const [datagram] = await once(socket, 'message', { signal: AbortSignal.timeout(2_000) });
  socket.close();
  const answer = verifyResponse(datagram, request, secret);
  if (!answer.ok) throw new Error(answer.error);
  return { code: answer.value.packet.code, cause: errorCause(answer.value.packet) };
}

describe('Disconnect', () => {
  it('R8: is acknowledged, the Stop says Admin-Reset, a repeat finds nothing (503)', async () => {
    const gone = once(nas.events, 'disconnect');
    expect(await disconnect()).toMatchObject({ answer: 'ack' });
    expect((await gone)[0]).toMatchObject({ id: session.id });
    expect(radius.records.at(-1)).toMatchObject({ 'Acct-Status-Type': ['2'], 'Acct-Terminate-Cause': ['6'] });
    expect(nas.sessions()).toEqual([]);
    expect(await disconnect()).toMatchObject({ answer: 'nak', errorCause: 503 });
  });

  it.each([
    ['another user', () => ({ username: 'ckp124' })],
    ['another address', () => ({ framedAddress: '10.20.9.9' })],
    ['another id', () => ({ sessionId: '00000000' })],
  ])('R8: %s is 503, and the line stays', async (_, change) => {
    expect(await disconnect(change())).toMatchObject({ answer: 'nak', errorCause: 503 });
    expect(nas.sessions()).toHaveLength(1);
  });

  it('R8: a session id in other letter case is 503: it is another id', async () => {
    // Ids count up, so one with a letter in it comes within ten.
    while (!/[a-f]/.test(session.id)) {
      const again = await nas.login({ username: 'ckp123', password: 'pw', method: 'pap', mac: '4C:5E:0C:AA:BB:01' });
      session = again.session ?? session;
    }
    expect(await disconnect({ sessionId: session.id.toUpperCase() })).toMatchObject({ answer: 'nak', errorCause: 503 });
    expect(await disconnect()).toMatchObject({ answer: 'ack' });
  });

  it.each<[string, () => readonly Attribute[]]>([
    ['user name', () => [{ name: 'User-Name', value: 'ckp123' }]],
    ['session id', () => [{ name: 'Acct-Session-Id', value: session.id }]],
    ['address', () => [{ name: 'Framed-IP-Address', value: session.framedAddress }]],
  ])('the %s alone is enough', async (_, attributes) => {
    expect(await send('disconnect', attributes())).toEqual({ code: 41, cause: null });
  });

  it('names nobody: 402; names two: 508; another NAS: 403', async () => {
    expect(await send('disconnect', [])).toEqual({ code: 42, cause: 402 });
    await nas.login({ username: 'ckp123', password: 'pw', method: 'pap', mac: '4C:5E:0C:AA:BB:02' });
    const user = { name: 'User-Name', value: 'ckp123' } as const;
    expect(await send('disconnect', [user])).toEqual({ code: 42, cause: 508 });
    expect(await send('disconnect', [user, { name: 'NAS-IP-Address', value: '10.0.0.1' }])).toEqual({
      code: 42,
      cause: 403,
    });
    expect(await send('disconnect', [user, { name: 'NAS-Identifier', value: 'other' }])).toEqual({
      code: 42,
      cause: 403,
    });
    expect(nas.sessions()).toHaveLength(2);
  });

  it('SEC-7: a wrong secret gets silence, and nothing happens', async () => {
    expect(await disconnect({}, { secret: 'guess' }, impatient)).toEqual({ answer: 'silence', attempts: 3 });
    expect(nas.sessions()).toHaveLength(1);
    await expect.poll(() => nas.received().length).toBe(3);
    expect(nas.received()[0]).toMatchObject({ answer: 'silence', messageAuthenticator: 'invalid' });
  });

  it('nonsense on the port is kept and not answered', async () => {
    const socket = createSocket('udp4');
    const heard = once(nas.events, 'order');
    socket.send('no RADIUS at all', nas.coaPort, '127.0.0.1');
    expect((await heard)[0]).toMatchObject({ kind: 'nonsense', answer: 'silence', attributes: {} });
    socket.close();
  });

  it('what came is kept with its bytes, names, signature and answer', async () => {
    await disconnect();
    const [order] = nas.received();
    expect(order).toMatchObject({
      kind: 'disconnect',
      answer: 'ack',
      messageAuthenticator: 'valid',
      attributes: { 'User-Name': ['ckp123'], 'Acct-Session-Id': [session.id] },
    });
    expect(order?.bytes[0]).toBe(40);
  });

  it('an unsigned order is obeyed, and seen as unsigned', async () => {
    expect(await disconnect({}, { signed: false })).toMatchObject({ answer: 'ack' });
    expect(nas.received()[0]).toMatchObject({ messageAuthenticator: 'absent' });
  });
});

describe('CoA', () => {
  const user = { name: 'User-Name', value: 'ckp123' } as const;

  it('a speed is changed on the running session', async () => {
    const wish = { name: 'Mikrotik-Rate-Limit', value: '512k/512k' } as const;
    expect(await send('coa', [user, wish])).toEqual({ code: 44, cause: null });
    expect(nas.sessions()[0]).toMatchObject({ id: session.id, rateLimit: '512k/512k' });
  });

  it('an address list is refused with 401, and the speed beside it does not change either', async () => {
    const wishes = [
      { name: 'Mikrotik-Address-List', value: 'isolir' },
      { name: 'Mikrotik-Rate-Limit', value: '512k/512k' },
    ] as const;
    expect(await send('coa', [user, ...wishes])).toEqual({ code: 45, cause: 401 });
    expect(nas.sessions()[0]).toMatchObject({ rateLimit: '2M/10M', addressList: null });
  });

  it('a CoA of nothing is 402, of nobody 503', async () => {
    expect(await send('coa', [user])).toEqual({ code: 45, cause: 402 });
    expect(await send('coa', [{ name: 'User-Name', value: 'x' }])).toEqual({ code: 45, cause: 503 });
  });
});

describe('bad manners', () => {
  it('deaf: silence, the line stays; taken back it obeys', async () => {
    nas.behaviour({ deaf: true });
    expect(await disconnect({}, {}, impatient)).toEqual({ answer: 'silence', attempts: 3 });
    expect(nas.sessions()).toHaveLength(1);
    nas.behaviour({ deaf: false });
    expect(await disconnect()).toMatchObject({ answer: 'ack' });
  });

  it('slow: the answer comes late, after a second try', async () => {
    nas.behaviour({ delayMs: 60 });
    const got = await disconnect({}, {}, impatient);
    expect(got.answer).toBe('ack');
    expect(got.attempts).toBeGreaterThan(1);
  });

  it('ACK without effect: the line stays, and no Stop comes', async () => {
    nas.behaviour({ ackWithoutEffect: true });
    expect(await disconnect()).toMatchObject({ answer: 'ack' });
    expect(nas.sessions()).toHaveLength(1);
    expect(radius.records).toHaveLength(1);
  });

  it('NAK: the cause that it was told', async () => {
    nas.behaviour({ nak: 506 });
    expect(await disconnect()).toMatchObject({ answer: 'nak', errorCause: 506 });
    expect(nas.sessions()).toHaveLength(1);
  });

  it('no Stop: the line goes, the record stays open', async () => {
    nas.behaviour({ noStop: true });
    const gone = once(nas.events, 'disconnect');
    expect(await disconnect()).toMatchObject({ answer: 'ack' });
    await gone;
    expect(nas.sessions()).toEqual([]);
    expect(radius.records).toHaveLength(1);
  });

  it('wrong secret: silence for a right order', async () => {
    nas.behaviour({ wrongSecret: true });
    expect(await disconnect({}, {}, impatient)).toMatchObject({ answer: 'silence' });
    expect(nas.sessions()).toHaveLength(1);
  });
});
