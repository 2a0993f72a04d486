import { headsFile } from '#audit/heads.ts';
import { linkEntries } from '#audit/link.ts';
import { createOwnerDoor } from '#db/owner-door.ts';
import { continueDeletions } from '#features/tenants/deletion.ts';
import type { OpenHub } from '#main/open-hub.ts';
import { enrol } from '#main/schedule/enrol.ts';
import { createJobs } from '#main/schedule/jobs.ts';
import { runDue } from '#main/schedule/run.ts';
import { createAppendMessage } from '#outbox/append-message.ts';
import type { Clock } from '#platform/clock.ts';
import type { Config } from '#platform/config.ts';
import type { Log } from '#platform/log.ts';
import { startLoop } from '#platform/loop.ts';
import { createRecipients } from '#platform/recipients.ts';
import { createTenantFiles } from '#platform/tenant-files.ts';

/** How soon a new tenant, or one whose zone has changed, has its jobs by the right clock. */
const enrolEveryMs = 60_000;

/** What of an open hub is kept. */
type House = {
  readonly db: OpenHub['db'];
  readonly vault: Pick<OpenHub['vault'], 'installation' | 'derive'>;
  readonly wire: Pick<OpenHub['wire'], 'forget' | 'enforcerOf' | 'vaultOf' | 'assetTrackerOf'>;
  readonly databases: Pick<OpenHub['databases'], 'bridgeUrl'>;
};

/**
 * The house-keeping of a worker: audit entries are linked into their chains, tenants that were deleted go, and what is
 * due by the clock is done. Any number of processes may run it.
 */
export function startSchedule(
  { db, vault, wire, databases }: House,
  config: Pick<Config, 'dataDir' | 'keepEventsDays' | 'keepAuditDays'>,
  log: Log,
  clock: Clock,
  { leaseMs, pollMs }: { readonly leaseMs: number; readonly pollMs: number },
): { stop(): Promise<void> } {
  const owner = createOwnerDoor(databases.bridgeUrl);
  const { keepEventsDays, keepAuditDays, dataDir } = config;
  const keeping = { keepEventsDays, keepAuditDays, headsFile: headsFile(dataDir) };
  const { enforcerOf, vaultOf, assetTrackerOf: trackerOf } = wire;
  const appendMessage = createAppendMessage({ vaultOf, recipients: createRecipients(vault) });
  const jobs = createJobs({ db, owner, vault, log, enforcerOf, trackerOf, appendMessage, ...keeping });
  const scheduling = { db, clock, log, jobs, leaseMs };
  const leaving = { db, clock, log, owner, files: createTenantFiles(dataDir), onChange: wire.forget };
  const enrolAll = async (): Promise<boolean> => {
    await enrol(db, jobs, clock());
    return false;
  };
  const loops = [
    startLoop('audit chain', async () => (await linkEntries(db)) > 0, pollMs / 2, log),
    startLoop('deletions', async () => (await continueDeletions(leaving)) > 0, pollMs, log),
    startLoop('enrolment', enrolAll, enrolEveryMs, log),
    startLoop('schedule', async () => (await runDue(scheduling)) > 0, pollMs, log),
  ];
  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}
