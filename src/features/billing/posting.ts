import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { insertRows } from '#db/insert-rows.ts';
import type { Account } from '#domain/accounts.ts';
import type { LocalDate } from '#domain/facts.ts';

/** A debit above zero, a credit below; in minor units. */
export type Entry = {
  readonly account: Account;
  readonly amount: bigint;
  readonly customerId?: string;
  /** Whose deposit or commission it is of. */
  readonly resellerId?: string;
  /** Divides expenses and other income. */
  readonly category?: string;
};

/** One deed in the books. `idemKey`: the same deed is posted once, whoever repeats it. */
export type Posting = {
  /** Left out, it is given one. */
  readonly id?: string;
  readonly kind: string;
  readonly idemKey: string;
  readonly postedOn: LocalDate;
  /** The bill, payment or other row that it is of. */
  readonly sourceId: string | null;
  readonly postedBy: string | null;
  readonly memo?: string;
  readonly entries: readonly Entry[];
};

/**
 * Writes into the books what happened (law 11): each posting with all its entries, of which the database demands that
 * they sum to zero. Entries of zero are left out. A deed that is posted already fails (unique `idem_key`): whoever may
 * be repeated has a row of its own that says so first. Answers the postings' ids, in their order.
 */
export async function post(tx: Tx, tenantId: string, postings: readonly Posting[]): Promise<readonly string[]> {
  if (postings.length === 0) return [];
  const rows = postings.map((posting) => ({ ...posting, id: posting.id ?? randomUUID() }));
  const entries = rows.flatMap(({ id, entries: own }) =>
    own
      .filter(({ amount }) => amount !== 0n)
      .map(({ account, amount, customerId, resellerId, category }, no) => ({
        tenant_id: tenantId,
        posting_id: id,
        no: no + 1,
        account,
        category: category ?? null,
        customer_id: customerId ?? null,
        reseller_id: resellerId ?? null,
        amount,
      })),
  );
  const heads = rows.map(({ id, kind, idemKey, postedOn, sourceId, memo = '', postedBy }) => ({
    tenant_id: tenantId,
    id,
    kind,
    idem_key: idemKey,
    posted_on: postedOn,
    source_id: sourceId,
    memo,
    posted_by: postedBy,
  }));
  await Promise.all([insertRows(tx, 'postings', heads), insertRows(tx, 'entries', entries)]);
  return rows.map(({ id }) => id);
}

/**
 * Takes a posting back by another with its entries turned round, and answers its id; a second time fails
 * (`postings_reversed_once`).
 */
export async function postBack(
  tx: Tx,
  tenantId: string,
  postingId: string,
  back: Omit<Posting, 'entries'>,
): Promise<string> {
  const id = randomUUID();
  await Promise.all([
    tx
      .insertInto('postings')
      .values({
        tenant_id: tenantId,
        id,
        kind: back.kind,
        idem_key: back.idemKey,
        posted_on: back.postedOn,
        source_id: back.sourceId,
        memo: back.memo ?? '',
        reverses: postingId,
        posted_by: back.postedBy,
      })
      .execute(),
    sql`
      insert into entries (tenant_id, posting_id, no, account, category, customer_id, reseller_id, amount)
      select tenant_id, ${id}, no, account, category, customer_id, reseller_id, -amount from entries
      where tenant_id = ${tenantId} and posting_id = ${postingId}`.execute(tx),
  ]);
  return id;
}
