import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { type ClaimedDocument, type DocumentRow, documentOf } from '#inbox/claim-documents.ts';

export type Consumed = {
  /** Deliveries that were consumed; as many as `atATime`: more may be waiting. */
  readonly count: number;
  /** Documents that they speak of and that the caller has leased with them. */
  readonly documents: readonly ClaimedDocument[];
  /** Others of them wait for whoever claims them. */
  readonly isSomeLeft: boolean;
};

export const atATime = 500;

/**
 * Turns stored deliveries into marks on the documents that they speak of, and does nothing else with them: a payload
 * never decides (law 1). The deliveries of a deactivated tenant wait. Up to `room` marks are leased to the caller at
 * once, unless somebody is looking at the document already. One statement, marks sorted as `markDocuments` sorts them.
 */
export const consumeInbox = (db: Database, leaseMs: number, room: number): Promise<Consumed> =>
  db.claim(async (tx) => {
    const { rows } = await sql<DocumentRow & { readonly is_mine: boolean; readonly consumed: number }>`
      with events as materialized (
        select i.id, i.tenant_id, i.doctype, i.name, i.correlation_id
        from inbox i join tenants t on t.id = i.tenant_id and t.is_active
        where i.state = 'new' order by i.id limit ${atATime} for update of i skip locked
      ), newest as (
        select distinct on (tenant_id, doctype, name) *, count(*) over (partition by tenant_id, doctype, name) as deliveries
        from events order by tenant_id, doctype, name, id desc
      ), asked as (
        select *, case when row_number() over (order by id) <= ${room} then now() + ${leaseMs} * interval '1 ms' end as lease
        from newest
      ), settled as (
        update inbox i set state = 'done', consumed_at = clock_timestamp() from events e where i.id = e.id
      ), marked as (
        insert into dirty_documents as d (tenant_id, doctype, name, correlation_id, locked_until, attempts)
        select tenant_id, doctype, name, correlation_id, lease, (lease is not null)::int
        from asked order by tenant_id, doctype collate "C", name collate "C"
        on conflict (tenant_id, doctype, name) do update set
          correlation_id = excluded.correlation_id,
          marks = d.marks + 1,
          not_before = least(d.not_before, excluded.not_before),
          attempts = case when d.locked_until >= now() then d.attempts else d.attempts + excluded.attempts end,
          locked_until = case when d.locked_until >= now() then d.locked_until else excluded.locked_until end
        returning d.*
      )
      select m.tenant_id, m.doctype, m.name, m.correlation_id, m.marks, m.attempts, a.deliveries::int,
        coalesce(m.locked_until = a.lease, false) as is_mine, (select count(*)::int from events) as consumed
      from marked m join asked a using (tenant_id, doctype, name)`.execute(tx);
    return {
      count: rows[0]?.consumed ?? 0,
      documents: rows.filter((row) => row.is_mine).map(documentOf),
      isSomeLeft: rows.some((row) => !row.is_mine),
    };
  });
