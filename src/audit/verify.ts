import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import { entryText, linkHash, ofChain } from './chain.ts';
import { type ChainBase, readBase } from './chain-start.ts';

/**
 * What is wrong with a chain. `edited`: an entry no longer says what was linked; `deleted`: an entry or its link is
 * gone; `reordered`: links do not follow each other; `unlinked`: an entry that never went through the hub; `cut` and
 * `rewritten`: the chain no longer reaches, or no longer leads through, a head that was written down outside; `dropped`:
 * entries were taken out by whole months although they are younger than a year.
 */
export type FindingKind = 'edited' | 'deleted' | 'reordered' | 'unlinked' | 'cut' | 'rewritten' | 'dropped';
export type Finding = { readonly kind: FindingKind; readonly seq: bigint | null; readonly entryId: bigint | null };

export type ChainReport = {
  readonly tenantId: string | null;
  /** Links that were looked at. */
  readonly links: bigint;
  /** Entries so young that they need not be linked yet. */
  readonly waiting: number;
  /** At most `mostFindings`. */
  readonly findings: readonly Finding[];
};

/** Of one chain, by position: its hash in hex as it was written down outside. */
export type KnownHeads = ReadonlyMap<bigint, string>;

const linksAPage = 2_000;
const mostFindings = 1_000;
const youngSeconds = 60;

type LinkRow = {
  readonly seq: bigint;
  readonly entry_id: bigint;
  readonly prev_hash: Buffer;
  readonly hash: Buffer;
  readonly text: string | null;
  /** Its entry went by rule, with its month. */
  readonly dropped: boolean;
};

async function linksAfter(tx: Tx, tenantId: string | null, seq: bigint, base: ChainBase): Promise<readonly LinkRow[]> {
  const { rows } = await sql<LinkRow>`
    select c.seq, c.entry_id, c.prev_hash, c.hash, ${entryText} as text, c.entry_at < ${base.entriesBefore} as dropped
    from audit_chain c
    left join audit_logs l on ${ofChain('l.tenant_id', tenantId)} and l.at = c.entry_at and l.id = c.entry_id
    where ${ofChain('c.tenant_id', tenantId)} and c.seq > ${seq} order by c.seq limit ${linksAPage}`.execute(tx);
  return rows;
}

function judgeLink(link: LinkRow, before: { readonly seq: bigint; readonly hash: Buffer }): FindingKind | null {
  if (link.seq !== before.seq + 1n) return 'deleted';
  if (!link.prev_hash.equals(before.hash)) return 'reordered';
  if (link.text === null) return link.dropped ? null : 'deleted';
  return linkHash(link.prev_hash, link.text).equals(link.hash) ? null : 'edited';
}

async function checkLinks(
  inChain: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>,
  tenantId: string | null,
  heads: KnownHeads,
): Promise<{ readonly links: bigint; readonly findings: readonly Finding[] }> {
  const base = await inChain((tx) => readBase(tx, tenantId));
  const findings: Finding[] = base.isYoung ? [{ kind: 'dropped', seq: base.seq, entryId: null }] : [];
  let before: { readonly seq: bigint; readonly hash: Buffer } = base;
  let links = 0n;
  const rooted = heads.get(base.seq);
  if (rooted !== undefined && rooted !== base.hash.toString('hex')) {
    findings.push({ kind: 'rewritten', seq: base.seq, entryId: null });
  }
  for (;;) {
    const from = before.seq;
    const page = await inChain((tx) => linksAfter(tx, tenantId, from, base));
    for (const link of page) {
      const kind = judgeLink(link, before);
      if (kind) findings.push({ kind, seq: link.seq, entryId: link.entry_id });
      const known = heads.get(link.seq);
      if (known !== undefined && known !== link.hash.toString('hex')) {
        findings.push({ kind: 'rewritten', seq: link.seq, entryId: link.entry_id });
      }
      before = { seq: link.seq, hash: link.hash };
      links += 1n;
    }
    if (page.length < linksAPage || findings.length >= mostFindings) break;
  }
  const farthest = [...heads.keys()].reduce((most, seq) => (seq > most ? seq : most), 0n);
  if (farthest > before.seq && findings.length < mostFindings) {
    findings.push({ kind: 'cut', seq: before.seq + 1n, entryId: null });
  }
  return { links, findings };
}

/** Entries without a link: young ones wait for the linker, older ones did not come through the hub. */
async function unlinkedEntries(
  tx: Tx,
  tenantId: string | null,
): Promise<{ readonly waiting: number; readonly findings: readonly Finding[] }> {
  const { rows } = await sql<{ id: bigint; young: boolean }>`
    select l.id, l.at > now() - ${youngSeconds} * interval '1 second' as young from audit_logs l
    where ${ofChain('l.tenant_id', tenantId)} and not exists (
      select from audit_chain c where ${ofChain('c.tenant_id', tenantId)} and c.entry_id = l.id)
    order by l.id limit ${mostFindings}`.execute(tx);
  return {
    waiting: rows.filter(({ young }) => young).length,
    findings: rows.filter(({ young }) => !young).map(({ id }) => ({ kind: 'unlinked', seq: null, entryId: id })),
  };
}

/** Entries that were noted for linking and are gone before they were linked. */
async function vanishedEntries(tx: Tx, tenantId: string | null): Promise<readonly Finding[]> {
  const { rows } = await sql<{ entry_id: bigint }>`
    select p.entry_id from audit_pending p where ${ofChain('p.tenant_id', tenantId)} and not exists (
      select from audit_logs l where ${ofChain('l.tenant_id', tenantId)} and l.at = p.entry_at and l.id = p.entry_id)
    order by p.entry_id limit ${mostFindings}`.execute(tx);
  return rows.map(({ entry_id }) => ({ kind: 'deleted', seq: null, entryId: entry_id }));
}

/**
 * Walks one chain from its first link, or from where it begins since old months were dropped (spec V4, SEC-23); null: the platform's own. `heads`: what was written down
 * outside, without which a tail that was cut off with its entries cannot be missed.
 */
export async function verifyChain(db: Database, tenantId: string | null, heads: KnownHeads): Promise<ChainReport> {
  const inChain = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    tenantId === null ? db.claims(work) : db.worker(tenantId, work);
  const { links, findings } = await checkLinks(inChain, tenantId, heads);
  const unlinked = await inChain((tx) => unlinkedEntries(tx, tenantId));
  const vanished = await inChain((tx) => vanishedEntries(tx, tenantId));
  return {
    tenantId,
    links,
    waiting: unlinked.waiting,
    findings: [...findings, ...unlinked.findings, ...vanished].slice(0, mostFindings),
  };
}
