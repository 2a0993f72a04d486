import { sql } from 'kysely';
import { markLines } from '#access/mark-dirty.ts';
import type { Database, Tx } from '#db/database.ts';
import { appendTimeline } from '#db/timeline.ts';
import type { Clock } from '#platform/clock.ts';
import { newCorrelationId } from '#platform/log.ts';

/** A reminder that must be delivered before a line may be cut (spec X7). `amount` in minor units. */
export type CutNotice = {
  readonly subscriptionId: string;
  readonly invoice: string;
  readonly amount: bigint;
  readonly dueDate: string;
  readonly customerId: string;
  readonly name: string;
  readonly email: string;
};

/** Writes the message, in the transaction that notes that it was written; answers its id. */
export type WriteNotice = (tx: Tx, tenantId: string, notice: CutNotice, correlationId: string) => Promise<string>;

const atOnce = 200;
const dayMs = 24 * 3_600_000;

type Settled = {
  readonly id: string;
  readonly invoice: string;
  readonly state: 'delivered' | 'undeliverable';
  readonly detail: string | null;
};

/**
 * What became of messages that were on their way, or that a person has sent once more. Delivered is what a mail server
 * took; it counts from when that is noted.
 */
const settle = (tx: Tx, tenantId: string, now: number) =>
  sql<Settled>`
    with ended as (
      select n.subscription_id, n.invoice, m.state, m.error from cut_notices n
      left join messages m on m.tenant_id = n.tenant_id and m.id = n.message_id
      where n.tenant_id = ${tenantId} and (n.state = 'queued' and m.state is distinct from 'queued'
        or n.state = 'undeliverable' and m.state = 'sent') limit ${atOnce})
    update cut_notices n set at = ${new Date(now)},
      state = case when e.state = 'sent' then 'delivered' else 'undeliverable' end,
      detail = case when e.state is null then 'the message was removed' when e.state <> 'sent' then coalesce(e.error, e.state) end
    from ended e
    where n.tenant_id = ${tenantId} and n.subscription_id = e.subscription_id and n.invoice = e.invoice
    returning n.subscription_id as id, n.invoice, n.state, n.detail`.execute(tx);

/** While the bill is open: again when the customer was changed (another address, perhaps), and once a day. */
const tryAgain = (tx: Tx, tenantId: string, now: number) =>
  sql`
    update cut_notices n set state = 'wanted', at = ${new Date(now)}
    from subscriptions s
    join customers c on c.tenant_id = s.tenant_id and c.id = s.customer_id
    join access a on a.tenant_id = s.tenant_id and a.subscription_id = s.id and a.state = 'active'
    where n.tenant_id = ${tenantId} and n.state = 'undeliverable' and s.tenant_id = n.tenant_id and s.id = n.subscription_id
      and c.email is not null and (c.updated_at > n.at or n.at <= ${new Date(now - dayMs)})
      and exists (
        select from ledger_documents d where d.tenant_id = n.tenant_id and d.doctype = 'Sales Invoice'
          and d.name = n.invoice and not d.gone and d.fact ->> 'outstanding' <> '0')`.execute(tx);

type Wanted = Omit<CutNotice, 'email'> & { readonly email: string | null };

const takeWanted = (tx: Tx, tenantId: string) =>
  sql<Wanted>`
    select n.subscription_id as "subscriptionId", n.invoice, n.amount, n.due_date as "dueDate",
      c.id as "customerId", c.name, c.email
    from cut_notices n
    join subscriptions s on s.tenant_id = n.tenant_id and s.id = n.subscription_id
    join customers c on c.tenant_id = s.tenant_id and c.id = s.customer_id
    where n.tenant_id = ${tenantId} and n.state = 'wanted'
    order by n.subscription_id, n.invoice limit ${atOnce} for update of n skip locked`.execute(tx);

async function write(tx: Tx, tenantId: string, one: Wanted, now: number, writeNotice: WriteNotice): Promise<boolean> {
  const { email } = one;
  const change =
    email === null
      ? { state: 'undeliverable' as const, detail: 'the customer has no e-mail address' }
      : {
          state: 'queued' as const,
          detail: null,
          message_id: await writeNotice(tx, tenantId, { ...one, email }, newCorrelationId()),
        };
  await tx
    .updateTable('cut_notices')
    .set({ ...change, at: new Date(now) })
    .where('tenant_id', '=', tenantId)
    .where('subscription_id', '=', one.subscriptionId)
    .where('invoice', '=', one.invoice)
    .execute();
  return email !== null;
}

const textOf = ({ invoice, state, detail }: Settled): string =>
  state === 'delivered'
    ? `A reminder of ${invoice} was delivered.`
    : `A reminder of ${invoice} was not delivered: ${detail}.`;

async function advance(tx: Tx, tenantId: string, now: number, writeNotice: WriteNotice): Promise<number> {
  const correlationId = newCorrelationId();
  const { rows: settled } = await settle(tx, tenantId, now);
  const again = await tryAgain(tx, tenantId, now);
  const { rows: wanted } = await takeWanted(tx, tenantId);
  const unreachable: string[] = [];
  for (const one of wanted) {
    if (!(await write(tx, tenantId, one, now, writeNotice))) unreachable.push(one.subscriptionId);
  }
  await appendTimeline(
    tx,
    tenantId,
    settled.map((one) => ({
      subscriptionId: one.id,
      kind: 'notice',
      text: textOf(one),
      correlationId,
      data: { invoice: one.invoice, state: one.state },
    })),
  );
  const mark = { tenantId, correlationId, cause: 'a reminder before a cut' };
  await markLines(tx, mark, [...settled.map(({ id }) => id), ...unreachable]);
  return settled.length + wanted.length + Number(again.numAffectedRows ?? 0n);
}

/**
 * Takes the reminders that decisions have asked for a step further, for all active tenants: written, sent, delivered or
 * not (spec X7). Answers how many moved.
 */
export async function advanceNotices(db: Database, clock: Clock, writeNotice: WriteNotice): Promise<number> {
  const tenants = await db.claim((tx) =>
    tx
      .selectFrom('cut_notices as n')
      .innerJoin('tenants as t', 't.id', 'n.tenant_id')
      .where('t.is_active', '=', true)
      .where('n.state', 'in', ['wanted', 'queued', 'undeliverable'])
      .select('n.tenant_id')
      .distinct()
      .execute(),
  );
  let moved = 0;
  for (const { tenant_id: id } of tenants) {
    moved += await db.worker(id, (tx) => advance(tx, id, clock(), writeNotice));
  }
  return moved;
}
