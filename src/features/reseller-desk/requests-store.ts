import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { readPage } from '#db/page.ts';
import type { RequestKind, RequestState } from '#domain/reseller-request.ts';
import type { RequestQuery } from './requests-schema.ts';

/** Whose requests somebody sees; null: of all resellers. */
export type Sight = { readonly tenantId: string; readonly resellerId: string | null };

const seen = (tx: Tx, { tenantId, resellerId }: Sight) =>
  tx
    .selectFrom('reseller_requests as r')
    .innerJoin('resellers as s', (join) =>
      join.onRef('s.tenant_id', '=', 'r.tenant_id').onRef('s.id', '=', 'r.reseller_id'),
    )
    .leftJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 'r.tenant_id').onRef('c.id', '=', 'r.customer_id'),
    )
    .where('r.tenant_id', '=', tenantId)
    .$if(resellerId !== null, (rows) => rows.where('r.reseller_id', '=', resellerId))
    .select(['r.id', 'r.kind', 'r.state', 'r.reseller_id', 's.name as reseller', 'r.created_at', 'r.updated_at'])
    .select(['r.opened_by', 'c.id as customer_id', 'c.name as customer'])
    .select(
      sql<string>`(select m.text from reseller_request_messages m
        where m.tenant_id = r.tenant_id and m.request_id = r.id order by m.no limit 1)`.as('text'),
    );
export type RequestRow = NonNullable<Awaited<ReturnType<typeof findRequest>>>;

export const findRequest = (tx: Tx, sight: Sight, id: string) =>
  seen(tx, sight).where('r.id', '=', id).executeTakeFirst();

/** Locked until the transaction ends: two answers come one after the other. */
export const lockRequest = (tx: Tx, { tenantId, resellerId }: Sight, id: string) =>
  tx
    .selectFrom('reseller_requests')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .$if(resellerId !== null, (rows) => rows.where('reseller_id', '=', resellerId ?? ''))
    .select(['id', 'state', 'kind', 'reseller_id', 'opened_by'])
    .forUpdate()
    .executeTakeFirst();

/** Those that wait first, then the newest word. */
export function listRequests(tx: Tx, sight: Sight, query: RequestQuery) {
  let rows = seen(tx, sight);
  if (query.state !== undefined) rows = rows.where('r.state', '=', query.state);
  if (query.reseller_id !== undefined) rows = rows.where('r.reseller_id', '=', query.reseller_id);
  if (query.customer_id !== undefined) rows = rows.where('r.customer_id', '=', query.customer_id);
  return readPage(rows.orderBy('r.updated_at', 'desc').orderBy('r.id', 'desc'), query);
}

export const messagesOf = (tx: Tx, tenantId: string, requestId: string) =>
  tx
    .selectFrom('reseller_request_messages')
    .where('tenant_id', '=', tenantId)
    .where('request_id', '=', requestId)
    .select(['id', 'by_provider', 'author', 'text', 'created_at'])
    .orderBy('no')
    .execute();

export async function insertRequest(
  tx: Tx,
  { tenantId, resellerId }: { readonly tenantId: string; readonly resellerId: string },
  values: { readonly kind: RequestKind; readonly customerId: string | null; readonly openedBy: string },
): Promise<string> {
  const { id } = await tx
    .insertInto('reseller_requests')
    .values({
      tenant_id: tenantId,
      reseller_id: resellerId,
      customer_id: values.customerId,
      kind: values.kind,
      opened_by: values.openedBy,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export type NewText = {
  readonly requestId: string;
  readonly resellerId: string;
  readonly byProvider: boolean;
  readonly authorId: string;
  readonly author: string;
  readonly text: string;
};

export const insertMessage = (tx: Tx, tenantId: string, one: NewText) =>
  tx
    .insertInto('reseller_request_messages')
    .values({
      tenant_id: tenantId,
      request_id: one.requestId,
      reseller_id: one.resellerId,
      by_provider: one.byProvider,
      author_id: one.authorId,
      author: one.author,
      text: one.text,
    })
    .execute();

export const moveRequest = (tx: Tx, tenantId: string, id: string, state: RequestState) =>
  tx
    .updateTable('reseller_requests')
    .set({ state, updated_at: sql<Date>`now()` })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .execute();

export async function countOpenRequests(
  tx: Tx,
  { tenantId, resellerId }: { readonly tenantId: string; readonly resellerId: string },
): Promise<number> {
  const { waiting } = await tx
    .selectFrom('reseller_requests')
    .where('tenant_id', '=', tenantId)
    .where('reseller_id', '=', resellerId)
    .where('state', '<>', 'closed')
    .select((eb) => eb.fn.countAll<bigint>().as('waiting'))
    .executeTakeFirstOrThrow();
  return Number(waiting);
}

export type Reader = { readonly id: string; readonly email: string };

/** Who is written to: the provider's people who answer, or the users of one reseller. */
export const readersOf = (tx: Tx, tenantId: string, whose: 'provider' | { readonly resellerId: string }) =>
  tx
    .selectFrom('users')
    .where('tenant_id', '=', tenantId)
    .where('is_active', '=', true)
    .$if(whose === 'provider', (rows) => rows.where('role', 'in', ['admin', 'operator']))
    .$if(whose !== 'provider', (rows) => rows.where('reseller_id', '=', whose === 'provider' ? null : whose.resellerId))
    .select(['id', 'email'])
    .orderBy('email')
    .limit(20)
    .execute();

/** As its name stands when it writes; a key has the name that it was given. */
export async function authorName(tx: Tx, tenantId: string, id: string): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select name from users where tenant_id = ${tenantId} and id = ${id}
    union all select name from api_keys where tenant_id = ${tenantId} and id = ${id}`.execute(tx);
  return rows[0]?.name ?? '';
}

/** Takes what was written about a customer out of the threads (SEC-28). */
export const forgetRequestsOf = (tx: Tx, tenantId: string, customerId: string) =>
  sql`
    update reseller_request_messages m set text = '(erased)' from reseller_requests r
    where m.tenant_id = ${tenantId} and r.tenant_id = m.tenant_id and r.id = m.request_id
      and r.customer_id = ${customerId}`.execute(tx);

/** What was written about a customer. */
export const requestsAbout = (tx: Tx, tenantId: string, customerId: string) =>
  tx
    .selectFrom('reseller_request_messages as m')
    .innerJoin('reseller_requests as r', (join) =>
      join.onRef('r.tenant_id', '=', 'm.tenant_id').onRef('r.id', '=', 'm.request_id'),
    )
    .where('r.tenant_id', '=', tenantId)
    .where('r.customer_id', '=', customerId)
    .select(['r.kind', 'r.state', 'm.by_provider', 'm.text', 'm.created_at'])
    .orderBy('m.no')
    .execute();
