import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createOwnerDoor, type OwnerDoor } from '#db/owner-door.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { dropOldMonths } from './drop-old-months.ts';
import { chainHeads } from './heads.ts';
import { linkEntries } from './link.ts';
import { makePartitions } from './partitions.ts';
import { verifyChain } from './verify.ts';

let room: BridgeRoom;
let owner: OwnerDoor;
let tenants: readonly (string | null)[];
const dayMs = 86_400_000;
const now = Date.now();
/** The first of a month so many months ago, as the partitions count. */
const monthsAgo = (months: number): Date => {
  const date = new Date(now);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - months, 1));
};

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  owner = createOwnerDoor(room.url);
  for (const months of [20, 16]) await makePartitions(owner, monthsAgo(months).getTime());
  tenants = [await room.addTenant(), await room.addTenant(), null];
});
afterAll(() => room.close());

const write = (tenantId: string | null, at: Date) =>
  room.look(
    `insert into audit_logs (tenant_id, at, actor_kind, actor_id, actor_role, address, action, entity_type, entity_id, correlation_id)
     values ($1, $2, 'user', gen_random_uuid(), 'admin', '-', 'create', 'x', $3, '-')`,
    [tenantId, at, randomUUID()],
  );
const entries = async (tenantId: string | null): Promise<number> =>
  (await room.look('select from audit_logs where tenant_id is not distinct from $1', [tenantId])).length;
const findings = async (tenantId: string | null, heads = new Map<bigint, string>()) =>
  (await verifyChain(room.db, tenantId, heads)).findings.map(({ kind }) => kind);

/** Five entries of old months, and five of young ones, out of order around the border as parallel writers leave them. */
beforeEach(async () => {
  for (const tenantId of tenants) {
    for (const months of [19, 18, 17, 15, 16, 14, 3, 2, 1, 0]) await write(tenantId, monthsAgo(months));
  }
  await linkEntries(room.db);
});

describe('dropping old months of the audit log', () => {
  it('V4: whole months older than they are kept go, and what stays is still proved, in every chain', async () => {
    const before = await chainHeads(room.db, now);
    const kept = Math.ceil((now - monthsAgo(15).getTime()) / dayMs) - 1;
    const gone = await dropOldMonths(room.db, owner, now, kept);
    expect(gone.length).toBeGreaterThan(3);
    expect(gone.every((name) => /^audit_logs_\d{4}_\d{2}$/.test(name))).toBe(true);
    for (const tenantId of tenants) {
      const left = await room.look<{ at: Date }>('select at from audit_logs where tenant_id is not distinct from $1', [
        tenantId,
      ]);
      expect(left.every(({ at }) => at >= monthsAgo(15))).toBe(true);
      expect(left).toHaveLength(6);
      const heads = before.filter((head) => head.tenant_id === tenantId);
      expect(await findings(tenantId, new Map(heads.map(({ seq, hash }) => [BigInt(seq), hash])))).toEqual([]);
      await write(tenantId, new Date(now));
    }
    await linkEntries(room.db);
    for (const tenantId of tenants) expect(await findings(tenantId)).toEqual([]);
    expect(await dropOldMonths(room.db, owner, now, kept)).toEqual([]);
  });

  it('SEC-23: afterwards an edit, a removal or another beginning is found as before', async () => {
    const [tenantId] = tenants;
    const bend = async (text: string, kind: string): Promise<void> => {
      await room.look('begin');
      await room.look('set local session_replication_role = replica');
      await room.look(text, [tenantId]);
      await room.look('commit');
      expect(await findings(tenantId ?? null), text).toContain(kind);
    };
    await bend(`update audit_bases set seq = seq + 1 where tenant_id = $1`, 'reordered');
    await room.look('update audit_bases set seq = seq - 1 where tenant_id = $1', [tenantId]);
    await bend(`update audit_bases set entries_before = now() where tenant_id = $1`, 'dropped');
    await bend(`delete from audit_bases where tenant_id = $1`, 'deleted');
  });

  it('V4: a quiet tenant of which all is old keeps its head, and the next entry follows it', async () => {
    const quiet = await room.addTenant();
    await write(quiet, monthsAgo(13));
    await write(quiet, monthsAgo(13));
    await linkEntries(room.db);
    await dropOldMonths(room.db, owner, now, 366);
    expect(await entries(quiet)).toBe(0);
    await write(quiet, new Date(now));
    await linkEntries(room.db);
    expect(await findings(quiet)).toEqual([]);
    const [head] = (await chainHeads(room.db, now)).filter(({ tenant_id }) => tenant_id === quiet);
    expect(head?.seq).toBe('3');
  });

  it('V4: no month goes while an entry of it is not linked', async () => {
    const [tenantId] = tenants;
    await makePartitions(owner, monthsAgo(30).getTime());
    await write(tenantId ?? null, monthsAgo(29));
    await expect(dropOldMonths(room.db, owner, now, 366)).rejects.toThrow('not linked yet');
    await linkEntries(room.db);
    expect((await dropOldMonths(room.db, owner, now, 366)).length).toBeGreaterThan(0);
  });

  it('control: months that are dropped without a beginning being noted are found missing', async () => {
    const tenantId = await room.addTenant();
    await makePartitions(owner, monthsAgo(40).getTime());
    await write(tenantId, monthsAgo(39));
    await write(tenantId, new Date(now));
    await linkEntries(room.db);
    const name = `audit_logs_${monthsAgo(39).toISOString().slice(0, 7).replace('-', '_')}`;
    await owner.act((tx) => sql`drop table ${sql.table(name)}`.execute(tx));
    expect(await findings(tenantId)).toEqual(['deleted']);
  });
});
