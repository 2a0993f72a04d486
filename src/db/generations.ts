import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/** The next `count` generations, ascending: one sequence for the whole installation, no number twice (law 2). */
export async function takeGenerations(tx: Tx, count: number): Promise<bigint[]> {
  const { rows } = await sql<{
    g: bigint;
  }>`select nextval('access_generation') as g from generate_series(1, ${count})`.execute(tx);
  return rows.map((row) => row.g).sort((a, b) => (a < b ? -1 : 1));
}

export async function takeGeneration(tx: Tx): Promise<bigint> {
  const [generation] = await takeGenerations(tx, 1);
  if (generation === undefined) throw new Error('The sequence of generations gave nothing.');
  return generation;
}
