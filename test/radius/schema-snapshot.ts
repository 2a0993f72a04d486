import { type RawBuilder, sql } from 'kysely';
import type { RadiusDatabase } from './radius-database.ts';

/** The runner's own bookkeeping is no part of what a migration makes. */
const notBookkeeping = sql`table_name NOT LIKE 'hub_migration%'`;

const mysqlQueries: readonly RawBuilder<unknown>[] = [
  sql`SELECT table_name AS t, column_name AS c, column_type AS k, is_nullable AS n, column_default AS d, extra AS x,
      collation_name AS o
    FROM information_schema.columns WHERE table_schema = DATABASE() AND ${notBookkeeping}`,
  sql`SELECT table_name AS t, index_name AS i, seq_in_index AS s, column_name AS c, non_unique AS u, sub_part AS p
    FROM information_schema.statistics WHERE table_schema = DATABASE() AND ${notBookkeeping}`,
  sql`SELECT table_name AS t, constraint_name AS c, constraint_type AS k
    FROM information_schema.table_constraints WHERE table_schema = DATABASE() AND ${notBookkeeping}`,
];

const postgresQueries: readonly RawBuilder<unknown>[] = [
  sql`SELECT table_name AS t, column_name AS c, data_type AS k, is_nullable AS n, column_default AS d,
      character_maximum_length AS m, datetime_precision AS p, collation_name AS o
    FROM information_schema.columns WHERE table_schema = 'public' AND ${notBookkeeping}`,
  sql`SELECT tablename AS t, indexdef AS i FROM pg_indexes
    WHERE schemaname = 'public' AND tablename NOT LIKE 'hub_migration%'`,
  sql`SELECT conrelid::regclass AS t, conname AS c, pg_get_constraintdef(oid) AS d FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE 'hub_migration%'`,
  sql`SELECT sequencename AS s FROM pg_sequences WHERE schemaname = 'public'`,
];

/** All columns, indexes and constraints as sorted lines: equal lists are equal schemas. */
export async function schemaSnapshot(database: RadiusDatabase): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const query of database.flavor === 'mysql' ? mysqlQueries : postgresQueries) {
    for (const row of await database.rows(query)) lines.push(JSON.stringify(row));
  }
  return lines.sort();
}
