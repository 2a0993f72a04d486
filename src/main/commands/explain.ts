import { canonicalUsername } from '#domain/username.ts';
import { explainLine } from '#features/subscriptions/explain.ts';
import { type Command, say, UsageError } from '#main/command.ts';
import { type OpenHub, withHub } from '#main/open-hub.ts';
import { radiusViewOf } from '#main/radius-view.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';
import { Refusal } from '#platform/refusal.ts';

type Line = { readonly tenantId: string; readonly id: string; readonly subdomain: string };

/** A username is unique in one RADIUS database; where there are several, `--tenant` says whose. */
async function findLine({ db }: OpenHub, username: string, subdomain: string | undefined): Promise<Line> {
  const canonical = canonicalUsername(username);
  if (!canonical.ok) throw new UsageError(`"${username}" is no PPPoE username.`);
  const tenants = await db.gate((tx) => tx.selectFrom('tenants').select(['id', 'subdomain']).execute());
  const wanted = tenants.filter((tenant) => subdomain === undefined || tenant.subdomain === subdomain);
  if (wanted.length === 0 && subdomain !== undefined) {
    throw new Refusal('NOT_FOUND', `There is no tenant ${subdomain}.`);
  }
  const found: Line[] = [];
  for (const tenant of wanted) {
    const row = await db.tenant(tenant.id, (tx) =>
      tx.selectFrom('subscriptions').where('canonical_username', '=', canonical.value).select('id').executeTakeFirst(),
    );
    if (row) found.push({ tenantId: tenant.id, id: row.id, subdomain: tenant.subdomain });
  }
  const [only] = found;
  if (!only) throw new Refusal('NOT_FOUND', `No line has the username ${canonical.value}.`);
  if (found.length > 1)
    throw new UsageError(
      `Several tenants have ${canonical.value}: add --tenant ${found.map((one) => one.subdomain).join(' or ')}.`,
    );
  return only;
}

export const explain: Command = {
  name: 'explain',
  takes: '<username> [--tenant <subdomain>]',
  about: 'says why a subscriber is online, isolated or off, from the event to the packet',
  run: (args) => {
    const [username, ...rest] = args.words;
    if (username === undefined || rest.length > 0) throw new UsageError('explain takes one username.');
    return withHub(readConfig(process.env), createLog('silent'), async (hub) => {
      const line = await findLine(hub, username, args.tenant);
      const sight = { tenantId: line.tenantId, resellerId: null, technicianId: null };
      const told = await explainLine({ db: hub.db, radius: radiusViewOf(hub.wire) }, sight, line.id);
      say(args, told, [
        `${username}: ${told.state}. ${told.reason}`,
        '',
        ...told.timeline.map(({ at, kind, text }) => `${at}  ${kind.padEnd(14)} ${text}`),
      ]);
      return 0;
    });
  },
};
