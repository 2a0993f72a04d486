import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { codes } from '../packet/codes.ts';
import { buildDisconnectRequest } from '../packet/hashed-request.ts';
import { buildResponse } from '../packet/response.ts';
import { type Exchange, startExchange } from './exchange.ts';
import { rfc5080Timers } from './retransmission.ts';

const secret = 'jembatan-test';
const built = buildDisconnectRequest({
  identifier: 1,
  secret,
  attributes: [{ name: 'User-Name', value: 'ckp123' }],
  signed: true,
});
const request = built.ok ? built.value : Buffer.alloc(0);
const response = buildResponse({ code: codes.disconnectAck, request, secret, attributes: [], signed: false });
const ack = response.ok ? response.value : Buffer.alloc(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** One request over a wire of 10 ms each way that loses what `lost` says. */
function overWire(lost: () => boolean): Promise<Exchange> {
  const running = startExchange({
    request,
    secret,
    timers: rfc5080Timers,
    now: () => Date.now(),
    send: () => {
      if (!lost() && !lost()) setTimeout(() => running.hear(ack), 20);
    },
  });
  return running.result;
}

describe('an exchange on the timers of RFC 5080', () => {
  it('REL-14: at 30 % loss each way 96.5 % of 4,000 are answered within five tries and 30 s', async () => {
    let state = 0x1e14;
    const lost = (): boolean => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) / 2 ** 32 < 0.3;
    };
    const results: Exchange[] = [];
    while (results.length < 4_000) {
      const startedAt = Date.now();
      const running = overWire(lost);
      vi.runAllTimers();
      results.push(await running);
      expect(Date.now() - startedAt).toBeLessThanOrEqual(30_000);
    }
    const answered = results.filter(({ packet }) => packet !== null);
    // 1 − 0.51⁵ = 96.55 %, and 49 % by the first try; five standard deviations are 1.4 % and 4 %.
    expect(Math.abs(answered.length / 4_000 - 0.9655)).toBeLessThan(0.0144);
    expect(Math.abs(answered.filter(({ attempts }) => attempts === 1).length / 4_000 - 0.49)).toBeLessThan(0.04);
  });

  it('R8: the fifth try alone, at 28 s, is still heard', async () => {
    let packets = 0;
    const lost = (): boolean => {
      packets += 1;
      return packets < 5;
    };
    const running = overWire(lost);
    vi.runAllTimers();
    expect(await running).toMatchObject({ packet: { code: 41 }, attempts: 5, roundTripMs: 28_020 });
  });

  it('after an answer nothing is sent any more', async () => {
    let sent = 0;
    const running = startExchange({
      request,
      secret,
      timers: rfc5080Timers,
      now: () => Date.now(),
      send: () => {
        sent += 1;
      },
    });
    running.hear(ack);
    vi.runAllTimers();
    expect(await running.result).toMatchObject({ attempts: 1 });
    expect(sent).toBe(1);
  });
});
