import { randomBytes } from 'node:crypto';
import { createBuiltinTracker } from '#connectors/builtin/asset-tracker.ts';
import { createFreeradiusEnforcer } from '#connectors/freeradius/enforcer.ts';
import { acknowledging } from '#connectors/freeradius/testing/subject.ts';
import { openDatabase } from '#db/database.ts';
import { createOwnerDoor } from '#db/owner-door.ts';
import { createJobs } from '#main/schedule/jobs.ts';
import { createLog } from '#platform/log.ts';
import { createVault } from '#platform/secrets.ts';
import { zone } from './isp.ts';
import type { RunningHub } from './running-hub.ts';

/** The hub's jobs, run when a test says so and not when the clock does. */
export type JobRunner = {
  /** `now` in ms since 1970. */
  run(name: string, tenantId: string, now: number): Promise<void>;
  close(): Promise<void>;
};

/** Jobs on the databases of a running hub; `radiusUrl` of the tenants that have one of their own. */
export function openJobs(
  hub: Pick<RunningHub, 'environment' | 'radius'>,
  radiusUrl: ReadonlyMap<string, string> = new Map(),
): JobRunner {
  const url = hub.environment.DATABASE_URL ?? '';
  const db = openDatabase(url, 2);
  const open = (databaseUrl: string) => createFreeradiusEnforcer({ databaseUrl, coa: acknowledging });
  const shared = open(hub.radius.url);
  const own = new Map([...radiusUrl].map(([tenantId, databaseUrl]) => [tenantId, open(databaseUrl)]));
  const jobs = createJobs({
    db,
    owner: createOwnerDoor(url),
    vault: createVault(randomBytes(32)),
    headsFile: '',
    keepAuditDays: 400,
    keepEventsDays: 30,
    enforcerOf: async (tenantId) => own.get(tenantId) ?? shared,
    trackerOf: async (tenantId) => createBuiltinTracker(db, tenantId),
    log: createLog('silent'),
    appendMessage: () => Promise.reject(new Error('nobody is written to here')),
  });
  return {
    async run(name, tenantId, now) {
      const job = jobs.find((one) => one.name === name);
      if (job?.zone !== 'tenant') throw new Error(`No job of a tenant is called ${name}.`);
      await job.run({ due: new Date(now), now, tenantId, zone });
    },
    async close() {
      await Promise.all([shared, ...own.values()].map((enforcer) => enforcer.close()));
      await db.close();
    },
  };
}
