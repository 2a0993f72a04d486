import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import type { Drift, Reconciliation } from '#features/drift/schema.ts';
import type { Line } from '#features/subscriptions/schema.ts';
import { type Arguments, UsageError } from '#main/command.ts';
import { reconcile } from '#main/commands/reconcile.ts';
import { eventually } from './eventually.ts';
import { isApplied } from './isp.ts';
import { type Office, type RunningHub, startRunningHub } from './running-hub.ts';

let hub: RunningHub;
let office: Office;
let username: string;

beforeAll(async () => {
  const postgresUrl = inject('postgresUrl');
  hub = await startRunningHub({ postgresUrl, flavor: 'postgres', radiusServerUrl: postgresUrl });
  office = await hub.addOffice('drift');
  const { admin } = office;
  const plan = { name: 'Home', speed_download: 10, speed_upload: 5, price: 100_000 };
  const { id } = await admin.post<{ id: string }>('service-plans', plan);
  const form = { name: 'Budi', phone: '0812', address: 'Jl. Melati 5', service_plan_id: id };
  const { subscription } = await admin.post<{ subscription: { id: string; username: string } }>('customers', form);
  username = subscription.username.toLowerCase();
  await eventually(() => admin.get<Line>(`subscriptions/${subscription.id}`), isApplied);
}, 120_000);
afterAll(() => hub.close());

const groups = async (): Promise<readonly unknown[]> =>
  (await hub.radius.rows(sql`SELECT groupname FROM radusergroup WHERE username = ${username}`)).map(
    ({ groupname }) => groupname,
  );
const openDrift = async (): Promise<string> => (await fetch(`${hub.url}/metrics`)).text();

it('B5: a running hub takes up a reconciliation that is asked for, repairs, and tells the metrics until it holds', async () => {
  const { admin } = office;
  const before = await groups();
  expect(before).toHaveLength(1);
  await hub.radius.rows(sql`DELETE FROM radusergroup WHERE username = ${username}`);
  const compare = async (): Promise<Reconciliation> => {
    const { id } = await admin.post<Reconciliation>('reconciliations', { scope: 'radius' });
    return eventually(
      () => admin.get<Reconciliation>(`reconciliations/${id}`),
      ({ state }) => state === 'done' || state === 'failed',
    );
  };
  expect(await compare()).toMatchObject({ state: 'done', checked: 1, found: { wrong_group: 1 } });
  expect(await openDrift()).toContain('jembatan_drift_open{kind="wrong_group"} 1');
  await eventually(groups, (now) => JSON.stringify(now) === JSON.stringify(before));
  await eventually(compare, ({ found, checked }) => checked === 1 && Object.keys(found).length === 0);
  const { data } = await admin.get<{ data: readonly Drift[] }>('drift?kind=wrong_group');
  expect(data).toMatchObject([{ subject: username, action: 'repaired' }]);
  expect(data[0]?.resolved_at).not.toBeNull();
  expect(await openDrift()).not.toContain('jembatan_drift_open{');
}, 120_000);

it('O7: `jembatan reconcile` says what it found, for one tenant or for all', async () => {
  for (const [name, value] of Object.entries(hub.environment)) vi.stubEnv(name, value);
  const said: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text));
  const none = { tenant: undefined, head: undefined, plans: [], apply: false, json: false };
  const command = (words: readonly string[], more: Partial<Arguments> = {}) =>
    reconcile.run({ ...none, words, ...more });
  expect(await command(['radius'], { json: true, tenant: office.subdomain })).toBe(0);
  expect(JSON.parse(said.join(''))).toMatchObject([{ tenant: office.subdomain, error: null }]);
  said.length = 0;
  expect(await command(['ledger'])).toBe(0);
  expect(said.join('')).toContain(office.subdomain);
  expect(() => command(['world'])).toThrow(UsageError);
  await expect(command([], { tenant: 'nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
}, 120_000);
