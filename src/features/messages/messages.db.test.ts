import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { messageEvents, messageLanguages, placeholdersOf } from '#domain/message-events.ts';
import type { FakeNotifier } from '#ports/notifier/fake.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { type Ask, admin, asCaller, shapedAs } from '#test/features/room.ts';
import { createOutwards, type Outwards } from '#test/setup/outwards.ts';
import { messagesRoutes } from './routes.ts';
import { forgetMessagesOf, messagesOf } from './verbs.ts';

let room: BridgeRoom;
let out: Outwards;
let tenantId: string;
let notifier: FakeNotifier;
let ask: Ask;

const askAs = (caller: Parameters<typeof asCaller>[1]): Ask =>
  asCaller(
    messagesRoutes({ db: room.db, appendMessage: out.appendMessage, unsubscribeLinks: out.unsubscribeLinks }),
    caller,
  );

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  out = createOutwards(room);
});
afterAll(() => room.close());
beforeEach(async () => {
  ({ id: tenantId, notifier } = await out.addTenant());
  ask = askAs(admin(tenantId));
});

const test = (to = 'sari@isp.example') => ask('POST', '/messages/test', { to });
const audits = async (): Promise<string[]> =>
  (
    await room.look<{ done: string }>(
      `select action || ' ' || entity_type || ' ' || entity_id as done from audit_logs where tenant_id = $1 order by id`,
      [tenantId],
    )
  ).map(({ done }) => done);

describe('messages', () => {
  it('M1: a test message is queued, sent, and listed with its recipient masked', async () => {
    const queued = await test();
    expect(queued).toMatchObject({
      status: 202,
      body: { event: 'test', state: 'queued', recipient: 's***@isp.example' },
    });
    await out.run('messages');
    expect(notifier.taken).toMatchObject([{ to: 'sari@isp.example', messageId: queued.body.id }]);
    const list = await ask('GET', '/messages?state=sent');
    expect(list.body).toMatchObject({ total: 1, page: 1, data: [{ id: queued.body.id, state: 'sent', attempts: 1 }] });
    expect(JSON.stringify(list.body)).not.toContain('sari@');
    expect(await audits()).toEqual([`create message ${queued.body.id}`]);
  });

  it('P60: one that was given up is tried again when a person says so; no other is', async () => {
    const { id } = (await test('nobody@isp.example')).body;
    expect((await ask('POST', `/messages/${id}/retry`)).status).toBe(409);
    await out.run('messages');
    expect((await ask('GET', '/messages?state=bounced')).body.total).toBe(1);
    expect(await ask('POST', `/messages/${id}/retry`)).toMatchObject({
      status: 200,
      body: { state: 'queued', attempts: 0 },
    });
    const tries = notifier.tries();
    await out.run('messages');
    expect(notifier.tries()).toBe(tries + 1);
    expect((await ask('POST', `/messages/${randomUUID()}/retry`)).status).toBe(404);
  });

  it.each(['sari', 'sari@', 'a@b, c@d', 'a@b.c\r\nBcc: x@y.z', ''])('the address %j is refused', async (to) => {
    expect(await test(to)).toMatchObject({ status: 400, body: { details: { fields: [{ field: 'to' }] } } });
  });

  it('P12: whatever the filter, each message in the list matches it', async () => {
    const states = ['queued', 'sent', 'failed', 'suppressed', 'bounced'];
    for (let i = 0; i < 12; i++) await test();
    await room.look(
      `update messages set state = ($2::text[])[1 + abs(hashtext(id::text)) % 5],
         event = (array['test', 'receipt'])[1 + abs(hashtext(id::text || 'x')) % 2] where tenant_id = $1`,
      [tenantId, states],
    );
    const filter = fc.record(
      { state: fc.constantFrom(...states), event: fc.constantFrom('test', 'receipt', 'reminder') },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(filter, async (wanted) => {
        const { body } = await ask('GET', `/messages?page_size=100&${new URLSearchParams(wanted)}`);
        const rows = shapedAs<Record<string, string>[]>(body.data);
        for (const row of rows) expect(row).toMatchObject(wanted);
        expect(rows).toHaveLength(Number(body.total));
      }),
      { numRuns: 100 },
    );
  });

  it('P7: who may read them may not send, and a technician does neither', async () => {
    const viewer = askAs(admin(tenantId, 'viewer'));
    const technician = askAs(admin(tenantId, 'technician'));
    const statuses = async (one: Ask) => [
      (await one('GET', '/messages')).status,
      (await one('GET', '/message-templates')).status,
      (await one('POST', '/messages/test', { to: 'a@b.example' })).status,
      (await one('DELETE', '/message-templates/test/id')).status,
    ];
    expect(await statuses(viewer)).toEqual([200, 200, 403, 403]);
    expect(await statuses(technician)).toEqual([403, 403, 403, 403]);
  });

  it('SEC-2: another tenant’s messages are as if they were not there', async () => {
    const { id } = (await test()).body;
    const stranger = askAs(admin((await out.addTenant()).id));
    expect((await stranger('GET', '/messages')).body.total).toBe(0);
    expect(await stranger('POST', `/messages/${id}/retry`)).toEqual(
      await stranger('POST', `/messages/${randomUUID()}/retry`),
    );
  });
});

describe('what a person was written', () => {
  it('SEC-28: is opened for the person itself, and gone when it is erased; that it opted out stays', async () => {
    const [customerId, other] = [randomUUID(), randomUUID()];
    for (const id of [customerId, other])
      await room.look(
        `insert into customers (id, tenant_id, customer_code, name, phone, address) values ($1, $2, $3, 'Budi', '-', '-')`,
        [id, tenantId, id],
      );
    const vault = await room.vaultOf(tenantId);
    await room.db.tenant(tenantId, async (tx) => {
      for (const id of [customerId, other])
        await out.appendMessage(tx, tenantId, {
          event: 'restored',
          to: { email: 'canary@example.net', customerId: id },
          language: 'en',
          values: { name: 'Budi', customer_code: 'CUST-7' },
          correlationId: 'c-1',
        });
    });
    const kept = () => room.db.tenant(tenantId, (tx) => messagesOf(tx, tenantId, customerId, vault));
    expect(await kept()).toMatchObject([
      { event: 'restored', to: 'canary@example.net', said: { text: expect.stringContaining('CUST-7') } },
    ]);
    await room.db.tenant(tenantId, (tx) => forgetMessagesOf(tx, tenantId, customerId));
    expect(await kept()).toEqual([]);
    await out.run('messages');
    expect(notifier.taken).toHaveLength(1);
  });
});

describe('message templates', () => {
  const path = '/message-templates/registration/id';
  const own = { subject: 'Halo {{name}}', body: 'Nomor {{customer_code}}' };

  it('M1: the tenant’s own words take the place of the installation’s, and go again', async () => {
    const usual = await ask('GET', path);
    expect(usual.body).toMatchObject({ is_own: false, is_enabled: true });
    expect(await ask('PUT', path, own)).toMatchObject({ status: 200, body: { ...own, is_own: true } });
    expect((await ask('GET', path)).body).toMatchObject({ ...own, is_own: true });
    expect((await ask('DELETE', path)).status).toBe(204);
    expect((await ask('DELETE', path)).status).toBe(204);
    expect(await ask('GET', path)).toEqual(usual);
    expect(await audits()).toEqual([
      'create message_template registration/id',
      'delete message_template registration/id',
    ]);
  });

  it('a placeholder that nothing fills is refused with its name, in subject and body', async () => {
    for (const field of ['subject', 'body'] as const) {
      const refused = await ask('PUT', path, { ...own, [field]: 'Halo {{ nama }}' });
      expect(refused).toMatchObject({ status: 400, body: { details: { fields: [{ field }] } } });
      expect(String(refused.body.message)).toContain('{{nama}}');
    }
  });

  it('what answers somebody’s own act can be reworded, not turned off', async () => {
    const reset = '/message-templates/password_reset/en';
    const words = { subject: 'Password', body: '{{link}}' };
    expect(await ask('PUT', reset, { ...words, is_enabled: false })).toMatchObject({
      status: 400,
      body: { details: { fields: [{ field: 'is_enabled' }] } },
    });
    expect((await ask('PUT', reset, words)).status).toBe(200);
  });

  it('all of them are listed, in each language, with what may be put in', async () => {
    const { body } = await ask('GET', '/message-templates?page_size=100');
    expect(body.total).toBe(messageEvents.length * messageLanguages.length);
    const rows = shapedAs<{ event: (typeof messageEvents)[number]; placeholders: string[] }[]>(body.data);
    for (const { event, placeholders } of rows) expect(placeholders).toEqual([...placeholdersOf(event)]);
  });

  it('P10: the pages together hold exactly the total', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), async (size) => {
        const seen: unknown[] = [];
        let total = 1;
        for (let page = 1; seen.length < total; page++) {
          const { body } = await ask('GET', `/message-templates?page=${page}&page_size=${size}`);
          total = Number(body.total);
          const rows = shapedAs<{ event: string; language: string }[]>(body.data);
          expect(rows.length).toBeGreaterThan(0);
          seen.push(...rows.map((row) => `${row.event} ${row.language}`));
        }
        expect(new Set(seen).size).toBe(total);
      }),
      { numRuns: 100 },
    );
  });

  it('another tenant’s words are its own', async () => {
    await ask('PUT', path, own);
    const stranger = askAs(admin((await out.addTenant()).id));
    expect((await stranger('GET', path)).body.is_own).toBe(false);
  });
});
