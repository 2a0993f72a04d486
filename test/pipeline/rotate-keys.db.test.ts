import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { builtCommand } from '#test/setup/built-command.ts';
import { type Office, type RunningHub, startRunningHub } from './running-hub.ts';

const run = promisify(execFile);

let hub: RunningHub;
let offices: readonly Office[];

beforeAll(async () => {
  const postgresUrl = inject('postgresUrl');
  hub = await startRunningHub({ postgresUrl, flavor: 'mysql', radiusServerUrl: inject('mariadbUrl') });
  offices = [await hub.addOffice('alpha'), await hub.addOffice('beta')];
  for (const { admin, subdomain } of offices) {
    const secrets = { api_key: 'k', api_secret: 's', webhook_secret: `webhook secret of ${subdomain}` };
    await admin.put('connections/erpnext', { url: 'http://127.0.0.1:9', ...secrets });
    const plan = { name: 'Home', speed_download: 10, speed_upload: 5, price: 100_000 };
    const { id } = await admin.post<{ id: string }>('service-plans', plan);
    await admin.post('customers', { name: 'Budi', phone: '0812', address: 'x', service_plan_id: id });
  }
}, 120_000);
afterAll(() => hub.close());

const command = async <T>(...words: readonly string[]): Promise<T> => {
  const { stdout } = await run(process.execPath, [await builtCommand(), ...words, '--json'], {
    env: { ...process.env, ...hub.environment },
  });
  return JSON.parse(stdout) as T;
};
const keyFile = (): Promise<string> => readFile(join(String(hub.environment.JEMBATAN_DATA_DIR), 'secret.key'), 'utf8');
const keyIds = async (): Promise<readonly string[]> =>
  (await hub.look<{ id: string }>(`select distinct split_part(data_key, ':', 2) as id from tenants order by 1`)).map(
    ({ id }) => id,
  );

let made = 0;
/** What needs a secret of each tenant: seals one, opens others, and (as an owner) makes a new tenant's key. */
async function useSecrets(): Promise<void> {
  for (const { admin } of offices) {
    made += 1;
    await admin.post('nas', { name: `r${made}`, address: `10.1.${made >> 8}.${made & 255}`, secret: 'x'.repeat(20) });
    const { data } = await admin.get<{ data: readonly { settings: unknown }[] }>('connections');
    expect(data).toHaveLength(1);
    const lines = await admin.get<{ data: readonly { id: string }[] }>('subscriptions');
    const shown = await admin.post<{ password: string }>(`subscriptions/${lines.data[0]?.id}/password`, {
      action: 'reveal',
    });
    expect(shown.password).toMatch(/^[A-Za-z0-9]{8}$/);
  }
  const fresh = await hub.addOffice(`new${made}`);
  await fresh.admin.post('nas', { name: 'r', address: `10.2.${made >> 8}.${made & 255}`, secret: 'x'.repeat(20) });
}

describe('changing the master key under a hub that serves', () => {
  it('SEC-21: everything goes on opening, before, during and after; the former key can then be dropped', async () => {
    await useSecrets();
    let rotating = true;
    const served = (async () => {
      for (let rounds = 0; ; rounds++) {
        await useSecrets();
        if (!rotating) return rounds;
      }
    })();
    const [before] = await keyIds();
    const first = await command<{ key: string; dataKeys: number }>('secrets', 'rotate');
    expect(first.dataKeys).toBeGreaterThanOrEqual(2);
    const second = await command<{ key: string; own: number }>('secrets', 'rotate');
    rotating = false;
    expect(await served).toBeGreaterThan(0);
    await command('secrets', 'rewrap');
    expect(await keyIds()).toEqual([second.key]);
    expect(new Set([before, first.key, second.key]).size).toBe(3);
    expect(await command('secrets', 'forget')).toEqual({ forgotten: [first.key, before] });
    expect((await keyFile()).trim().split('\n')).toHaveLength(2);
    await useSecrets();
    expect(await keyIds()).toEqual([second.key]);
  }, 120_000);

  it('no key is dropped while something is sealed with it', async () => {
    await command('secrets', 'new-key');
    await expect(command('secrets', 'forget')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('run secrets rewrap first'),
    });
    await command('secrets', 'rewrap');
    await command('secrets', 'forget');
    await useSecrets();
  }, 120_000);
});
