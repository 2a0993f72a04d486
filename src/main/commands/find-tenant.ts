import { UsageError } from '#main/command.ts';
import type { OpenHub } from '#main/open-hub.ts';
import { Refusal } from '#platform/refusal.ts';

/** The id of the tenant that `--tenant` names; a command about a tenant does not guess it. */
export async function findTenant({ db }: Pick<OpenHub, 'db'>, subdomain: string | undefined): Promise<string> {
  if (subdomain === undefined) throw new UsageError('Which tenant? Add --tenant <subdomain>.');
  const tenant = await db.gate((tx) =>
    tx.selectFrom('tenants').where('subdomain', '=', subdomain).select('id').executeTakeFirst(),
  );
  if (!tenant) throw new Refusal('NOT_FOUND', `There is no tenant ${subdomain}.`);
  return tenant.id;
}
