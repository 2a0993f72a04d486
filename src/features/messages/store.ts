import type { Tx } from '#db/database.ts';
import { likePattern } from '#db/like-pattern.ts';
import type { Message, MessageQuery } from './schema.ts';

const columns = [
  'id',
  'event',
  'channel',
  'recipient_masked',
  'language',
  'customer_id',
  'user_id',
  'state',
  'attempts',
  'error',
  'created_at',
  'sent_at',
] as const;

const ofTenant = (tx: Tx, tenantId: string) => tx.selectFrom('messages').where('tenant_id', '=', tenantId);

export const findMessage = (tx: Tx, tenantId: string, id: string) =>
  ofTenant(tx, tenantId).where('id', '=', id).select(columns).executeTakeFirst();
type Row = NonNullable<Awaited<ReturnType<typeof findMessage>>>;

export const messageView = ({ recipient_masked, ...row }: Row): Message => ({
  ...row,
  recipient: recipient_masked,
  created_at: row.created_at.toISOString(),
  sent_at: row.sent_at?.toISOString() ?? null,
});

export async function listMessages(tx: Tx, tenantId: string, query: MessageQuery) {
  let rows = ofTenant(tx, tenantId);
  if (query.state) rows = rows.where('state', '=', query.state);
  if (query.event) rows = rows.where('event', '=', query.event);
  if (query.customer_id) rows = rows.where('customer_id', '=', query.customer_id);
  if (query.user_id) rows = rows.where('user_id', '=', query.user_id);
  if (query.search) {
    const pattern = likePattern(query.search);
    rows = rows.where((eb) => eb.or([eb('recipient_masked', 'ilike', pattern), eb('error', 'ilike', pattern)]));
  }
  const direction = query.sort === 'created_at' ? 'asc' : 'desc';
  const { total } = await rows.select((eb) => eb.fn.countAll<bigint>().as('total')).executeTakeFirstOrThrow();
  const page = await rows
    .select(columns)
    .orderBy('created_at', direction)
    .orderBy('id', direction)
    .limit(query.page_size)
    .offset((query.page - 1) * query.page_size)
    .execute();
  return { rows: page, total: Number(total) };
}

/** A message that was given up waits anew; null: it is none of those. */
export async function renewMessage(tx: Tx, tenantId: string, id: string): Promise<boolean> {
  const renewed = await tx
    .updateTable('messages')
    .set({ state: 'queued', attempts: 0, error: null })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('state', 'in', ['failed', 'bounced'])
    .returning('id')
    .executeTakeFirst();
  return renewed !== undefined;
}
