import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { driftKinds } from '#domain/drift.ts';
import { auditRows } from '#test/features/audit-rows.ts';
import { addTenant, type Call, callAs, type TestTenant } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { driftRoutes } from './routes.ts';

let bridge: TestBridge;
let tenant: TestTenant;
let call: Call;
let callOther: Call;

const routes = () => driftRoutes({ db: bridge.db });

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  tenant = await addTenant(bridge);
  call = callAs(routes(), tenant);
  callOther = callAs(routes(), await addTenant(bridge));
});
afterAll(() => bridge.close());

type Row = { readonly kind: string; readonly resolved_at: string | null; readonly subject: string };

async function addDrift(runId: string, kind: string, isOpen: boolean): Promise<string> {
  const subject = `u-${randomUUID()}`;
  await bridge.look(
    `insert into drift (tenant_id, run_id, kind, subject, was, should_be, why, action, since, found_at, resolved_at)
     values ($1, $2, $3, $4, 'a', 'b', 'c', 'reported', now(), now(), case when $5 then null else now() end)`,
    [tenant.id, runId, kind, subject, isOpen],
  );
  return subject;
}

const asked = async (): Promise<string> =>
  String((await call('POST', '/reconciliations', { scope: 'radius' })).body.id);

describe('reconciliations', () => {
  it('B5: one that is asked for waits for a worker; asking again while it waits is the same one', async () => {
    const { status, body } = await call('POST', '/reconciliations', { scope: 'radius' });
    expect([status, body]).toMatchObject([202, { scope: 'radius', state: 'waiting', asked_by: tenant.adminId }]);
    expect((await call('POST', '/reconciliations', { scope: 'radius' })).body.id).toBe(body.id);
    expect((await call('POST', '/reconciliations', {})).body).toMatchObject({ scope: 'all' });
    expect((await call('GET', `/reconciliations/${body.id}`)).body).toEqual(body);
    expect((await call('GET', '/reconciliations?scope=radius')).body).toMatchObject({ total: 1, data: [body] });
    expect((await auditRows(bridge.look, tenant.id)).some(({ entity_id }) => entity_id === body.id)).toBe(true);
  });

  it('refuses a scope that there is not, and tells of a run that there is not', async () => {
    expect((await call('POST', '/reconciliations', { scope: 'world' })).status).toBe(400);
    expect((await call('GET', `/reconciliations/${randomUUID()}`)).status).toBe(404);
  });

  it('P7: a viewer sees runs and drift and asks for none; P1: another tenant sees neither', async () => {
    const id = await asked();
    const viewer = callAs(routes(), tenant, 'viewer');
    expect((await viewer('GET', `/reconciliations/${id}`)).status).toBe(200);
    expect((await viewer('POST', '/reconciliations', {})).status).toBe(403);
    expect((await callAs(routes(), tenant, 'finance')('GET', '/drift')).status).toBe(403);
    await addDrift(id, 'orphan', true);
    expect((await callOther('GET', `/reconciliations/${id}`)).status).toBe(404);
    expect((await callOther('GET', '/reconciliations')).body.total).toBe(0);
    expect((await callOther('GET', '/drift')).body.total).toBe(0);
  });
});

describe('drift', () => {
  it('P12: each row matches what it is filtered by', async () => {
    const id = await asked();
    const filter = { kind: fc.constantFrom(...driftKinds), open: fc.boolean() };
    await fc.assert(
      fc.asyncProperty(fc.record(filter), async ({ kind, open }) => {
        const subject = await addDrift(id, kind, open);
        const { body } = await call('GET', `/drift?kind=${kind}&open=${open}&reconciliation_id=${id}&page_size=100`);
        const rows = body.data as Row[];
        expect(rows.every((row) => row.kind === kind && (row.resolved_at === null) === open)).toBe(true);
        expect(rows.map((row) => row.subject)).toContain(subject);
        expect((await call('GET', `/drift?search=${subject}`)).body).toMatchObject({ total: 1 });
      }),
      { numRuns: 100 },
    );
  });
});
