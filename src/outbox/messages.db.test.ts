import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type MessageEvent, messageEvents } from '#domain/message-events.ts';
import type { NewMessage } from '#outbox/append-message.ts';
import type { FakeNotifier } from '#ports/notifier/fake.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { createOutwards, type Outwards } from '#test/setup/outwards.ts';

let room: BridgeRoom;
let out: Outwards;
let tenantId: string;
let notifier: FakeNotifier;

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  out = createOutwards(room);
});
afterAll(() => room.close());
beforeEach(async () => {
  ({ id: tenantId, notifier } = await out.addTenant());
});

const reminder: NewMessage<'reminder'> = {
  event: 'reminder',
  to: { email: 'budi@example.net' },
  language: 'id',
  values: { name: 'Budi', amount: 'Rp 150.000', due_date: '20 November', invoice: 'INV-1', days: '3' },
  correlationId: 'c-1',
};
const receipt: NewMessage<'receipt'> = {
  event: 'receipt',
  to: { email: 'budi@example.net' },
  language: 'en',
  values: { name: 'Budi', amount: 'Rp 150.000', date: '20 November', invoice: 'INV-1' },
  correlationId: 'c-1',
};

const append = <E extends MessageEvent>(message: NewMessage<E>, tenant = tenantId): Promise<string> =>
  room.db.tenant(tenant, (tx) => out.appendMessage(tx, tenant, message));

type Row = { readonly state: string; readonly attempts: number; readonly error: string | null };
const rowOf = async (id: string): Promise<Row | undefined> =>
  (await room.look<Row>('select state, attempts, error from messages where id = $1', [id]))[0];

const optOut = async (messageId: string): Promise<void> => {
  await room.look(
    `insert into opt_outs (tenant_id, channel, recipient_hash) select tenant_id, channel, recipient_hash from messages where id = $1`,
    [messageId],
  );
};

describe('a message', () => {
  it('M1: is sent in the words of its event, under its own id, and is told as sent', async () => {
    const id = await append(reminder);
    expect(await rowOf(id)).toEqual({ state: 'queued', attempts: 0, error: null });
    await out.run('messages');
    expect(await rowOf(id)).toEqual({ state: 'sent', attempts: 1, error: null });
    expect(notifier.taken).toHaveLength(1);
    expect(notifier.taken[0]).toMatchObject({ to: 'budi@example.net', messageId: id, language: 'id' });
    expect(notifier.taken[0]?.subject).toBe('Tagihan INV-1 jatuh tempo 20 November');
    expect(notifier.taken[0]?.text).toContain('Rp 150.000');
  });

  it('P59: whatever the tenants and events, each message goes to its recipient, by its own tenant, and to nobody else', async () => {
    const tenants = await Promise.all([out.addTenant(), out.addTenant(), out.addTenant()]);
    const one = fc.record({
      tenant: fc.nat({ max: tenants.length - 1 }),
      event: fc.constantFrom(...messageEvents),
      language: fc.constantFrom('id' as const, 'en' as const),
      // The same people are customers of several tenants.
      email: fc.constantFrom('budi@example.net', 'sari@example.net', 'tono@example.org'),
    });
    const seen = tenants.map(() => 0);
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 6 }), async (messages) => {
        const expected = tenants.map((): string[] => []);
        for (const { tenant, event, language, email } of messages) {
          const id = tenants[tenant]?.id ?? '';
          const values = new Proxy({}, { get: (_all, name) => String(name), ownKeys: () => [] });
          const message = { event, language, to: { email }, values, correlationId: 'c' } as NewMessage<MessageEvent>;
          const messageId = await append(message, id);
          expected[tenant]?.push(`${email} ${messageId}`);
        }
        await out.run('messages');
        for (const [i, { notifier: carrier }] of tenants.entries()) {
          const fresh = carrier.taken.slice(seen[i]).map(({ to, messageId }) => `${to} ${messageId}`);
          seen[i] = carrier.taken.length;
          expect(fresh.sort()).toEqual(expected[i]?.sort());
        }
      }),
      { numRuns: 100 },
    );
  });

  it('P60: one that fails is tried three times more, each later than the one before, then it is failed', async () => {
    notifier.fail({ reason: 'unreachable', detail: '450 come back later' });
    const id = await append(reminder);
    const waits: number[] = [];
    for (let tries = 1; tries <= 6; tries++) {
      await out.run('messages');
      const [due] = await room.look<{ seconds: number }>(
        `select extract(epoch from next_at - now())::float as seconds from outbox where key = $1 and state = 'ready'`,
        [id],
      );
      if (due) waits.push(due.seconds);
      const state = tries < 4 ? 'queued' : 'failed';
      expect(await rowOf(id)).toEqual({ state, attempts: Math.min(tries, 4), error: '450 come back later' });
      await out.endWaits();
    }
    expect(notifier.tries()).toBe(4);
    expect(waits).toHaveLength(3);
    expect(waits.toSorted((a, b) => a - b)).toEqual(waits);
    expect(waits[0]).toBeGreaterThan(15);
  });

  it('P60: one that gets through at the third try is sent, once', async () => {
    notifier.fail({ reason: 'unreachable', detail: 'away' });
    const id = await append(reminder);
    for (let tries = 0; tries < 2; tries++) {
      await out.run('messages');
      await out.endWaits();
    }
    notifier.fail(null);
    await out.run('messages');
    await out.endWaits();
    await out.run('messages');
    expect(await rowOf(id)).toMatchObject({ state: 'sent', attempts: 3 });
    expect(notifier.taken).toHaveLength(1);
  });

  it('P60: tries are counted through crashes: never more than four, whoever dies when', async () => {
    notifier.fail({ reason: 'unreachable', detail: 'away' });
    const id = await append(reminder);
    for (let deaths = 0; deaths < 8; deaths++) {
      await out.run('messages');
      await out.crash();
    }
    expect(await rowOf(id)).toMatchObject({ state: 'failed', attempts: 4 });
    expect(notifier.tries()).toBe(4);
  });

  it('what is refused for good is not repeated; an address where nobody is has bounced', async () => {
    const bounced = await append({ ...reminder, to: { email: 'nobody@example.net' } });
    await out.run('messages');
    notifier.fail({ reason: 'rejected', detail: '554 not from here' });
    const failed = await append(reminder);
    await out.run('messages');
    expect([await rowOf(bounced), await rowOf(failed)]).toMatchObject([
      { state: 'bounced', attempts: 1 },
      { state: 'failed', attempts: 1 },
    ]);
    const dead = await room.look(`select kind from outbox where tenant_id = $1 and state = 'dead'`, [tenantId]);
    expect(dead).toHaveLength(2);
  });

  it('B10: a carrier that rests costs no try', async () => {
    notifier.fail({ reason: 'resting', detail: 'it failed several times', waitMs: 30_000 });
    const id = await append(reminder);
    for (let i = 0; i < 6; i++) {
      await out.run('messages');
      await out.endWaits();
    }
    expect(await rowOf(id)).toMatchObject({ state: 'queued', attempts: 0 });
  });

  it('B10: what was rolled back is not sent', async () => {
    await expect(
      room.db.tenant(tenantId, async (tx) => {
        await out.appendMessage(tx, tenantId, reminder);
        throw new Error('the payment was not saved');
      }),
    ).rejects.toThrow('not saved');
    await out.run('messages');
    expect(notifier.taken).toEqual([]);
  });

  it('T2: of a deactivated tenant waits, and goes out when it is active again', async () => {
    const id = await append(reminder);
    await room.look('update tenants set is_active = false where id = $1', [tenantId]);
    await out.run('messages');
    expect(await rowOf(id)).toMatchObject({ state: 'queued', attempts: 0 });
    await room.look('update tenants set is_active = true where id = $1', [tenantId]);
    await out.run('messages');
    expect(notifier.taken).toHaveLength(1);
  });

  it('waits a day for a mail server where there is none, and fails then: nobody wants old news', async () => {
    out.disconnectMail(tenantId);
    const id = await append(reminder);
    await out.run('messages');
    expect(await rowOf(id)).toMatchObject({
      state: 'queued',
      attempts: 0,
      error: expect.stringContaining('connections/smtp'),
    });
    await room.look(`update outbox set next_at = now(), created_at = now() - interval '25 h' where tenant_id = $1`, [
      tenantId,
    ]);
    await out.run('messages');
    expect(await rowOf(id)).toMatchObject({ state: 'failed', attempts: 0 });
  });
});

describe('opting out', () => {
  it('whoever opted out gets nothing but what answers its own acts, from this tenant alone', async () => {
    const other = await out.addTenant();
    await optOut(await append(reminder));
    await out.run('messages');
    const suppressed = await append({ ...reminder, to: { email: ' Budi@Example.net ' } });
    const paid = await append(receipt);
    await append(reminder, other.id);
    await out.run('messages');
    expect(await rowOf(suppressed)).toMatchObject({ state: 'suppressed', error: 'the recipient opted out' });
    expect(await rowOf(paid)).toMatchObject({ state: 'sent' });
    expect(other.notifier.taken).toHaveLength(1);
    expect(notifier.taken.map(({ messageId }) => messageId)).toEqual([paid]);
  });

  it('counts for what waits already', async () => {
    const id = await append(reminder);
    await optOut(id);
    await out.run('messages');
    expect(await rowOf(id)).toMatchObject({ state: 'suppressed' });
    expect(notifier.taken).toEqual([]);
  });

  it('each message but a transactional one carries the link that ends them', async () => {
    await append(reminder);
    await append(receipt);
    await out.run('messages');
    const [first, second] = notifier.taken.toSorted((a, b) => a.language.localeCompare(b.language) * -1);
    expect(first?.unsubscribeUrl).toMatch(/^https:\/\/hub\.example\.net\/u\/[\w-]{64}$/);
    expect(first?.text).toContain(first?.unsubscribeUrl);
    expect(second).not.toHaveProperty('unsubscribeUrl');
  });

  it('an event that the tenant turned off is not written about', async () => {
    await room.look(
      `insert into message_templates (tenant_id, event, language, subject, body, is_enabled) values ($1, 'reminder', 'id', 'x', 'y', false)`,
      [tenantId],
    );
    expect(await rowOf(await append(reminder))).toMatchObject({ state: 'suppressed' });
  });
});

describe('what a message says', () => {
  it('SEC-21, SEC-22: who it goes to and what it says lie sealed, and no log line tells either', async () => {
    const canary = `canary${randomUUID().slice(0, 8)}`;
    const id = await append({
      event: 'password_reset',
      to: { email: `${canary}@example.net` },
      language: 'id',
      values: { name: canary, link: `https://hub.example.net/password-reset#${canary}`, minutes: '60' },
      correlationId: 'c-1',
    });
    notifier.fail({ reason: 'unreachable', detail: `450 ${canary} is greylisted` });
    await out.run('messages');
    notifier.fail(null);
    await out.endWaits();
    await out.run('messages');
    expect(notifier.taken[0]?.text).toContain(canary);
    const rows = await room.look(
      `select recipient, recipient_masked, content, encode(recipient_hash, 'escape') as hash from messages where id = $1
       union all select intent::text, key, kind, '' from outbox`,
      [id],
    );
    expect(JSON.stringify(rows)).not.toContain(canary);
    expect(out.logged()).not.toContain(canary);
    expect(out.logged()).toContain('message.send');
  });

  it('M1: the tenant’s own words are used, with its name; values stay text', async () => {
    await room.look(
      `insert into message_templates (tenant_id, event, language, subject, body) values ($1, 'reminder', 'id', $2, $3)`,
      [tenantId, 'Halo {{ name }}', '{{name}} <b>{{invoice}}</b>\n\n{{company}}'],
    );
    await room.look(`update tenants set settings = '{"branding":{"name":"Ujung & Net"}}' where id = $1`, [tenantId]);
    await append({
      ...reminder,
      values: { ...reminder.values, name: 'Budi\r\nBcc: x@y.z', invoice: '<script>{{name}}' },
    });
    await out.run('messages');
    const [mail] = notifier.taken;
    expect(mail?.subject).toBe('Halo Budi Bcc: x@y.z');
    expect(mail?.text).toContain('<b><script>{{name}}</b>\n\nUjung & Net');
    expect(mail?.html).toContain('&lt;b&gt;&lt;script&gt;{{name}}&lt;/b&gt;');
    expect(mail?.html).toContain('Ujung &amp; Net');
  });
});
