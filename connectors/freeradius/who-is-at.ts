import { isIPv4 } from 'node:net';
import { sql } from 'kysely';
import { ok, type Result } from '#domain/result.ts';
import type { AddressHolder, EnforcerFailure } from '#ports/enforcer/port.ts';
import type { RadiusDatabase } from './database.ts';
import { asSession, type SessionRow, sessionColumns } from './sessions.ts';
import { ask } from './transact.ts';

/** See `Enforcer.whoIsAt`. What is no IPv4 address is nobody's. */
export function whoIsAt(
  { connection, flavor }: RadiusDatabase,
  address: string,
): Promise<Result<AddressHolder, EnforcerFailure>> {
  return ask(async () => {
    if (!isIPv4(address)) return ok({ sessions: [], routerOf: null });
    const { rows } = await sql<SessionRow>`
      select ${sessionColumns(flavor)} from radacct
      where acctstoptime is null and ${flavor.sameAddress('framedipaddress', address)}
      order by radacctid`.execute(connection);
    const { rows: routers } = await sql<{ tenant_key: string }>`
      select tenant_key from hub_nas where nasname = ${address}`.execute(connection);
    return ok({ sessions: rows.map(asSession), routerOf: routers[0]?.tenant_key ?? null });
  });
}
