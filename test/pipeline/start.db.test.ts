import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { runHub } from '#main/run-hub.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';
import { createDatabase } from '#test/radius/radius-database.ts';
import { createTestBridge } from '#test/setup/bridge.ts';
import { eventually } from './eventually.ts';
import { hubEnvironment } from './running-hub.ts';

it('O6: a hub whose port is taken says so and leaves nothing running', async () => {
  const bridge = await createTestBridge(inject('postgresUrl'), 1);
  const radius = await createDatabase('postgres', inject('postgresUrl'));
  const folder = await mkdtemp(join(tmpdir(), 'jbp-'));
  const squatter = createServer();
  const port = await new Promise<number>((resolve) => {
    squatter.listen(0, '127.0.0.1', () => resolve(Object(squatter.address()).port));
  });
  const environment = { ...hubEnvironment(bridge.url, radius.url, folder), JEMBATAN_PORT: String(port) };
  const connections = async (): Promise<number> => {
    const rows = await bridge.look<{ n: string }>(
      `select count(*) as n from pg_stat_activity where datname = current_database() and application_name like 'jembatan%'`,
    );
    return Number(rows[0]?.n);
  };
  try {
    await expect(runHub(readConfig(environment), createLog('silent'))).rejects.toThrow('EADDRINUSE');
    await eventually(connections, (open) => open === 0, 5_000);
  } finally {
    squatter.close();
    await radius.drop();
    await bridge.close();
    await rm(folder, { recursive: true, force: true });
  }
});
