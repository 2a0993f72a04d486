import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { noHash, ofChain } from './chain.ts';

/** Where a chain begins: after link `seq`, whose hash was `hash`. Entries from before `entriesBefore` went with their month. */
export type ChainBase = {
  readonly seq: bigint;
  readonly hash: Buffer;
  readonly entriesBefore: Date;
  /** Entries went that had to be kept (spec V4: a year at least). */
  readonly isYoung: boolean;
};

const whole: ChainBase = { seq: 0n, hash: noHash, entriesBefore: new Date(0), isYoung: false };

/** What nothing was dropped of begins at its first link. */
export async function readBase(tx: Tx, tenantId: string | null): Promise<ChainBase> {
  const { rows } = await sql<ChainBase>`
    select seq, hash, entries_before as "entriesBefore", entries_before > now() - interval '365 days' as "isYoung"
    from audit_bases where ${ofChain('tenant_id', tenantId)}`.execute(tx);
  return rows[0] ?? whole;
}
