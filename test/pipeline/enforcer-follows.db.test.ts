import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Line } from '#features/subscriptions/schema.ts';
import { eventually } from './eventually.ts';
import { inLanes } from './in-lanes.ts';
import { type Isp, isApplied, openIsp, type Subscriber } from './isp.ts';
import { type RunningHub, startRunningHub } from './running-hub.ts';

const operations = ['suspend', 'resume', 'change-plan', 'terminate'] as const;
type Operation = (typeof operations)[number];

/** Where a line stands after operations of which each may be refused. */
type Model = { readonly standing: 'active' | 'suspended' | 'terminated'; readonly plan: 'home-50' | 'home-100' };

function after(model: Model, operation: Operation): Model {
  if (model.standing === 'terminated') return model;
  switch (operation) {
    case 'suspend':
      return { ...model, standing: 'suspended' };
    case 'resume':
      return { ...model, standing: 'active' };
    case 'terminate':
      return { ...model, standing: 'terminated' };
    case 'change-plan':
      return { ...model, plan: model.plan === 'home-50' ? 'home-100' : 'home-50' };
  }
}

const groupOf = ({ standing, plan }: Model): string =>
  standing === 'active' ? plan : standing === 'suspended' ? 'isolir' : 'terminated';

let hub: RunningHub;
let isp: Isp;
let plans: Readonly<Record<Model['plan'], string>>;
beforeAll(async () => {
  const postgresUrl = inject('postgresUrl');
  hub = await startRunningHub({ postgresUrl, flavor: 'postgres', radiusServerUrl: postgresUrl });
  isp = await openIsp(hub, Date.now);
  const fast = { name: 'Home 100', speed_download: 100, speed_upload: 50, price: 250_000 };
  plans = { 'home-50': isp.planId, 'home-100': (await isp.admin.post<{ id: string }>('service-plans', fast)).id };
});
afterAll(async () => {
  await isp.stop();
  await hub.close();
});

type Registered = { readonly subscription: Pick<Subscriber, 'id' | 'username' | 'password'> };
const register = async (): Promise<Registered['subscription']> => {
  const form = { name: 'Budi', phone: '0812', address: 'Jl. Melati 5', service_plan_id: isp.planId };
  return (await isp.admin.post<Registered>('customers', form)).subscription;
};

/** What RADIUS holds of a username: its groups without the tenant's prefix, and its password. */
async function heldOf(username: string): Promise<readonly unknown[]> {
  const name = username.toLowerCase();
  const groups = await hub.radius.rows(sql`SELECT groupname FROM radusergroup WHERE username = ${name}`);
  const checks = await hub.radius.rows(sql`SELECT attribute, value FROM radcheck WHERE username = ${name}`);
  return [groups.map(({ groupname }) => groupname?.split(':')[1]), checks];
}

it('P25, P26, P27, P28: after any walk of registration, holds, plan changes and end, the enforcer holds just that', async () => {
  const walk = async (steps: readonly Operation[]): Promise<void> => {
    const { id, username, password } = await register();
    let model: Model = { standing: 'active', plan: 'home-50' };
    for (const operation of steps) {
      const next = after(model, operation);
      const more = operation === 'change-plan' ? { service_plan_id: plans[next.plan] } : {};
      const { status } = await isp.admin.call('POST', `subscriptions/${id}/${operation}`, { reason: 'walk', ...more });
      if (status === 200) model = next;
      else expect([operation, status]).toEqual([operation, 409]);
    }
    const held = [[groupOf(model)], [{ attribute: 'Cleartext-Password', value: password }]];
    // A line whose last move is not decided yet is applied as it was before: what RADIUS holds is waited for.
    await eventually(
      () => heldOf(username),
      (now) => isDeepStrictEqual(now, held),
    );
    await eventually(() => isp.admin.get<Line>(`subscriptions/${id}`), isApplied);
    expect(await heldOf(username), `seed ${seed}: ${steps}`).toEqual(held);
  };
  const seed = Date.now() % 1_000_000_000;
  await inLanes(fc.sample(fc.array(fc.constantFrom(...operations), { maxLength: 3 }), { numRuns: 100, seed }), walk);
}, 300_000);
