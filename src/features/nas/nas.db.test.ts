import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { auditRows } from '#test/features/audit-rows.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { type Ask, admin, asCaller } from '#test/features/room.ts';
import { nasRoutes } from './routes.ts';

let room: BridgeRoom;
let tenantId: string;
let ask: Ask;
let radiusDb = 'installation';
let last = 0;

const strong = 'Vq8Zr2mN5xTk9LwB';
const askAs = (caller: Parameters<typeof asCaller>[1]): Ask =>
  asCaller(
    nasRoutes({
      db: room.db,
      vaultOf: room.vaultOf,
      radiusDbOf: async () => radiusDb,
      isolirUrl: 'https://isolir.isp.example',
      onChange: () => undefined,
    }),
    caller,
  );
const address = (): string => `10.${++last >> 16}.${(last >> 8) & 255}.${last & 255}`;
const add = (over: object = {}, as = ask) =>
  as('POST', '/nas', { name: `nas-${++last}`, address: address(), secret: strong, ...over });
const outbox = () =>
  room.look<{ kind: string; key: string; intent: object; generation: string; state: string }>(
    'select kind, key, intent, generation, state from outbox where tenant_id = $1 order by id',
    [tenantId],
  );

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
});
afterAll(() => room.close());
beforeEach(async () => {
  tenantId = await room.addTenant();
  ask = askAs(admin(tenantId));
  radiusDb = 'installation';
});

describe('NAS', () => {
  it('a new one has the contract’s defaults, and an intent to tell RADIUS waits under a generation', async () => {
    const { status, body } = await add({ name: 'CKP' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: 'CKP',
      coa_address: null,
      coa_port: 3799,
      type: 'other',
      sign_coa: true,
      require_message_authenticator: true,
      answers: 'unknown',
      warnings: [],
    });
    const [intent] = await outbox();
    expect(intent).toMatchObject({
      kind: 'nas.apply',
      key: body.id,
      intent: { kind: 'nas.apply', nasId: body.id },
      state: 'ready',
    });
    expect(Number(intent?.generation)).toBeGreaterThan(0);
  });

  it('R8: what is known of a silent router is shown, and a change of it has what waits tried at once', async () => {
    const { body } = await add({ orders_per_second: 5 });
    expect(body).toMatchObject({ orders_per_second: 5, deaf_since: null, waiting_orders: 0, note: null });
    await room.look(
      `update nas set silences = 2, deaf_since = now(), last_silence_at = now(), next_try_at = now() + interval '5 min',
         heard_from = '10.9.9.9:1024' where id = $1`,
      [body.id],
    );
    await room.look(
      `insert into outbox (tenant_id, kind, key, intent, generation, urgency, correlation_id, next_at, nas_id)
       values ($1, 'sessions.drop', 'budi', '{}', 1, 1, 'c', now() + interval '5 min', $2)`,
      [tenantId, body.id],
    );
    const shown = (await ask('GET', `/nas/${body.id}`)).body;
    expect(shown).toMatchObject({
      answers: 'silent',
      waiting_orders: 1,
      note: expect.stringContaining('10.9.9.9:1024'),
    });
    expect(shown.next_try_at).not.toBeNull();
    expect((await ask('GET', '/nas')).body).toMatchObject({ data: [{ waiting_orders: 1 }] });
    expect((await ask('PATCH', `/nas/${body.id}`, { coa_port: 1700 })).body).toMatchObject({ next_try_at: null });
    const waiting = `select next_at <= now() as is_due from outbox where tenant_id = $1 and kind = 'sessions.drop'`;
    expect(await room.look(waiting, [tenantId])).toEqual([{ is_due: true }]);
  });

  it('P23, SEC-21: whatever the secret, it is in no answer and not readable in the database, and opens in its place only', async () => {
    const printable = fc.string({
      minLength: 20,
      maxLength: 60,
      unit: fc.integer({ min: 0x23, max: 0x7e }).map((c) => String.fromCharCode(c)),
    });
    const secrets = printable.filter((text) => !/^[`'"]/.test(text));
    await fc.assert(
      fc.asyncProperty(secrets, async (secret) => {
        const made = await add({ secret });
        expect(made.status).toBe(201);
        const seen = JSON.stringify([made.body, (await ask('GET', '/nas?page_size=100')).body]);
        expect(seen).not.toContain(JSON.stringify(secret).slice(1, -1));
        const [row] = await room.look<{ secret: string; all: string }>(
          'select secret, n::text as all from nas n where id = $1',
          [made.body.id],
        );
        expect(row?.all).not.toContain(secret);
        const vault = await room.vaultOf(tenantId);
        const place = { table: 'nas', column: 'secret', row: String(made.body.id) };
        expect(vault.open(row?.secret ?? '', place)).toBe(secret);
        expect(() => vault.open(row?.secret ?? '', { ...place, row: 'another' })).toThrow();
      }),
      { numRuns: 100 },
    );
  });

  it.each(['10.0.0.256', '10.0.0', '::1', '2001:db8::1', '10.0.0.0/24', 'router.local', '', '010.0.0.1', ' 10.0.0.1'])(
    'P22: refuses the address %j',
    async (wrong) => {
      const answer = await add({ address: wrong });
      expect(answer).toMatchObject({ status: 400, body: { details: { fields: [{ field: 'address' }] } } });
      expect((await add({ coa_address: wrong })).status).toBe(400);
    },
  );

  it.each(['', 'x'.repeat(61), 'pässword', 'tab\there', ' edge', '"quoted"', "'"])(
    'refuses the secret %j',
    async (secret) => {
      const { status, body } = await add({ secret });
      expect(status).toBe(400);
      expect(body.details?.fields?.[0]?.field).toBe('secret');
    },
  );

  it.each(['', '   ', 'x'.repeat(33), 'a\u0000b', '\ud800'])('refuses the name %j', async (name) => {
    expect(await add({ name })).toMatchObject({ status: 400, body: { details: { fields: [{ field: 'name' }] } } });
  });

  it('a secret of fewer than 16 characters is taken, with a warning', async () => {
    expect(await add({ secret: 'x'.repeat(15) })).toMatchObject({
      status: 201,
      body: { warnings: [expect.any(String)] },
    });
    expect((await add({ secret: 'x'.repeat(16) })).body.warnings).toEqual([]);
  });

  it('an address is one NAS of a RADIUS database, over all tenants: 409; in another database it is free', async () => {
    const taken = (await add()).body.address;
    const other = askAs(admin(await room.addTenant()));
    const refused = { status: 409, body: { code: 'DUPLICATE_ENTRY', details: { field: 'address' } } };
    expect(await add({ address: taken })).toMatchObject(refused);
    expect(await add({ address: taken }, other)).toMatchObject(refused);
    radiusDb = 'another';
    expect((await add({ address: taken }, other)).status).toBe(201);
  });

  it('of many that add one address at once, one gets it', async () => {
    const same = address();
    const answers = await Promise.all(Array.from({ length: 8 }, () => add({ address: same })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
    expect(await outbox()).toHaveLength(1);
  });

  it('a name is one NAS of a tenant: 409, and another tenant may use it', async () => {
    await add({ name: 'CKP' });
    expect(await add({ name: 'CKP' })).toMatchObject({ status: 409, body: { details: { field: 'name' } } });
    expect((await add({ name: 'CKP' }, askAs(admin(await room.addTenant())))).status).toBe(201);
  });

  it('a change is stored, told to RADIUS under a higher generation, and takes the place of what still waits', async () => {
    const { id } = (await add()).body;
    const changed = await ask('PATCH', `/nas/${id}`, { coa_port: 1700, coa_address: '10.9.9.9', secret: 'weak' });
    expect(changed).toMatchObject({
      status: 200,
      body: { coa_port: 1700, coa_address: '10.9.9.9', warnings: [expect.any(String)] },
    });
    const [first, second] = await outbox();
    expect(first?.state).toBe('superseded');
    expect(Number(second?.generation)).toBeGreaterThan(Number(first?.generation));
    const [row] = await room.look<{ secret: string }>('select secret from nas where id = $1', [id]);
    const place = { table: 'nas', column: 'secret', row: String(id) };
    expect((await room.vaultOf(tenantId)).open(row?.secret ?? '', place)).toBe('weak');
    expect((await ask('PATCH', `/nas/${id}`, {})).status).toBe(200);
    expect((await ask('PATCH', `/nas/${id}`, { address: '10.1.1.1' })).status).toBe(400);
  });

  it('one that no line names is removed, told to RADIUS under a higher generation, and its address is free', async () => {
    const { id, address: freed } = (await add()).body;
    expect(await ask('DELETE', `/nas/${id}`)).toEqual({ status: 204, body: {} });
    expect((await ask('GET', `/nas/${id}`)).status).toBe(404);
    expect((await ask('DELETE', `/nas/${id}`)).status).toBe(404);
    const [first, second] = await outbox();
    expect(second).toMatchObject({
      kind: 'nas.remove',
      intent: { kind: 'nas.remove', address: freed },
      state: 'ready',
    });
    expect(Number(second?.generation)).toBeGreaterThan(Number(first?.generation));
    expect((await auditRows(room.look, tenantId)).at(-1)).toMatchObject({ action: 'delete', entity_id: id });
    expect((await add({ address: freed }, askAs(admin(await room.addTenant())))).status).toBe(201);
  });

  it('P17: one that a line names stays, with how many; another tenant’s is not there', async () => {
    const { id } = (await add()).body;
    expect((await askAs(admin(await room.addTenant()))('DELETE', `/nas/${id}`)).status).toBe(404);
    expect((await askAs(admin(tenantId, 'viewer'))('DELETE', `/nas/${id}`)).status).toBe(403);
    await room.look(
      `with p as (insert into service_plans (tenant_id, name, key, down_kbps, up_kbps, price)
         values ($1, 'p', 'p', 1, 1, 1) returning id),
       c as (insert into customers (tenant_id, customer_code, name, phone, address)
         values ($1, 'C1', 'x', 'x', 'x') returning id)
       insert into subscriptions (tenant_id, customer_id, service_plan_id, billing_mode, due_day, monthly_fee,
         radius_db, username, canonical_username, password, router_id)
       select $1, c.id, p.id, 'postpaid', 1, 1, $1, 'u', 'u', '-', $2 from p, c`,
      [tenantId, id],
    );
    const refused = { status: 409, body: { code: 'CONFLICT', details: { subscriptions: 1 } } };
    expect(await ask('DELETE', `/nas/${id}`)).toMatchObject(refused);
    expect((await ask('GET', `/nas/${id}`)).status).toBe(200);
  });

  it('R8: the list shows who answers, who is silent and of whom nothing is known', async () => {
    for (const name of ['a', 'b', 'c']) await add({ name });
    await room.look(`update nas set last_answer_at = now() where tenant_id = $1 and name = 'a'`, [tenantId]);
    await room.look(
      `update nas set last_answer_at = now() - interval '1 h', last_silence_at = now() where tenant_id = $1 and name = 'b'`,
      [tenantId],
    );
    const { data } = (await ask('GET', '/nas')).body;
    expect(Object.values(data ?? {}).map((nas) => [nas.name, nas.answers])).toEqual([
      ['a', 'yes'],
      ['b', 'silent'],
      ['c', 'unknown'],
    ]);
  });

  it('P1, SEC-2: another tenant’s NAS is neither listed nor changed, and its id answers like a missing one', async () => {
    const { id } = (await add()).body;
    const other = askAs(admin(await room.addTenant()));
    expect((await other('GET', '/nas')).body).toMatchObject({ data: [], total: 0 });
    const foreign = await other('PATCH', `/nas/${id}`, { coa_port: 1 });
    expect(foreign.status).toBe(404);
    expect(foreign.body).toEqual(
      (await other('PATCH', '/nas/00000000-0000-4000-8000-000000000000', { coa_port: 1 })).body,
    );
  });

  it('P7: a viewer sees them and may not add or change one', async () => {
    const { id } = (await add()).body;
    const viewer = askAs(admin(tenantId, 'viewer'));
    expect((await viewer('GET', '/nas')).status).toBe(200);
    expect((await add({}, viewer)).status).toBe(403);
    expect((await viewer('PATCH', `/nas/${id}`, { coa_port: 1 })).status).toBe(403);
    expect((await add({}, askAs(admin(tenantId, 'noc')))).status).toBe(201);
    for (const role of ['finance', 'technician', 'reseller', 'hr', 'warehouse', 'nobody']) {
      const other = askAs(admin(tenantId, role));
      expect((await other('GET', `/nas/${id}`)).status, role).toBe(403);
      expect((await add({}, other)).status, role).toBe(403);
      expect((await other('PATCH', `/nas/${id}`, { coa_port: 1 })).status, role).toBe(403);
    }
  });

  it('P45, V4: adding and changing one is in the audit log, its secret is not', async () => {
    const { id } = (await add({ name: 'CKP' })).body;
    await ask('PATCH', `/nas/${id}`, { coa_port: 1700, secret: 'Another2mN5xTk9LwB' });
    await ask('PATCH', `/nas/${id}`, { coa_port: 0 });
    await add({ name: 'CKP' });
    const rows = await auditRows(room.look, tenantId);
    expect(rows).toMatchObject([
      { action: 'create', entity_type: 'nas', entity_id: id, actor_role: 'admin', address: '192.0.2.1' },
      { action: 'update', entity_type: 'nas', entity_id: id },
    ]);
    expect(rows[0]?.changes).toMatchObject({ name: { old: null, new: 'CKP' }, secret: { old: null, new: '***' } });
    expect(rows[1]?.changes).toEqual({ coa_port: { old: 3799, new: 1700 }, secret: { old: '***', new: '***' } });
    expect(JSON.stringify(rows)).not.toMatch(/v1:|LwB/);
  });

  it('one is shown by its id; a missing and a foreign id answer alike', async () => {
    const made = (await add()).body;
    expect(await ask('GET', `/nas/${made.id}`)).toEqual({ status: 200, body: { ...made, warnings: [] } });
    const foreign = await askAs(admin(await room.addTenant()))('GET', `/nas/${made.id}`);
    expect(foreign).toEqual(await ask('GET', '/nas/00000000-0000-4000-8000-000000000000'));
    expect(foreign.status).toBe(404);
  });
});
