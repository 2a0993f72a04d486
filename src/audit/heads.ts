import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '#db/database.ts';
import type { KnownHeads } from './verify.ts';

/** How far a chain reached at a time. `tenant_id` null: the platform's own. */
export type Head = {
  readonly at: string;
  readonly tenant_id: string | null;
  readonly seq: string;
  readonly hash: string;
};

/** Where the scheduler writes heads down. */
export const headsFile = (dataDir: string): string => join(dataDir, 'audit-heads.jsonl');

const HeadLine = z.object({
  at: z.string(),
  tenant_id: z.string().nullable(),
  seq: z.string().regex(/^\d+$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** The last link of every chain that has one. */
export async function chainHeads(db: Database, now: number): Promise<readonly Head[]> {
  const { rows } = await db.gate((tx) =>
    sql<{ tenant_id: string | null; seq: string; hash: string }>`
      select t.id as tenant_id, h.seq::text as seq, encode(h.hash, 'hex') as hash
      from tenants t cross join lateral (
        select seq, hash from audit_chain c where c.tenant_id = t.id order by seq desc limit 1) h
      union all
      (select null, seq::text, encode(hash, 'hex') from audit_chain where tenant_id is null order by seq desc limit 1)`.execute(
      tx,
    ),
  );
  return rows.map((row) => ({ at: new Date(now).toISOString(), ...row }));
}

/** Appends heads to the file, a line of JSON each; made with its folder where it is missing. */
export async function writeHeads(file: string, heads: readonly Head[]): Promise<void> {
  if (heads.length === 0) return;
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, heads.map((head) => `${JSON.stringify(head)}\n`).join(''), { mode: 0o600 });
}

/** The heads of a file by chain; throws where a line is none, since half a file proves nothing. */
export async function readHeads(file: string): Promise<ReadonlyMap<string | null, KnownHeads>> {
  const chains = new Map<string | null, Map<bigint, string>>();
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  for (const line of lines) {
    const head = HeadLine.parse(JSON.parse(line));
    const chain = chains.get(head.tenant_id) ?? new Map<bigint, string>();
    chains.set(head.tenant_id, chain.set(BigInt(head.seq), head.hash));
  }
  return chains;
}
