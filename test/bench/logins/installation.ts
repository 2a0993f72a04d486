import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createFreeradiusEnforcer, type FreeradiusEnforcer } from '#connectors/freeradius/enforcer.ts';
import { groupName, tenantKey } from '#domain/groups.ts';
import { isolirGroupRows, planGroupRows } from '#domain/radius-groups.ts';
import type { Result } from '#domain/result.ts';
import type { UserAccess } from '#ports/enforcer/port.ts';
import { startFreeradius } from '#sandbox/services/freeradius.ts';
import { startMariadb } from '#sandbox/services/mariadb.ts';
import { createDatabase, prepareForFreeradius } from '#test/radius/radius-database.ts';
import type { ThrowAway } from '../throw-away.ts';

const tenantId = 'b0b0b0b0-0000-4000-8000-000000000000';
const groups = { home: groupName(tenantId, { plan: 'home' }), isolir: groupName(tenantId, 'isolir') };

export type RadiusInstallation = {
  readonly authPort: number;
  readonly router: { readonly address: string; readonly secret: string };
  readonly users: readonly string[];
  readonly password: string;
  readonly enforcer: FreeradiusEnforcer;
  /** The wishes that put these users into one group or the other, newer than all before. */
  wishes(users: readonly string[], group: keyof typeof groups): readonly UserAccess[];
};

export function expectOk<T>(what: string, result: Result<T, { readonly detail: string }>): T {
  if (!result.ok) throw new Error(`${what}: ${result.error.detail}`);
  return result.value;
}

/** A FreeRADIUS on a durable MariaDB with the hub's schema, one router, and `count` users in the plan's group. */
export async function openRadius({ folder, keep }: ThrowAway, count: number): Promise<RadiusInstallation> {
  const mariadb = keep(await startMariadb({ dir: join(folder, 'my'), durable: true }), (it) => it.stop());
  const database = keep(await createDatabase('mysql', mariadb.url), (it) => it.drop());
  const login = await prepareForFreeradius(database);
  const silent = async () => ({ answer: 'silence', attempts: 0 }) as const;
  const coa = { disconnect: silent, change: silent };
  const enforcer = keep(createFreeradiusEnforcer({ databaseUrl: database.url, coa }), (it) => it.close());
  const router = { address: '127.0.0.3', secret: randomBytes(12).toString('hex') };
  const users = Array.from({ length: count }, (_, i) => `user${String(i).padStart(5, '0')}`);
  const password = 'rahasia1';
  let generation = 0n;
  const wishes = (some: readonly string[], group: keyof typeof groups): readonly UserAccess[] =>
    some.map((username) => {
      generation += 1n;
      return { username, generation, group: groups[group], password, mac: null, reply: [] };
    });
  const key = tenantKey(tenantId);
  expectOk('tenant', await enforcer.applyTenant({ tenantKey: key, generation: 1n, allowRoaming: false }));
  const nas = { ...router, generation: 1n, shortname: 'CKP', type: 'mikrotik', tenantKey: key };
  expectOk('router', await enforcer.applyNas(nas));
  const home = planGroupRows({ downKbps: 50_000, upKbps: 10_000 });
  expectOk('plan', await enforcer.applyGroup({ group: groups.home, generation: 1n, ...home }));
  expectOk('isolir', await enforcer.applyGroup({ group: groups.isolir, generation: 1n, ...isolirGroupRows() }));
  expectOk('users', await enforcer.applyUsers(wishes(users, 'home')));
  const server = await startFreeradius({ dir: join(folder, 'fr'), database: login });
  keep(server, (it) => it.stop());
  return { authPort: server.authPort, router, users, password, enforcer, wishes };
}
