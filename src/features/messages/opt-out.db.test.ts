import { OpenAPIHono } from '@hono/zod-openapi';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { answerError } from '#http/errors.ts';
import { createLog } from '#platform/log.ts';
import type { RouteEnv } from '#platform/routing.ts';
import type { FakeNotifier } from '#ports/notifier/fake.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { createOutwards, type Outwards } from '#test/setup/outwards.ts';
import { optOutPage } from './opt-out-page.ts';

let room: BridgeRoom;
let out: Outwards;
let tenantId: string;
let notifier: FakeNotifier;
let app: OpenAPIHono<RouteEnv>;

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  out = createOutwards(room);
  const { appendMessage, unsubscribeLinks } = out;
  app = new OpenAPIHono<RouteEnv>();
  app.onError(answerError(createLog('silent')));
  app.route('/', optOutPage({ db: room.db, appendMessage, unsubscribeLinks }));
});
afterAll(() => room.close());
beforeEach(async () => {
  ({ id: tenantId, notifier } = await out.addTenant());
});

const restored = (): Promise<string> =>
  room.db.tenant(tenantId, (tx) =>
    out.appendMessage(tx, tenantId, {
      event: 'restored',
      to: { email: 'budi@example.net' },
      language: 'en',
      values: { name: 'Budi', customer_code: 'CUST001' },
      correlationId: 'c-1',
    }),
  );

/** Where the link in the next message leads. */
async function linkPath(): Promise<string> {
  await restored();
  await out.run('messages');
  return new URL(notifier.taken.at(-1)?.unsubscribeUrl ?? '').pathname;
}
const isToldMore = async (): Promise<boolean> => {
  const sent = notifier.taken.length;
  await restored();
  await out.run('messages');
  return notifier.taken.length > sent;
};

describe('the link in each message', () => {
  it('opts out by one click, as mail programs do it, and can be clicked twice', async () => {
    const path = await linkPath();
    const click = { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) };
    for (let i = 0; i < 2; i++) expect((await app.request(path, click)).status).toBe(200);
    expect(await isToldMore()).toBe(false);
  });

  it('followed alone it changes nothing: scanners follow every link', async () => {
    const path = await linkPath();
    const page = await app.request(path);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<form method="post"');
    expect(await isToldMore()).toBe(true);
  });

  it('takes it back', async () => {
    const path = await linkPath();
    await app.request(path, { method: 'POST' });
    expect(await isToldMore()).toBe(false);
    await app.request(`${path}?again=1`, { method: 'POST' });
    expect(await isToldMore()).toBe(true);
  });

  it('P53: shows the tenant’s name as text, under a policy that runs nothing', async () => {
    await room.look(`update tenants set name = '<script>alert(1)</script>"' where id = $1`, [tenantId]);
    const page = await app.request(await linkPath());
    expect(await page.text()).not.toContain('<script');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('a token that the hub did not make, or one of a deleted message, is 404 alike', async () => {
    const path = await linkPath();
    const token = path.slice('/u/'.length);
    const flipped = fc.nat({ max: token.length - 1 }).map((at) => {
      const other = token[at] === 'A' ? 'B' : 'A';
      return `${token.slice(0, at)}${other}${token.slice(at + 1)}`;
    });
    const bad = fc.oneof(flipped, fc.string({ minLength: 1, maxLength: 80 }), fc.constant('x'.repeat(64)));
    await fc.assert(
      fc.asyncProperty(bad, async (one) => {
        const answer = await app.request(`/u/${encodeURIComponent(one)}`, { method: 'POST' });
        expect([400, 404]).toContain(answer.status);
      }),
      { numRuns: 300 },
    );
    expect(await isToldMore()).toBe(true);
    await room.look('delete from messages where tenant_id = $1', [tenantId]);
    expect((await app.request(path)).status).toBe(404);
  });
});
