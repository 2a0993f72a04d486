import { type RawBuilder, sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';

const rowsAtOnce = 5_000;
const dayMs = 86_400_000;

/** Deletes in small transactions, so that nobody waits long; answers how many rows went. */
async function inBatches(
  door: (work: (tx: Tx) => Promise<bigint>) => Promise<bigint>,
  table: string,
  condition: RawBuilder<unknown>,
): Promise<number> {
  let gone = 0;
  for (;;) {
    const some = await door(async (tx) => {
      const { numAffectedRows } = await sql`delete from ${sql.table(table)} where ctid = any(array(
        select ctid from ${sql.table(table)} where ${condition} limit ${rowsAtOnce}))`.execute(tx);
      return numAffectedRows ?? 0n;
    });
    gone += Number(some);
    if (some < BigInt(rowsAtOnce)) return gone;
  }
}

/** Tokens that have run out, resets of passwords of days ago, and the platform owner's idempotency keys whose time is over. `now`: ms since 1970. */
export async function cleanPlatform(db: Database, now: number): Promise<number> {
  const at = new Date(now);
  const gate = (work: (tx: Tx) => Promise<bigint>): Promise<bigint> => db.gate(work);
  const tokens = await inBatches(gate, 'refresh_tokens', sql`expires_at < ${at}`);
  // Those of the last hour are counted: nobody gets more than a few messages in one.
  const resets = await inBatches(gate, 'password_resets', sql`expires_at < ${new Date(now - dayMs)}`);
  const keys = sql`tenant_id is null and expires_at < ${at}`;
  return tokens + resets + (await inBatches(gate, 'idempotency_keys', keys));
}

/** Intents that leave nothing behind once they are done; of the others the newest done one is what stands. */
const passing = [
  'sessions.drop',
  'sessions.change',
  'sessions.refresh',
  'session.close',
  'user.describe',
  'message.send',
  'webhook.deliver',
  'ledger.username',
  'ledger.customer',
  'ledger.subscription',
  'ledger.payment',
  'ledger.invoice',
];

/**
 * Intents that are over. What `radius rebuild` and the comparison with RADIUS go by stays however old it is: the newest
 * that was done of each object, and the one of a line's applied generation.
 */
const intentsBefore = (before: Date): RawBuilder<unknown> => sql`finished_at < ${before} and (state = 'superseded'
  or state = 'done' and (kind = any(${passing}::text[]) or exists (
    select from outbox newer where newer.tenant_id = outbox.tenant_id and newer.kind = outbox.kind
      and newer.key = outbox.key and newer.state = 'done' and newer.generation > outbox.generation)
    and not exists (select from access a where a.tenant_id = outbox.tenant_id
      and a.subscription_id = outbox.subscription_id and a.applied_generation = outbox.generation)))`;

/** What a tenant keeps, and how long: its settings, and for deliveries the installation's where it has none. */
async function readKeeping(db: Database, tenantId: string, now: number, eventsDays: number) {
  const row = await db.worker(tenantId, (tx) =>
    tx.selectFrom('tenants').where('id', '=', tenantId).select('settings').executeTakeFirstOrThrow(),
  );
  const { keep_events_days, keep_messages_days, keep_webhooks_days } = readTenantSettings(row.settings);
  const before = (days: number): Date => new Date(now - days * dayMs);
  return {
    events: before(keep_events_days ?? eventsDays),
    messages: before(keep_messages_days),
    webhooks: before(keep_webhooks_days),
  };
}

/**
 * Of one tenant what is over and done with, and older than it is kept (docs/operators.md, "How long things are kept").
 * What waits, or was given up and no person has looked at, stays. `eventsDays`: the installation's.
 */
export async function cleanTenant(db: Database, tenantId: string, now: number, eventsDays: number): Promise<number> {
  const before = await readKeeping(db, tenantId, now, eventsDays);
  const old: readonly (readonly [table: string, condition: RawBuilder<unknown>])[] = [
    ['idempotency_keys', sql`expires_at < ${new Date(now)}`],
    ['drift', sql`resolved_at < ${before.events}`],
    [
      'reconciliations',
      sql`finished_at < ${before.events} and not exists (
        select from drift d where d.tenant_id = reconciliations.tenant_id and d.run_id = reconciliations.id)`,
    ],
    ['inbox', sql`state in ('done', 'ignored') and received_at < ${before.events}`],
    ['gateway_events', sql`received_at < ${before.events}`],
    ['outbox', intentsBefore(before.events)],
    [
      'cut_notices',
      // What failed at once, the others when nobody will ask for them.
      sql`(state = 'undeliverable' or at < ${before.events}) and not exists (
        select from ledger_documents d where d.tenant_id = cut_notices.tenant_id and d.doctype = 'Sales Invoice'
          and d.name = cut_notices.invoice and not d.gone and d.fact ->> 'outstanding' <> '0')`,
    ],
    ['messages', sql`state <> 'queued' and created_at < ${before.messages}`],
    ['webhook_deliveries', sql`state <> 'pending' and created_at < ${before.webhooks}`],
    [
      'announcements',
      sql`created_at < ${before.webhooks} and not exists (
        select from webhook_deliveries d where d.tenant_id = announcements.tenant_id and d.announcement_id = announcements.id)`,
    ],
  ];
  let gone = 0;
  for (const [table, condition] of old) {
    const mine = sql`tenant_id = ${tenantId} and ${condition}`;
    gone += await inBatches((work) => db.worker(tenantId, work), table, mine);
  }
  return gone;
}
