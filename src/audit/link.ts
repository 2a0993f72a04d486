import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import { chainLock, entryText, linkHash, noHash, ofChain } from './chain.ts';

type Waiting = { readonly entry_id: bigint; readonly entry_at: string; readonly text: string };
type Link = Waiting & { readonly seq: bigint; readonly prev: Buffer; readonly hash: Buffer };

const entriesAtOnce = 500;
const chainsAtOnce = 200;

async function headOf(tx: Tx, tenantId: string | null): Promise<{ seq: bigint; hash: Buffer }> {
  const { rows } = await sql<{ seq: bigint; hash: Buffer }>`
    select seq, hash from audit_chain where ${ofChain('tenant_id', tenantId)} order by seq desc limit 1`.execute(tx);
  return rows[0] ?? { seq: 0n, hash: noHash };
}

/**
 * The oldest that wait; whose entry is gone is passed over, for the verifier to tell. The time stays text, since a Date
 * would lose its microseconds, and each entry is looked up by itself: only those that are taken become text.
 */
async function waitingEntries(tx: Tx, tenantId: string | null): Promise<readonly Waiting[]> {
  const { rows } = await sql<Waiting>`
    select p.entry_id, p.entry_at::text as entry_at, e.text
    from audit_pending p cross join lateral (
      select ${entryText} as text from audit_logs l
      where ${ofChain('l.tenant_id', tenantId)} and l.at = p.entry_at and l.id = p.entry_id limit 1) e
    where ${ofChain('p.tenant_id', tenantId)} order by p.entry_id limit ${entriesAtOnce}`.execute(tx);
  return rows;
}

function chained(head: { readonly seq: bigint; readonly hash: Buffer }, entries: readonly Waiting[]): readonly Link[] {
  let { seq, hash } = head;
  return entries.map((entry) => {
    const prev = hash;
    seq += 1n;
    hash = linkHash(prev, entry.text);
    return { ...entry, seq, prev, hash };
  });
}

async function linkChain(tx: Tx, tenantId: string | null): Promise<number> {
  const { rows } = await sql<{ mine: boolean }>`select ${chainLock(tenantId)} as mine`.execute(tx);
  if (!rows[0]?.mine) return 0;
  const links = chained(await headOf(tx, tenantId), await waitingEntries(tx, tenantId));
  if (links.length === 0) return 0;
  const values = links.map(
    ({ seq, entry_id, entry_at, prev, hash }) =>
      sql`(${tenantId}::uuid, ${seq}::bigint, ${entry_id}::bigint, ${entry_at}::timestamptz, ${prev}::bytea, ${hash}::bytea)`,
  );
  await sql`insert into audit_chain (tenant_id, seq, entry_id, entry_at, prev_hash, hash) values ${sql.join(values)}`.execute(
    tx,
  );
  const done = links.map(({ entry_id }) => entry_id.toString());
  await sql`delete from audit_pending where ${ofChain('tenant_id', tenantId)} and entry_id = any(${done}::bigint[])`.execute(
    tx,
  );
  return links.length;
}

/**
 * Links what was recorded since into the hash chains (spec V4), each chain in a transaction of its own. A chain that
 * another process is just linking is left to it, so none ever forks; one that fails holds up no other, and its failure is
 * thrown at the end. Answers how many entries were linked.
 */
export async function linkEntries(db: Database): Promise<number> {
  const { rows } = await db.claims((tx) =>
    sql<{ tenant_id: string | null }>`select distinct tenant_id from audit_pending limit ${chainsAtOnce}`.execute(tx),
  );
  const chains = rows.map(({ tenant_id }) => tenant_id);
  const linked: number[] = [];
  const failures: unknown[] = [];
  for (const tenantId of chains) {
    try {
      const work = (tx: Tx): Promise<number> => linkChain(tx, tenantId);
      linked.push(await (tenantId === null ? db.claims(work) : db.worker(tenantId, work)));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} audit chains could not be linked`);
  return linked.reduce((sum, count) => sum + count, 0);
}
