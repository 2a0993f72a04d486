import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Received, Receiver } from '#inbox/receive.ts';
import { openApp } from '#test/features/open-app.ts';

const at = '/webhooks/erpnext/alpha';
const answering =
  (received: Received): Receiver =>
  async () =>
    received;
const stored = (fresh: boolean): Received => ({ accepted: true, eventId: 2n ** 60n, fresh, correlationId: 'c-9' });

async function post(receiver: Receiver, body = '{}', path = at) {
  const app = openApp({ receiver, webhookDeadlineMs: 50 });
  const response = await app.request(path, { method: 'POST', body });
  const counted = await app.metrics.getSingleMetricAsString('jembatan_webhooks_total');
  const told = (await response.json()) as { readonly code?: string };
  return { status: response.status, headers: response.headers, body: told, counted };
}

describe('the webhook door', () => {
  it('B2: a delivery is 202 with its id, a duplicate 200 with the same shape', async () => {
    const event_id = (2n ** 60n).toString();
    expect(await post(answering(stored(true)))).toMatchObject({ status: 202, body: { event_id } });
    expect(await post(answering(stored(false)))).toMatchObject({ status: 200, body: { event_id } });
  });

  it('B2: the receiver gets exactly the bytes and headers that came, whatever they are', async () => {
    const seen: Buffer[] = [];
    const app = openApp({
      receiver: async (_subdomain, body) => {
        seen.push(body);
        return stored(true);
      },
    });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const response = await app.request(at, { method: 'POST', body: Uint8Array.from(bytes) });
        expect(response.status).toBe(202);
        expect(seen.pop()?.equals(bytes)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('SEC-6: an unknown tenant and a bad signature get the same answer, and are counted', async () => {
    const unknown = await post(answering({ accepted: false, why: 'unknown_tenant' }));
    const unsigned = await post(answering({ accepted: false, why: 'bad_signature' }));
    expect(unknown.status).toBe(401);
    expect(unknown.body).toEqual(unsigned.body);
    expect(unknown.counted).toContain('jembatan_webhooks_total{outcome="unknown_tenant"} 1');
    expect(unsigned.counted).toContain('jembatan_webhooks_total{outcome="bad_signature"} 1');
  });

  it('a name that no tenant can have is 401 without asking the database', async () => {
    const asked: Receiver = async () => {
      throw new Error('asked');
    };
    for (const name of ['%00', 'UPPER', 'a_b', '-a', 'x'.repeat(64), 'a%2Fb']) {
      expect((await post(asked, '{}', `/webhooks/erpnext/${name}`)).status, name).toBe(401);
    }
  });

  it('T2: a deactivated tenant is 403', async () => {
    const refused = await post(answering({ accepted: false, why: 'deactivated' }));
    expect(refused).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });

  it('413: a declared length over 1 MB is refused without reading a byte', async () => {
    let pulled = 0;
    const body = new ReadableStream(
      {
        pull: (controller) => {
          pulled += 1;
          controller.enqueue(new Uint8Array(65_536));
        },
      },
      { highWaterMark: 0 },
    );
    const init = { method: 'POST', body, duplex: 'half', headers: { 'Content-Length': '10485760' } };
    const response = await openApp().request(at, init as RequestInit);
    expect(response.status).toBe(413);
    expect(pulled).toBe(0);
  });

  it('413: a body without a declared length is read no further than 1 MB', async () => {
    let sent = 0;
    const body = new ReadableStream(
      {
        pull: (controller) => {
          sent += 65_536;
          controller.enqueue(new Uint8Array(65_536));
        },
      },
      { highWaterMark: 0 },
    );
    const response = await openApp().request(at, { method: 'POST', body, duplex: 'half' } as RequestInit);
    expect(response.status).toBe(413);
    expect(sent).toBeLessThanOrEqual(1_048_576 + 65_536);
  });

  it('exactly 1 MB is taken', async () => {
    expect((await post(answering(stored(true)), 'x'.repeat(1_048_576))).status).toBe(202);
    expect((await post(answering(stored(true)), 'x'.repeat(1_048_577))).status).toBe(413);
  });

  it('REL-1, REL-10: what was not stored is never acknowledged: 503 with Retry-After, on a failure and when it takes too long', async () => {
    const failing = await post(async () => {
      throw new Error('Too many deliveries are waiting to be stored.');
    });
    const hanging = await post(() => new Promise(() => undefined));
    for (const { status, headers, body, counted } of [failing, hanging]) {
      expect({ status, code: body.code }).toEqual({ status: 503, code: 'UNAVAILABLE' });
      expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0);
      expect(counted).toContain('outcome="failed"} 1');
    }
  });

  it('I5: it stands outside authentication and needs no content type', async () => {
    const response = await openApp().request(at, { method: 'POST', body: new Uint8Array([123, 125]) });
    expect(response.status).toBe(202);
  });
});
