import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { chainHeads, headsFile, writeHeads } from '#audit/heads.ts';
import { linkEntries } from '#audit/link.ts';
import { record } from '#audit/record.ts';
import type { Arguments } from '#main/command.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { auditHead, auditVerify } from './audit.ts';

let room: BridgeRoom;
let dataDir: string;
let tenantId: string;
let said: string[];

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
});
afterAll(() => room.close());
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'jbt-audit-'));
  vi.stubEnv('DATABASE_URL', room.url);
  vi.stubEnv('RADIUS_DATABASE_URL', room.url);
  vi.stubEnv('JEMBATAN_DATA_DIR', dataDir);
  said = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text));
  tenantId = await room.addTenant();
  const caller = { userId: randomUUID(), tenantId, role: 'admin' };
  for (let i = 0; i < 3; i++) {
    const who = { tenantId, caller, correlationId: '-', address: '192.0.2.7' };
    await room.db.tenant(tenantId, (tx) => record(tx, who, { action: 'update', entity: 'customer', id: `c${i}` }));
  }
  await linkEntries(room.db);
});

const args = (over: Partial<Arguments> = {}): Arguments => ({
  words: [],
  json: true,
  tenant: undefined,
  head: undefined,
  plans: [],
  apply: false,
  ...over,
});
type Report = { sound: boolean; chains: { tenant_id: string | null; findings: { kind: string }[] }[] };
const verify = async (over: Partial<Arguments> = {}): Promise<{ code: number; report: Report }> => {
  said = [];
  const code = await auditVerify.run(args(over));
  return { code, report: JSON.parse(said.join('')) };
};
const findings = ({ report }: { report: Report }): readonly string[] =>
  report.chains
    .filter(({ tenant_id }) => tenant_id === tenantId)
    .flatMap((chain) => chain.findings.map(({ kind }) => kind));

/** Past every guard. */
const bend = async (...statements: readonly string[]): Promise<void> => {
  await room.look('set session_replication_role = replica');
  for (const statement of statements) await room.look(statement, [tenantId]);
  await room.look('reset session_replication_role');
};

describe('jembatan audit verify', () => {
  it('V4: a sound log is exit 0, and says so in words too', async () => {
    expect(await verify()).toMatchObject({ code: 0, report: { sound: true } });
    said = [];
    expect(await auditVerify.run(args({ json: false }))).toBe(0);
    expect(said.join('\n')).toContain('sound, 3 links');
  });

  it('SEC-23: an edited entry is exit 1, and named', async () => {
    await bend(`update audit_logs set action = 'create' where tenant_id = $1 and entity_id = 'c1'`);
    const verified = await verify();
    expect(verified.code).toBe(1);
    expect(findings(verified)).toEqual(['edited']);
    await expect(verify({ tenant: 'nobody-has-this' })).rejects.toThrow('No tenant has the subdomain');
  });

  it('SEC-23: a tail that was cut is missed by what the scheduler has written down, and by a file that is named', async () => {
    await writeHeads(headsFile(dataDir), await chainHeads(room.db, Date.now()));
    await bend(
      `delete from audit_logs where tenant_id = $1 and entity_id = 'c2'`,
      `delete from audit_chain where tenant_id = $1 and seq = 3`,
    );
    expect(findings(await verify())).toEqual(['cut']);
    expect(findings(await verify({ head: headsFile(dataDir) }))).toEqual(['cut']);
    await rm(headsFile(dataDir));
    expect(findings(await verify())).toEqual([]);
  });

  it('SEC-23: a tenant that vanished without a tombstone is missed', async () => {
    await writeHeads(headsFile(dataDir), await chainHeads(room.db, Date.now()));
    const erased = ['audit_pending', 'audit_chain', 'audit_logs'].map(
      (table) => `delete from ${table} where tenant_id = $1`,
    );
    await bend(...erased, 'delete from tenants where id = $1');
    expect(findings(await verify())).toEqual(['cut']);
  });

  it('V4: audit head prints what to keep elsewhere', async () => {
    expect(await auditHead.run(args())).toBe(0);
    const heads: { tenant_id: string; seq: string }[] = JSON.parse(said.join(''));
    expect(heads).toContainEqual(expect.objectContaining({ tenant_id: tenantId, seq: '3' }));
  });
});
