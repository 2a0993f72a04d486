import { sql } from 'kysely';
import type { RadiusDatabase } from './database.ts';

/** The highest generation that any fence has seen; 0 where the hub never wrote. */
export async function highestGeneration({ connection }: RadiusDatabase): Promise<bigint> {
  const { rows } = await sql<{ gen: string | number | bigint | null }>`select max(gen) as gen from hub_fence`.execute(
    connection,
  );
  return BigInt(rows[0]?.gen ?? 0);
}
