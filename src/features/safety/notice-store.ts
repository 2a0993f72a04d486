import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { CutNotice, CutNoticeQuery } from './schema.ts';

function matching(tx: Tx, tenantId: string, { state, subscription_id }: CutNoticeQuery) {
  let rows = tx
    .selectFrom('cut_notices as n')
    .innerJoin('subscriptions as s', (join) =>
      join.onRef('s.tenant_id', '=', 'n.tenant_id').onRef('s.id', '=', 'n.subscription_id'),
    )
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 's.tenant_id').onRef('c.id', '=', 's.customer_id'),
    )
    .where('n.tenant_id', '=', tenantId);
  if (state !== undefined) rows = rows.where('n.state', '=', state);
  if (subscription_id !== undefined) rows = rows.where('n.subscription_id', '=', subscription_id);
  return rows;
}

const columns = [
  'n.subscription_id',
  's.username',
  'c.id as customer_id',
  'c.customer_code',
  'c.name',
  'n.invoice',
  'n.amount',
  'n.due_date',
  'n.state',
  'n.at',
  'n.detail',
  'n.message_id',
] as const;

/** The newest first. */
export async function listNotices(
  tx: Tx,
  tenantId: string,
  query: CutNoticeQuery,
): Promise<{ readonly rows: CutNotice[]; readonly total: number }> {
  const { total } = await matching(tx, tenantId, query)
    .select((eb) => eb.fn.countAll<bigint>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await matching(tx, tenantId, query)
    .select(columns)
    .orderBy('n.at', 'desc')
    .orderBy('n.subscription_id')
    .orderBy('n.invoice')
    .limit(query.page_size)
    .offset((query.page - 1) * query.page_size)
    .execute();
  return {
    rows: rows.map(({ customer_id: id, customer_code: code, name, amount, at, ...row }) => ({
      ...row,
      customer: { id, code, name },
      amount: Number(amount),
      at: at.toISOString(),
    })),
    total: Number(total),
  };
}

type Note = { readonly at: Date; readonly by: string; readonly reason: string };

/** Notes for the bills of lines that wait for a notice (`ids` null: all of them) that none is needed; answers which. */
export async function overrideNotices(
  tx: Tx,
  tenantId: string,
  ids: readonly string[] | null,
  { at, by, reason }: Note,
): Promise<readonly { readonly id: string; readonly invoice: string }[]> {
  const { rows } = await sql<{ id: string; invoice: string }>`
    update cut_notices n set state = 'overridden', at = ${at}, by_user = ${by}, detail = ${reason}
    from access a
    where n.tenant_id = ${tenantId} and a.tenant_id = n.tenant_id and a.subscription_id = n.subscription_id
      and a.reason ->> 'code' = 'awaiting_notice' and a.reason -> 'invoices' ? n.invoice
      and (${ids}::uuid[] is null or n.subscription_id = any(${ids}::uuid[]))
    returning n.subscription_id as id, n.invoice`.execute(tx);
  return rows;
}
