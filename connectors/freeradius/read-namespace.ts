import { sql } from 'kysely';
import { groupNamespace } from '#domain/radius-groups.ts';
import { ok, type Result } from '#domain/result.ts';
import type { Member, Part } from '#ports/enforcer/inspection/port.ts';
import type { EnforcerFailure, Session } from '#ports/enforcer/port.ts';
import type { RadiusDatabase } from './database.ts';
import { asSession, type SessionRow, sessionColumns } from './sessions.ts';
import { nextOf, partSize } from './tenant-accounting.ts';
import { ask } from './transact.ts';

/** See `Inspection.members`. Parts go on after an id, so that a row which goes meanwhile shifts none out of sight. */
export function readMembers(
  { connection, flavor }: RadiusDatabase,
  tenantKey: string,
  from: string | null,
): Promise<Result<Part<Member>, EnforcerFailure>> {
  return ask(async () => {
    const { rows } = await sql<{ id: number | string; username: string; groupname: string }>`
      select id, ${flavor.text('username')} as username, ${flavor.text('groupname')} as groupname from radusergroup
      where groupname like ${`${tenantKey}:%`} and id > ${from ?? 0} order by id limit ${partSize}`.execute(connection);
    const own = rows.filter(({ groupname }) => groupNamespace(groupname) === tenantKey);
    return ok({
      entries: own.map(({ username, groupname }) => ({ username, group: groupname })),
      next: nextOf(rows),
    });
  });
}

/** See `Inspection.tenantSessions`. FreeRADIUS writes Class as octets in hex; another configuration may write text. */
export function readTenantSessions(
  { connection, flavor }: RadiusDatabase,
  tenantKey: string,
  from: string | null,
): Promise<Result<Part<Session>, EnforcerFailure>> {
  return ask(async () => {
    const octets = `0x${Buffer.from(`${tenantKey}:`).toString('hex')}%`;
    const { rows } = await sql<SessionRow & { id: number | string }>`
      select radacctid as id, ${sessionColumns(flavor)} from radacct
      where acctstoptime is null and radacctid > ${from ?? 0} and (class like ${octets} or class like ${`${tenantKey}:%`})
      order by radacctid limit ${partSize}`.execute(connection);
    const sessions = rows.map(asSession).filter(({ group }) => group !== null && groupNamespace(group) === tenantKey);
    return ok({ entries: sessions, next: nextOf(rows) });
  });
}
