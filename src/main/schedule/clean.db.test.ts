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
