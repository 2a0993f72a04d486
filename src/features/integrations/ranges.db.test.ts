import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { auditRows } from '#test/features/audit-rows.ts';
import { addTenant, type Call, callAs, type TestTenant } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { integrationsRoutes } from './routes.ts';

let bridge: TestBridge;

type Place = { readonly tenant: TestTenant; readonly call: Call; as(role: string): Call };

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());

async function openPlace(): Promise<Place> {
  const tenant = await addTenant(bridge);
  const routes = () => integrationsRoutes({ db: bridge.db });
  return { tenant, call: callAs(routes(), tenant), as: (role) => callAs(routes(), tenant, role) };
}

/** As many deliveries, a minute apart from 10:00 on. */
async function addEvents(
  { tenant }: Place,
  count: number,
  state = 'done',
  doctype = 'Sales Invoice',
): Promise<string[]> {
  const rows = await bridge.look<{ id: string }>(
    `insert into inbox (tenant_id, source, dedup, raw, doctype, name, event, modified, state, error, correlation_id, received_at)
     select $1, 'erpnext', $2 || int4send(n), '-', $3, 'DOC-' || n, 'on_change', '', $4, 'why', 'c-' || n,
       '2026-11-21T10:00:00Z'::timestamptz + n * interval '1 minute'
     from generate_series(0, $5 - 1) n returning id`,
    [tenant.id, randomBytes(16), doctype, state, count],
  );
  return rows.map(({ id }) => String(id));
}

async function addIntents({ tenant }: Place, count: number, state = 'dead', kind = 'access.apply'): Promise<string[]> {
  const rows = await bridge.look<{ id: string }>(
    `insert into outbox (tenant_id, kind, key, intent, generation, urgency, state, attempts, error, correlation_id)
     select $1, $2, 'user' || n, '{}', n, 0, $3, 5, 'why', 'c' from generate_series(1, $4) n returning id`,
    [tenant.id, kind, state, count],
  );
  return rows.map(({ id }) => String(id));
}

const states = async (table: 'inbox' | 'outbox', { tenant }: Place): Promise<string[]> =>
  (
    await bridge.look<{ state: string }>(`select state from ${table} where tenant_id = $1 order by id`, [tenant.id])
  ).map(({ state }) => state);

describe('a replay of many', () => {
  it('B9: takes what was received from one time on and before another, and nothing else', async () => {
    const at = await openPlace();
    await addEvents(at, 5);
    const asked = { from: '2026-11-21T10:01:00Z', to: '2026-11-21T17:03:00+07:00' };
    expect(await at.call('POST', '/events/replay', asked)).toMatchObject({
      status: 200,
      body: { replayed: 2, left_out: 0, next: null },
    });
    expect(await states('inbox', at)).toEqual(['done', 'new', 'new', 'done', 'done']);
  });

  it('B9: takes ids, a doctype, the dead ones, or the whole tenant; what names no document is left out', async () => {
    const at = await openPlace();
    const [first = ''] = await addEvents(at, 1);
    await addEvents(at, 1, 'dead', 'Payment Entry');
    await addEvents(at, 1, 'ignored', 'ToDo');
    const replay = async (asked: object): Promise<unknown> => (await at.call('POST', '/events/replay', asked)).body;
    expect(await replay({ ids: [first, '999999'] })).toMatchObject({ replayed: 1 });
    expect(await replay({ state: 'dead' })).toMatchObject({ replayed: 1 });
    expect(await replay({ doctype: 'ToDo' })).toMatchObject({ replayed: 0, left_out: 1 });
    await bridge.look(`update inbox set state = 'done' where tenant_id = $1 and state = 'new'`, [at.tenant.id]);
    expect(await replay({ all: true })).toEqual({ replayed: 2, left_out: 1, next: null });
  });

  it('B9: a large range is taken on in pages, each delivery once', async () => {
    const at = await openPlace();
    await addEvents(at, 5_001);
    const first = (await at.call('POST', '/events/replay', { all: true })).body;
    expect(first).toMatchObject({ replayed: 5_000 });
    expect((await at.call('POST', '/events/replay', { all: true, after: first.next })).body).toEqual({
      replayed: 1,
      left_out: 0,
      next: null,
    });
  });

  it('B9: an empty wish is refused, not taken for everything', async () => {
    const at = await openPlace();
    for (const body of [{}, { after: '1' }, { all: false }, { from: 'yesterday' }, { colour: 'red' }]) {
      expect((await at.call('POST', '/events/replay', body)).status).toBe(400);
      expect((await at.call('POST', '/outbox/retry', body)).status).toBe(400);
    }
  });

  it('P1, P7, P45: stays in its tenant, is for those who may, and is in the audit log', async () => {
    const [at, other] = [await openPlace(), await openPlace()];
    const ids = await addEvents(other, 2);
    expect((await at.call('POST', '/events/replay', { ids })).body).toMatchObject({ replayed: 0 });
    expect(await states('inbox', other)).toEqual(['done', 'done']);
    expect((await at.as('viewer')('POST', '/events/replay', { all: true })).status).toBe(403);
    await at.as('noc')('POST', '/events/replay', { doctype: 'Customer' });
    expect((await auditRows(bridge.look, at.tenant.id)).at(-1)).toMatchObject({
      action: 'run',
      entity_type: 'event',
      changes: { doctype: { new: 'Customer' }, replayed: { new: 0 } },
    });
  });
});

describe('a retry of many', () => {
  it('B9, B10: dead intents of a kind are ready with their attempts forgotten; living and done ones stay', async () => {
    const at = await openPlace();
    await addIntents(at, 2);
    await addIntents(at, 1, 'dead', 'sessions.drop');
    await addIntents(at, 1, 'done');
    await addIntents(at, 1, 'running');
    const { body } = await at.call('POST', '/outbox/retry', { kind: 'access.apply' });
    expect(body).toEqual({ retried: 2, next: null });
    expect(await states('outbox', at)).toEqual(['ready', 'ready', 'dead', 'done', 'running']);
    const rows = await bridge.look(`select attempts, error from outbox where tenant_id = $1 and state = 'ready'`, [
      at.tenant.id,
    ]);
    expect(rows).toEqual([
      { attempts: 0, error: null },
      { attempts: 0, error: null },
    ]);
  });

  it('P1, P7, P45: stays in its tenant, is for those who may, and is in the audit log', async () => {
    const [at, other] = [await openPlace(), await openPlace()];
    const ids = await addIntents(other, 1);
    expect((await at.call('POST', '/outbox/retry', { ids })).body).toMatchObject({ retried: 0 });
    expect(await states('outbox', other)).toEqual(['dead']);
    expect((await at.as('viewer')('POST', '/outbox/retry', { all: true })).status).toBe(403);
    expect((await auditRows(bridge.look, at.tenant.id)).at(-1)).toMatchObject({ action: 'run', entity_type: 'intent' });
  });
});
