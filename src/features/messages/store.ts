import type { Tx } from '#db/database.ts';
import { likePattern } from '#db/like-pattern.ts';
import { mapPage, orderOf, type Page, readPage } from '#db/page.ts';
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

export async function listMessages(tx: Tx, tenantId: string, query: MessageQuery): Promise<Page<Message>> {
  let rows = ofTenant(tx, tenantId);
  if (query.state) rows = rows.where('state', '=', query.state);
  if (query.event) rows = rows.where('event', '=', query.event);
  if (query.customer_id) rows = rows.where('customer_id', '=', query.customer_id);
  if (query.user_id) rows = rows.where('user_id', '=', query.user_id);
  if (query.search) {
    const pattern = likePattern(query.search);
    rows = rows.where((eb) => eb.or([eb('recipient_masked', 'ilike', pattern), eb('error', 'ilike', pattern)]));
  }
  const { column, direction } = orderOf(query.sort);
  const ordered = rows.select(columns).orderBy(column, direction).orderBy('id', direction);
  return mapPage(await readPage(ordered, query), messageView);
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
