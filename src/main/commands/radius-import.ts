import { type ImportReport, importRadiusUsers, type RadiusUser } from '#journeys/radius-import.ts';
import { type Arguments, type Command, say, UsageError } from '#main/command.ts';
import { findTenant } from '#main/commands/find-tenant.ts';
import { type OpenHub, withHub } from '#main/open-hub.ts';
import { type ImportCandidate, previewRadiusUsers } from '#main/wire/radius-database.ts';
import { systemClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config.ts';
import { createLog, newCorrelationId } from '#platform/log.ts';

/** Problems that leave a user as it is; of the others it is enough that somebody has seen them. */
const inTheWay = new Set<string>([
  'case_twin',
  'unusable_name',
  'no_password',
  'hashed_password',
  'several_passwords',
  'password_never_accepted',
  'unreadable_mac_lock',
  'blocked',
]);

const groupOf = (candidate: ImportCandidate): string => candidate.groups[0]?.name ?? '';

function adoptable(candidate: ImportCandidate): RadiusUser | null {
  const { canonical, password } = candidate;
  if (candidate.bridged || canonical === null || password === null) return null;
  if (candidate.problems.some((problem) => inTheWay.has(problem))) return null;
  return {
    username: canonical,
    name: null,
    password: password.value,
    group: groupOf(candidate),
    mac: candidate.mac,
    reply: candidate.reply,
  };
}

const preview = (candidate: ImportCandidate) => ({
  username: candidate.username,
  groups: candidate.groups.map(({ name }) => name),
  password: candidate.password?.attribute ?? null,
  mac: candidate.mac,
  foreign_rows: candidate.foreign.length,
  problems: candidate.problems,
  adopts: adoptable(candidate) !== null,
});

/** `--plan group=service plan` → group → id of the plan. */
async function planOfGroup(
  { db }: OpenHub,
  tenant: string,
  plans: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await db.tenant(tenant, (tx) =>
    tx
      .selectFrom('service_plans')
      .where('tenant_id', '=', tenant)
      .where('deleted_at', 'is', null)
      .select(['id', 'name'])
      .execute(),
  );
  return new Map(
    plans.map((pair) => {
      const [group = '', name = ''] = pair.split(/=(.*)/s);
      const plan = rows.find((row) => row.name.toLowerCase() === name.trim().toLowerCase());
      if (!plan) throw new UsageError(`--plan ${pair}: there is no service plan "${name}".`);
      return [group.trim(), plan.id];
    }),
  );
}

function tell(args: Arguments, report: ImportReport): number {
  say(args, report, [
    ...report.adopted.map(({ username, customerCode }) => `adopted  ${username} as ${customerCode}`),
    ...report.skipped.map(({ username, why }) => `skipped  ${username}: ${why}`),
    `${report.adopted.length} adopted, ${report.skipped.length} skipped.`,
  ]);
  return report.adopted.length === 0 && report.skipped.length > 0 ? 1 : 0;
}

export const radiusImport: Command = {
  name: 'radius import',
  takes: '--tenant <subdomain> [--plan group=plan]… [--apply]',
  about: 'shows the users that a RADIUS database has; --apply adopts them, passwords unchanged',
  run: (args) =>
    withHub(readConfig(process.env), createLog('silent'), async (hub) => {
      const tenant = await findTenant(hub, args.tenant);
      const candidates = await previewRadiusUsers(await hub.wire.radiusUrlOf(tenant));
      if (!args.apply) {
        const rows = candidates.map(preview);
        say(args, { users: rows }, [
          ...rows.map(
            (row) =>
              `${row.adopts ? 'adopts' : 'leaves'}  ${row.username.padEnd(24)} ${row.groups.join(', ') || '(no group)'}  ${row.problems.join(', ')}`,
          ),
          `${rows.filter((row) => row.adopts).length} of ${rows.length} can be adopted. Nothing was changed; --apply does it.`,
        ]);
        return 0;
      }
      const groups = await planOfGroup(hub, tenant, args.plans);
      const users = candidates.flatMap((candidate) => adoptable(candidate) ?? []);
      const around = { db: hub.db, clock: systemClock, vaultOf: hub.wire.vaultOf, radiusDbOf: hub.wire.radiusDbOf };
      return tell(args, await importRadiusUsers(around, tenant, users, groups, newCorrelationId()));
    }),
};
