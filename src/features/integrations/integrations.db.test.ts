import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { auditRows } from '#test/features/audit-rows.ts';
import { addTenant, type Call, callAs, type TestTenant } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { integrationsRoutes } from './routes.ts';

let bridge: TestBridge;
let tenant: TestTenant;
let call: Call;
let callOther: Call;

const routes = () => integrationsRoutes({ db: bridge.db });

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  tenant = await addTenant(bridge);
  call = callAs(routes(), tenant);
  callOther = callAs(routes(), await addTenant(bridge));
});
afterAll(() => bridge.close());

async function addEvent(state: string, doctype: string, name: string): Promise<string> {
  const [row] = await bridge.look<{ id: string }>(
    `insert into inbox (tenant_id, source, dedup, raw, doctype, name, event, modified, state, error, correlation_id)
     values ($1, 'erpnext', $2, 'the raw body', $3, $4, 'on_change', '2026-11-21', $5, 'why', 'c-1') returning id`,
    [tenant.id, randomBytes(32), doctype, name, state],
  );
  return String(row?.id);
}

async function addIntent(state: string, kind = 'access.apply'): Promise<string> {
  const intent = { kind, username: 'budi', passwordSealed: 'v1:sealed', desired: { state: 'active' } };
  const [row] = await bridge.look<{ id: string }>(
    `insert into outbox (tenant_id, kind, key, intent, generation, urgency, state, attempts, error, correlation_id, next_at)
     values ($1, $2, 'budi', $3, 7, 0, $4, 5, 'why', 'c-1', now() + interval '1 hour') returning id`,
    [tenant.id, kind, JSON.stringify(intent), state],
  );
  return String(row?.id);
}

const idsOf = (body: Record<string, unknown>): string[] => (body.data as { id: string }[]).map(({ id }) => id);

describe('events', () => {
  it('B2: deliveries are listed by state and doctype, without their raw bodies', async () => {
    const invoice = await addEvent('done', 'Sales Invoice', 'SINV-1');
    const toDo = await addEvent('ignored', 'ToDo', 'x');
    expect(idsOf((await call('GET', '/events?state=ignored')).body)).toEqual([toDo]);
    const { body } = await call('GET', '/events?doctype=Sales%20Invoice');
    expect(body).toMatchObject({
      total: 1,
      page: 1,
      page_size: 10,
      data: [{ id: invoice, name: 'SINV-1', error: 'why' }],
    });
    expect(JSON.stringify(body)).not.toContain('raw');
    expect((await call('GET', '/events?state=lost')).status).toBe(400);
  });

  it('B9: a replayed event is new again, and its document is looked at', async () => {
    const id = await addEvent('done', 'Payment Entry', 'PAY-1');
    expect(await call('POST', `/events/${id}/replay`)).toMatchObject({
      status: 200,
      body: { id, state: 'new', error: null, consumed_at: null },
    });
    const marks = await bridge.look('select doctype, name, correlation_id from dirty_documents where tenant_id = $1', [
      tenant.id,
    ]);
    expect(marks).toContainEqual({ doctype: 'Payment Entry', name: 'PAY-1', correlation_id: 'c-1' });
  });

  it('B9: what names no document that the hub has a use for is not replayed, and says so', async () => {
    const [nonsense, ignored] = [await addEvent('dead', '', ''), await addEvent('ignored', 'ToDo', 'y')];
    for (const id of [nonsense, ignored]) {
      expect(await call('POST', `/events/${id}/replay`)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    }
    expect((await call('POST', '/events/999999/replay')).status).toBe(404);
    expect((await call('POST', '/events/x/replay')).status).toBe(400);
  });

  it('one is shown by its id; P7: a viewer sees it and does not replay it, finance does neither', async () => {
    const id = await addEvent('done', 'Customer', 'Ani');
    const [viewer, finance, noc] = ['viewer', 'finance', 'noc'].map((role) => callAs(routes(), tenant, role)) as Call[];
    expect((await viewer?.('GET', `/events/${id}`))?.body).toMatchObject({ id, name: 'Ani' });
    expect((await viewer?.('POST', `/events/${id}/replay`))?.status).toBe(403);
    expect((await finance?.('GET', `/events/${id}`))?.status).toBe(403);
    expect((await noc?.('POST', `/events/${id}/replay`))?.status).toBe(200);
    expect((await call('GET', '/events/999999')).status).toBe(404);
  });

  it('P45: a replay by a person is in the audit log', async () => {
    const id = await addEvent('dead', 'Payment Entry', 'PAY-2');
    await call('POST', `/events/${id}/replay`);
    expect((await auditRows(bridge.look, tenant.id)).at(-1)).toMatchObject({
      action: 'run',
      entity_type: 'event',
      entity_id: id,
      changes: { state: { old: 'dead', new: 'new' } },
    });
  });

  it('P1: another tenant neither sees nor replays it', async () => {
    const id = await addEvent('done', 'Customer', 'Budi');
    expect((await callOther('GET', `/events/${id}`)).status).toBe(404);
    expect((await callOther('GET', '/events')).body.total).toBe(0);
    expect((await callOther('POST', `/events/${id}/replay`)).status).toBe(404);
  });
});

describe('outbox', () => {
  it('B10: intents are listed by state, kind and subscription, without secrets', async () => {
    const dead = await addIntent('dead');
    await addIntent('done', 'group.apply');
    const { body } = await call('GET', '/outbox?state=dead&kind=access.apply');
    expect(body).toMatchObject({
      total: 1,
      data: [{ id: dead, key: 'budi', generation: 7, attempts: 5, error: 'why' }],
    });
    expect(JSON.stringify(body)).not.toContain('sealed');
    expect((await call('GET', '/outbox?subscription_id=00000000-0000-4000-8000-000000000000')).body.total).toBe(0);
  });

  it('B9: a dead or waiting intent is ready now with its attempts forgotten; no other is retried', async () => {
    for (const state of ['dead', 'ready']) {
      const id = await addIntent(state);
      const { status, body } = await call('POST', `/outbox/${id}/retry`);
      expect([status, body.state, body.attempts, body.error]).toEqual([200, 'ready', 0, null]);
      expect(Date.parse(String(body.next_at))).toBeLessThanOrEqual(Date.now());
    }
    for (const state of ['running', 'done', 'superseded']) {
      const id = await addIntent(state);
      expect(await call('POST', `/outbox/${id}/retry`)).toMatchObject({ status: 409, body: { details: { state } } });
    }
  });

  it('one is shown by its id, without secrets; a retry by a person is in the audit log', async () => {
    const id = await addIntent('dead');
    const { status, body } = await call('GET', `/outbox/${id}`);
    expect([status, body.id, body.state]).toEqual([200, id, 'dead']);
    expect(JSON.stringify(body)).not.toContain('sealed');
    await call('POST', `/outbox/${id}/retry`);
    expect((await auditRows(bridge.look, tenant.id)).at(-1)).toMatchObject({
      action: 'run',
      entity_type: 'intent',
      entity_id: id,
      changes: { state: { old: 'dead', new: 'ready' }, attempts: { old: 5, new: 0 } },
    });
  });

  it('P1: another tenant neither sees nor retries it', async () => {
    const id = await addIntent('dead');
    expect((await callOther('GET', `/outbox/${id}`)).status).toBe(404);
    expect((await callOther('GET', '/outbox')).body.total).toBe(0);
    expect((await callOther('POST', `/outbox/${id}/retry`)).status).toBe(404);
  });
});
