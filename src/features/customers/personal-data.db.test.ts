import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpenAPIHono } from '@hono/zod-openapi';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { decideLine } from '#access/decide-lines.ts';
import { tenantRoles } from '#domain/permissions.ts';
import { answerError } from '#http/errors.ts';
import { erasePerson, exportPerson } from '#journeys/personal-data.ts';
import { may } from '#platform/caller.ts';
import { createLog } from '#platform/log.ts';
import type { RouteEnv } from '#platform/routing.ts';
import { createTenantFiles } from '#platform/tenant-files.ts';
import { callAs } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { type Office, openOffice } from '#test/setup/office.ts';
import { personalRoutes } from './personal-routes.ts';

let bridge: TestBridge;
let folder: string;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  folder = await mkdtemp(join(tmpdir(), 'jembatan-files-'));
});
afterAll(async () => {
  await bridge.close();
  await rm(folder, { recursive: true, force: true });
});

const nik = '3215012345670001';

function roomOf(office: Office) {
  const { db } = bridge;
  const personal = { db, files: createTenantFiles(folder), vaultOf: office.around.vaultOf };
  return personalRoutes({
    ...personal,
    exportPerson: (who, id) => exportPerson(personal, who, id),
    erasePerson: (who, id) => erasePerson(personal, who, id),
  });
}

/** Sends bytes as a caller of the office would. */
function sender(office: Office, role = 'admin') {
  const app = new OpenAPIHono<RouteEnv>();
  app.onError(answerError(createLog('silent')));
  app.use('*', async (c, next) => {
    c.set('caller', { userId: office.tenant.adminId, tenantId: office.tenant.id, role });
    c.set('correlationId', 'c-1');
    c.set('address', '127.0.0.1');
    await next();
  });
  app.route('/', roomOf(office));
  return app;
}

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const jpeg = Buffer.from('ffd8ffe000104a4649460001', 'hex');
const webp = Buffer.from(`RIFF\u0000\u0000\u0000\u0000WEBPVP8 `, 'latin1');
const put = (bytes: Uint8Array<ArrayBuffer>) => ({
  method: 'PUT',
  body: bytes,
  headers: { 'content-type': 'image/png' },
});

describe('personal data of a customer', () => {
  it('SEC-28: an identity number is sealed, found by its whole only, shown masked, and revealed with an audit entry', async () => {
    const office = await openOffice(bridge, { decides: false });
    const person = callAs(roomOf(office), office.tenant);
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[0-9]{16}$/), async (national_id) => {
        const made = await office.registered({ national_id });
        expect(made.body.national_id).toBe(`************${national_id.slice(-4)}`);
        const found = await office.customers('GET', `/customers?national_id=${national_id}`);
        expect((found.body.data as { id: string }[]).map(({ id }) => id)).toContain(made.body.id);
        const shown = await person('POST', `/customers/${made.body.id}/reveal`, { field: 'national_id' });
        expect(shown).toEqual({ status: 200, body: { field: 'national_id', value: national_id } });
      }),
      { numRuns: 100 },
    );
    const [sums] = await bridge.look<{ revealed: number; plain: number }>(
      `select (select count(*)::int from audit_logs where tenant_id = $1 and action = 'reveal') as revealed,
         (select count(*)::int from customers where tenant_id = $1 and national_id ~ '^[0-9]{16}$') as plain`,
      [office.tenant.id],
    );
    expect(sums).toEqual({ revealed: 100, plain: 0 });
    expect((await office.customers('GET', '/customers?national_id=32150')).status).toBe(400);
  });

  it('SEC-21: the same identity number has another index in another tenant', async () => {
    const [one, two] = [await openOffice(bridge), await openOffice(bridge)];
    for (const office of [one, two]) await office.registered({ national_id: nik });
    const rows = await bridge.look<{ index: string }>(
      `select encode(national_id_index, 'hex') as index from customers where tenant_id in ($1, $2)`,
      [one.tenant.id, two.tenant.id],
    );
    expect(new Set(rows.map(({ index }) => index)).size).toBe(2);
    const [row] = (await two.customers('GET', `/customers?national_id=${nik}`)).body.data as { id: string }[];
    expect((await one.customers('GET', `/customers/${row?.id}`)).status).toBe(404);
  });

  it('SEC-28: only who may reveal is shown or handed out anything, only who may erase erases', async () => {
    const office = await openOffice(bridge);
    const id = String((await office.registered({ national_id: nik })).body.id);
    for (const role of ['operator', 'finance', 'viewer', 'reseller', 'noc']) {
      const person = callAs(roomOf(office), office.tenant, role);
      expect((await person('POST', `/customers/${id}/reveal`, { field: 'phone' })).status).toBe(403);
      expect((await person('GET', `/customers/${id}/export`)).status).toBe(403);
      expect((await person('POST', `/customers/${id}/erase`)).status).toBe(403);
    }
  });

  it('P63: an export holds what whoever asks may see, and nothing of anybody else', async () => {
    const offices = await Promise.all([openOffice(bridge), openOffice(bridge)]);
    const people = await Promise.all(
      offices.flatMap((office, i) =>
        ['Satu', 'Dua'].map(async (name) => {
          const canary = `Canary-${i}-${name}`;
          const { body } = await office.registered({ name: canary });
          return { id: String(body.id), office, canary };
        }),
      ),
    );
    const role = fc.constantFrom(...tenantRoles);
    await fc.assert(
      fc.asyncProperty(role, fc.constantFrom(...offices), fc.constantFrom(...people), async (as, office, person) => {
        const asker = callAs(roomOf(office), office.tenant, as);
        const { status, body } = await asker('GET', `/customers/${person.id}/export`);
        const isOwn = person.office === office;
        expect(status).toBe(
          may({ userId: '', tenantId: '', role: as }, 'customers:reveal') ? (isOwn ? 200 : 404) : 403,
        );
        const shown = people.filter(({ canary }) => JSON.stringify(body).includes(canary));
        expect(shown.map(({ canary }) => canary)).toEqual(status === 200 ? [person.canary] : []);
      }),
      { numRuns: 100 },
    );
  });

  it('SEC-28: the export holds all of the person and no secret of the line; erasing leaves none of it', async () => {
    const office = await openOffice(bridge);
    const canaries = { name: 'Canary Nama', phone: '0812777888', address: 'Jl. Canary 9', email: 'canary@contoh.id' };
    const made = await office.registered({
      ...canaries,
      notes: 'Canary catatan',
      national_id: nik,
      latitude: -6.123456,
      longitude: 107.654321,
      mac: 'AA:BB:CC:DD:EE:99',
      password: 'canary-pass',
      erp_customer: 'ERP-CUST-0001',
    });
    const { id, subscription, customer_code } = made.body as {
      id: string;
      customer_code: string;
      subscription: { id: string };
    };
    const person = callAs(roomOf(office), office.tenant);
    await sender(office).request(`/customers/${id}/photo`, put(jpeg));
    const handed = await person('GET', `/customers/${id}/export`);
    const text = JSON.stringify(handed.body);
    for (const canary of [...Object.values(canaries), 'Canary catatan', nik, '-6.123456', 'AA:BB:CC:DD:EE:99'])
      expect(text).toContain(canary);
    expect(text).not.toContain('canary-pass');
    expect(await person('POST', `/customers/${id}/erase`)).toMatchObject({ status: 409 });
    await office.subscriptions('POST', `/subscriptions/${subscription.id}/terminate`, { reason: 'Pindah' });
    expect((await person('POST', `/customers/${id}/erase`)).status).toBe(204);
    expect((await person('POST', `/customers/${id}/erase`)).status).toBe(204);
    const everything = await dump(office.tenant.id);
    for (const canary of ['Canary', '0812777888', 'canary@contoh.id', nik, '-6.123456', 'canary-pass'])
      expect(everything, canary).not.toContain(canary);
    expect(everything).toContain(customer_code);
    expect(await readdir(join(folder, 'files', office.tenant.id))).toEqual([]);
    expect((await office.customers('GET', `/customers/${id}`)).status).toBe(404);
  });

  it('SEC-28: erasing reaches deliveries as they came, what the ledger calls the person, old intents and announcements', async () => {
    const office = await openOffice(bridge);
    const tenantId = office.tenant.id;
    const [name, erp, mac] = ['Canary Réno', 'Canary Réno - 1', 'AA:BB:CC:DD:EE:99'];
    const made = await office.registered({ name, mac, erp_customer: erp, phone: '0812777888' });
    const { id, subscription } = made.body as { id: string; subscription: { id: string } };
    const deliver = (doctype: string, document: string, body: string) =>
      bridge.look(
        `insert into inbox (tenant_id, source, dedup, raw, doctype, name, event, modified, state, correlation_id)
         values ($1, 'erpnext', $2, $3, $4, $5, 'on_change', '-', 'done', '-')`,
        [tenantId, Buffer.from(body), Buffer.from(body), doctype, document],
      );
    const ascii = (text: string): string => JSON.stringify(text).replace('é', '\\u00e9');
    await deliver('Customer', erp, `{"name": ${JSON.stringify(erp)}}`);
    await deliver('Sales Invoice', 'INV-1', `{"customer_name": ${ascii(name)}}`);
    await deliver('Sales Invoice', 'INV-2', '{"Canary": "by its document alone"}');
    await deliver('Note', 'N-1', '{"said": "Canary, call 0812777888"}');
    await deliver('Sales Invoice', 'INV-3', '{"customer_name": "Somebody Else"}');
    const known = (doctype: string, document: string, fact: object) =>
      bridge.look(
        `insert into ledger_documents (tenant_id, doctype, name, customer, modified, fact, changed, fetched_at)
         values ($1, $2, $3, $4, '-', $5, true, now())`,
        [tenantId, doctype, document, erp, JSON.stringify(fact)],
      );
    await known('Customer', erp, { kind: 'customer', customerName: name });
    await known('Sales Invoice', 'INV-2', { kind: 'invoice', customer: erp, total: '150000' });
    await bridge.look('insert into ledger_readings (tenant_id, customer) values ($1, $2)', [tenantId, erp]);
    for (const doctype of ['Customer', '@customer']) {
      const mark = `insert into dirty_documents (tenant_id, doctype, name, correlation_id) values ($1, $2, $3, '-')
        on conflict do nothing`;
      await bridge.look(mark, [tenantId, doctype, erp]);
    }
    const announced = JSON.stringify({ type: 'customer.created', data: { id, name } });
    await bridge.look(
      `insert into announcements (tenant_id, type, body, correlation_id) values ($1, 'customer.created', $2, '-')`,
      [tenantId, announced],
    );
    await bridge.look(`update outbox set state = 'done', finished_at = now() where tenant_id = $1`, [tenantId]);
    await office.subscriptions('POST', `/subscriptions/${subscription.id}/terminate`, { reason: 'Pindah' });
    const before = await dump(tenantId);
    for (const canary of ['Canary', mac, '0812777888']) expect(before).toContain(canary);

    expect((await callAs(roomOf(office), office.tenant)('POST', `/customers/${id}/erase`)).status).toBe(204);
    await decideLine(bridge.db, office.around.clock, tenantId, subscription.id);
    const bodies = await bridge.look<{ raw: string }>(
      `select convert_from(raw, 'UTF8') as raw from inbox where tenant_id = $1 and raw <> ''`,
      [tenantId],
    );
    expect(bodies).toEqual([{ raw: '{"customer_name": "Somebody Else"}' }]);
    const after = await dump(tenantId);
    for (const canary of ['Canary', mac, '0812777888']) expect(after, canary).not.toContain(canary);
    const [invoice] = await bridge.look<{ customer: string; fact: object }>(
      `select customer, fact from ledger_documents where tenant_id = $1 and name = 'INV-2'`,
      [tenantId],
    );
    const erased = `(erased ${made.body.customer_code})`;
    expect(invoice).toEqual({ customer: erased, fact: { kind: 'invoice', customer: erased, total: '150000' } });
  });

  it('C3: a photo is what its bytes say, comes back as it was, privately, and is gone when it is removed', async () => {
    const office = await openOffice(bridge);
    const id = String((await office.registered()).body.id);
    const app = sender(office);
    const path = `/customers/${id}/photo`;
    expect((await app.request(path)).status).toBe(404);
    for (const [bytes, type] of [
      [png, 'image/png'],
      [jpeg, 'image/jpeg'],
      [webp, 'image/webp'],
    ] as const) {
      expect((await app.request(path, put(new Uint8Array(bytes)))).status).toBe(204);
      const shown = await app.request(path);
      expect(shown.headers.get('content-type')).toBe(type);
      expect(shown.headers.get('x-content-type-options')).toBe('nosniff');
      expect(shown.headers.get('cache-control')).toContain('private');
      expect(Buffer.from(await shown.arrayBuffer())).toEqual(bytes);
    }
    expect(await readdir(join(folder, 'files', office.tenant.id))).toHaveLength(1);
    for (const body of ['<svg onload="alert(1)"/>', 'GIF89a', '', '<html>']) {
      expect((await app.request(path, put(new Uint8Array(Buffer.from(body))))).status).toBe(400);
    }
    const large = new Uint8Array(1_000_001);
    large.set(png);
    expect((await app.request(path, put(large))).status).toBe(413);
    expect((await sender(office, 'viewer').request(path)).status).toBe(403);
    expect((await app.request(path, { method: 'DELETE' })).status).toBe(204);
    expect((await app.request(path)).status).toBe(404);
    expect(await readdir(join(folder, 'files', office.tenant.id))).toEqual([]);
  });
});

/** All rows of a tenant in every table, as text. */
async function dump(tenantId: string): Promise<string> {
  const tables = await bridge.look<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`,
  );
  const parts: string[] = [];
  for (const { name } of tables) {
    parts.push(JSON.stringify(await bridge.look(`select t::text from ${name} t where tenant_id = $1`, [tenantId])));
  }
  return parts.join('\n');
}
