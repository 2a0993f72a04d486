import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { takeGeneration } from '#db/generations.ts';
import { tenantKey } from '#domain/groups.ts';
import type { Intent } from '#domain/intents.ts';
import { appendIntents, intentKey, urgency } from '#outbox/append.ts';
import { correlationId } from '#platform/log.ts';

/** What stays of a deleted tenant; null: there was none of this id. */
export const findTombstone = (tx: Tx, id: string) =>
  tx.selectFrom('tenant_tombstones').where('id', '=', id).select(['id', 'subdomain']).executeTakeFirst();

/** From now on it has no login, no webhook, no job; what was there before the asking stays as it was. */
export const askForDeletion = (tx: Tx, id: string, by: string, at: Date) =>
  tx
    .updateTable('tenants')
    .set({ is_active: false, deletion_asked_at: at, deletion_asked_by: by, updated_at: at })
    .where('id', '=', id)
    .where('deletion_asked_at', 'is', null)
    .execute();

export const leavingTenants = (tx: Tx) =>
  tx
    .selectFrom('tenants')
    .where('deletion_asked_at', 'is not', null)
    .select(['id', 'subdomain'])
    .orderBy('deletion_asked_at')
    .execute();

/** How far a deletion has come, as the work tables have it. */
export type Progress = {
  /** Of its removal at the enforcer; null: it is to be sent, for the first time or because something went out beside it. */
  readonly removal: 'waiting' | 'done' | 'dead' | null;
  /** Intents that a process has just in its hands. */
  readonly underWay: boolean;
  /** Entries of its audit log that are not in its chain yet. */
  readonly unlinked: boolean;
};

/** A removal that was given up is sent again after this. */
const againMinutes = 10;

export async function progressOf(tx: Tx, tenantId: string): Promise<Progress> {
  const { rows } = await sql<{ removal: string | null; under_way: boolean; unlinked: boolean }>`
    select
      (select case when r.state in ('ready', 'running') then 'waiting'
                   when r.state = 'dead' and r.finished_at >= now() - ${againMinutes} * interval '1 minute' then 'dead'
                   when r.state = 'done' and not exists (select from outbox o where o.tenant_id = ${tenantId}
                     and o.kind <> 'tenant.remove' and o.state = 'done' and o.finished_at >= r.created_at) then 'done' end
       from outbox r where r.tenant_id = ${tenantId} and r.kind = 'tenant.remove' order by r.id desc limit 1) as removal,
      exists (select from outbox where tenant_id = ${tenantId} and kind <> 'tenant.remove'
        and state = 'running' and locked_until > now()) as under_way,
      exists (select from audit_pending p where p.tenant_id = ${tenantId} and exists (
        select from audit_logs l where l.tenant_id = p.tenant_id and l.at = p.entry_at and l.id = p.entry_id)) as unlinked`.execute(
    tx,
  );
  const row = rows[0];
  const removal = row?.removal === 'waiting' || row?.removal === 'done' || row?.removal === 'dead' ? row.removal : null;
  return { removal, underWay: row?.under_way ?? false, unlinked: row?.unlinked ?? false };
}

export async function sendRemoval(tx: Tx, tenantId: string): Promise<void> {
  const intent: Intent = { kind: 'tenant.remove', tenantKey: tenantKey(tenantId) };
  const outgoing = {
    intent,
    key: intentKey(intent),
    subscriptionId: null,
    generation: await takeGeneration(tx),
    urgency: urgency.other,
    correlationId: correlationId(),
  };
  await appendIntents(tx, tenantId, [outgoing]);
}

/** Whether this transaction is the one that erases the tenant: of two processes that come to it the later leaves it alone. */
export async function mayErase(tx: Tx, tenantId: string): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${tenantId}, 11)) as mine`.execute(tx);
  return rows[0]?.mine ?? false;
}

/** Writes the one row that stays, in the owner's transaction and before the rest goes; again it changes nothing. */
export async function bury(tx: Tx, tenantId: string, at: Date): Promise<void> {
  await sql`select set_config('app.tenant_id', ${tenantId}, true)`.execute(tx);
  await sql`
    insert into tenant_tombstones (id, subdomain, asked_at, deleted_at, deleted_by, last_audit_seq, last_audit_hash)
    select t.id, t.subdomain, t.deletion_asked_at, ${at}, t.deletion_asked_by, c.seq, c.hash
    from tenants t left join lateral (
      select seq, hash from audit_chain where tenant_id = t.id order by seq desc limit 1) c on true
    where t.id = ${tenantId} and t.deletion_asked_at is not null
    on conflict (id) do nothing`.execute(tx);
}
