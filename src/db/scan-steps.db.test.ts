import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import type { Tx } from '#db/database.ts';
import { addRows } from '#test/model/tenant-rows.ts';
import { addTenant } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { meeting } from '#test/setup/meeting.ts';
import { finishScan, noteStep } from './scan-steps.ts';

let bridge: TestBridge;
let tenantId: string;
let scanId: string;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  tenantId = (await addTenant(bridge)).id;
  await addRows(bridge.look, tenantId);
  const [scan] = await bridge.look<{ id: string }>('select id from scans where tenant_id = $1', [tenantId]);
  scanId = scan?.id ?? '';
});
afterAll(() => bridge.close());
beforeEach(async () => {
  await bridge.look(`update scans set state = 'running', finished_at = null where id = $1`, [scanId]);
  await bridge.look('delete from scan_steps where scan_id = $1', [scanId]);
  await bridge.look(
    `insert into scan_steps (tenant_id, scan_id, no, name, state) values ($1, $2, 1, 'erp', 'waiting'), ($1, $2, 2, 'mac_lock', 'waiting')`,
    [tenantId, scanId],
  );
});

/** Both steps end in transactions of their own, and each looks after both have ended and neither has committed. */
async function endBoth(finish: (tx: Tx) => Promise<unknown>): Promise<unknown> {
  const bothEnded = meeting(2);
  const end = (name: 'erp' | 'mac_lock') =>
    bridge.db.worker(tenantId, async (tx) => {
      await noteStep(tx, tenantId, scanId, name, 'done');
      await bothEnded();
      await finish(tx);
    });
  await Promise.all([end('erp'), end('mac_lock')]);
  return (await bridge.look<{ state: string }>('select state from scans where id = $1', [scanId]))[0]?.state;
}

it('A4: of two steps that end at once one finishes the scan', async () => {
  expect(await endBoth((tx) => finishScan(tx, tenantId, scanId))).toBe('done');
});

it('control: who looks without waiting for the other leaves the scan to run for ever', async () => {
  const bothLooked = meeting(2);
  const look = async (tx: Tx): Promise<void> => {
    await sql`update scans s set state = 'done', finished_at = now()
      where s.id = ${scanId} and not exists (select from scan_steps t where t.scan_id = s.id and t.state = 'waiting')`.execute(
      tx,
    );
    await bothLooked();
  };
  expect(await endBoth(look)).toBe('running');
});
