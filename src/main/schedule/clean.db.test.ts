import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { addRows } from '#test/model/tenant-rows.ts';
import { cleanPlatform, cleanTenant } from './clean.ts';

let room: BridgeRoom;
let tenants: readonly [string, string];
const now = Date.parse('2026-11-20T03:00:00Z');

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  tenants = [await room.addTenant(), await room.addTenant()];
});
afterAll(() => room.close());

const deliver = (tenantId: string, state: string, ageDays: number) =>
  room.look(
    `insert into inbox (tenant_id, source, dedup, raw, doctype, name, event, modified, state, correlation_id, received_at)
     values ($1, 'erpnext', $2, 'x', 'x', $3, 'x', 'x', $4, '-', $5)`,
    [tenantId, Buffer.from(randomUUID()), `${state} ${ageDays}`, state, new Date(now - ageDays * 86_400_000)],
  );

describe('cleaning', () => {
  it('O8: deliveries that were worked on go after their time, waiting and dead ones and other tenants’ stay', async () => {
    for (const tenantId of tenants) {
      for (const state of ['done', 'ignored', 'dead', 'new']) {
        await deliver(tenantId, state, 89);
        await deliver(tenantId, state, 91);
      }
    }
    expect(await cleanTenant(room.db, tenants[0], now, 90)).toBe(2);
    expect(await cleanTenant(room.db, tenants[0], now, 90)).toBe(0);
    const left = async (tenantId: string) =>
      (await room.look<{ name: string }>('select name from inbox where tenant_id = $1 order by name', [tenantId])).map(
        ({ name }) => name,
      );
    expect(await left(tenants[0])).toEqual(['dead 89', 'dead 91', 'done 89', 'ignored 89', 'new 89', 'new 91']);
    expect(await left(tenants[1])).toHaveLength(8);
  });

  it('O8: messages, announcements and their deliveries go after the tenant’s own time, and what waits stays', async () => {
    const tenant = await room.addTenant();
    await room.look(`update tenants set settings = '{"keep_messages_days": 100}' where id = $1`, [tenant]);
    const at = (days: number) => new Date(now - days * 86_400_000);
    const message = (state: string, days: number) =>
      room.look(
        `insert into messages (tenant_id, event, channel, language, recipient, recipient_masked, recipient_hash, content,
           state, correlation_id, created_at) values ($1, 'test', 'email', 'id', '-', $2, 'x', '-', $3, '-', $4)`,
        [tenant, `${state} ${days}`, state, at(days)],
      );
    for (const state of ['queued', 'sent', 'failed']) for (const days of [99, 101]) await message(state, days);
    const [endpoint] = await room.look<{ id: string }>(
      `insert into webhook_endpoints (tenant_id, url, event_types, secret) values ($1, 'https://x.id/', '[]', '-') returning id`,
      [tenant],
    );
    const announce = async (state: string | null, days: number): Promise<void> => {
      const [made] = await room.look<{ id: string }>(
        `insert into announcements (tenant_id, type, body, correlation_id, created_at) values ($1, $2, '{}', '-', $3) returning id`,
        [tenant, `${state} ${days}`, at(days)],
      );
      if (state === null) return;
      await room.look(
        `insert into webhook_deliveries (tenant_id, endpoint_id, announcement_id, state, created_at) values ($1, $2, $3, $4, $5)`,
        [tenant, endpoint?.id, made?.id, state, at(days)],
      );
    };
    for (const state of ['pending', 'delivered', null]) for (const days of [89, 91]) await announce(state, days);
    expect(await cleanTenant(room.db, tenant, now, 90)).toBe(2 + 1 + 2);
    expect(await cleanTenant(room.db, tenant, now, 90)).toBe(0);
    const names = async (column: string, table: string) =>
      (await room.look<{ name: string }>(`select ${column} as name from ${table} where tenant_id = $1`, [tenant]))
        .map(({ name }) => name)
        .sort();
    expect(await names('recipient_masked', 'messages')).toEqual(['failed 99', 'queued 101', 'queued 99', 'sent 99']);
    expect(await names('type', 'announcements')).toEqual(['delivered 89', 'null 89', 'pending 89', 'pending 91']);
  });

  it('X6: of intents what RADIUS is rebuilt from stays however old it is, and what waits or was given up', async () => {
    const tenant = await room.addTenant();
    const append = (name: string, kind: string, key: string, generation: number, state: string, days: number) =>
      room.look(
        `insert into outbox (tenant_id, kind, key, intent, generation, urgency, state, correlation_id, finished_at)
         values ($1, $2, $3, '{}', $4, 1, $5, $6, $7)`,
        [tenant, kind, key, generation, state, name, new Date(now - days * 86_400_000)],
      );
    await append('old group', 'group.apply', 'g', 1, 'done', 500);
    await append('standing group', 'group.apply', 'g', 2, 'done', 400);
    await append('given up', 'group.apply', 'g', 3, 'dead', 400);
    await append('passed by', 'access.apply', 'u', 4, 'superseded', 400);
    await append('standing line', 'access.apply', 'u', 5, 'done', 400);
    await append('drop', 'sessions.drop', 'u', 5, 'done', 400);
    await append('young drop', 'sessions.drop', 'u', 5, 'done', 80);
    expect(await cleanTenant(room.db, tenant, now, 90)).toBe(3);
    const left = await room.look<{ name: string }>('select correlation_id as name from outbox where tenant_id = $1', [
      tenant,
    ]);
    expect(left.map(({ name }) => name).sort()).toEqual(['given up', 'standing group', 'standing line', 'young drop']);
  });

  it('O8: refresh tokens go when they have run out, whoever’s they are', async () => {
    await addRows(room.look, tenants[0]);
    await addRows(room.look, tenants[1]);
    await room.look(`update refresh_tokens set expires_at = $2 where tenant_id = $1`, [tenants[0], new Date(now - 1)]);
    await room.look(`update refresh_tokens set expires_at = $2 where tenant_id = $1`, [tenants[1], new Date(now + 1)]);
    expect(await cleanPlatform(room.db, now)).toBe(1);
    expect(await room.look('select tenant_id from refresh_tokens')).toEqual([{ tenant_id: tenants[1] }]);
  });

  it('REL-17: an idempotency key stays its time, and goes after it', async () => {
    const insert = (tenantId: string | null, expires: number) =>
      room.look(
        `insert into idempotency_keys (tenant_id, actor_id, key, request, fingerprint, holder, locked_until, correlation_id, expires_at)
         values ($1, gen_random_uuid(), $2, '-', 'x', gen_random_uuid(), now(), '-', $3)`,
        [tenantId, randomUUID(), new Date(expires)],
      );
    const tenant = await room.addTenant();
    for (const tenantId of [tenant, null]) {
      await insert(tenantId, now - 1);
      await insert(tenantId, now + 1);
    }
    expect(await cleanTenant(room.db, tenant, now, 90)).toBe(1);
    expect(await cleanPlatform(room.db, now)).toBe(1);
    expect(await room.look('select from idempotency_keys where expires_at > $1', [new Date(now)])).toHaveLength(2);
  });
});
