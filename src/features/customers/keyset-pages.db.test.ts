import { CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Tables } from '#db/tables.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { writeCursor } from './cursor.ts';
import { type CustomerFilter, listCustomers } from './listing.ts';

let room: BridgeRoom;
let pool: pg.Pool;
let db: Kysely<Tables>;
let tenantId: string;
const asked: CompiledQuery[] = [];
const deep = 10_000;
const sorts = ['created_at', '-created_at', 'name', '-customer_code'] as const;
type Sort = (typeof sorts)[number];

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  tenantId = await room.addTenant();
  // Past the triggers: terms to search by and tallies are not what is looked at.
  await room.look('set session_replication_role = replica');
  await room.look(
    `insert into customers (tenant_id, customer_code, name, phone, address, created_at)
     select $1, 'CUST' || lpad(n::text, 6, '0'), 'Budi ' || md5(n::text), '-', '-', now() - n * interval '1 second'
     from generate_series(1, 12000) n`,
    [tenantId],
  );
  await room.look('reset session_replication_role');
  await room.look('vacuum analyze customers');
  pool = new pg.Pool({ connectionString: room.url, options: '-c role=hub_app', max: 1 });
  db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    log: ({ query }) => void (query.sql.startsWith('select') && asked.push(query)),
  });
});
afterAll(async () => {
  await db.destroy();
  await room.close();
});

type Plan = { readonly 'Shared Hit Blocks': number; readonly 'Shared Read Blocks': number };
type Explained = { readonly 'QUERY PLAN': readonly { readonly Plan: Plan }[] };

/** How many blocks PostgreSQL reads for a page, by EXPLAIN (ANALYZE, BUFFERS) of the very statements that fetch it. */
async function blocksOf(sort: Sort, at: { readonly cursor?: string; readonly page?: number }): Promise<number> {
  const { cursor, page = 1 } = at;
  const filter: CustomerFilter = { sort, page, page_size: 10, nationalIdIndex: null, ...(cursor && { cursor }) };
  const sight = { tenantId, resellerId: null, seesContact: true };
  return db.transaction().execute(async (tx) => {
    await tx.executeQuery(CompiledQuery.raw(`select set_config('app.tenant_id', '${tenantId}', true)`));
    asked.length = 0;
    const { rows } = await listCustomers(tx, sight, filter);
    expect(rows).toHaveLength(10);
    let blocks = 0;
    for (const { sql, parameters } of [...asked]) {
      const explain = CompiledQuery.raw(`explain (analyze, buffers, format json) ${sql}`, [...parameters]);
      const explained = await tx.executeQuery(explain as CompiledQuery<Explained>);
      const plan = explained.rows[0]?.['QUERY PLAN'][0]?.Plan;
      blocks += (plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0);
    }
    return blocks;
  });
}

/** The cursor behind the row at a depth, as the page before would have answered it. */
async function cursorAt(sort: Sort): Promise<string> {
  const column = sort.replace('-', '');
  const direction = sort.startsWith('-') ? 'desc' : 'asc';
  const [row] = await room.look<{ id: string }>(
    `select id from customers where tenant_id = $1 order by ${column} ${direction}, id ${direction} offset $2 limit 1`,
    [tenantId, deep - 1],
  );
  return writeCursor({ after: String(row?.id), sort, total: 12_000 });
}

describe('pages of customers by cursor', () => {
  it.each(sorts)('C4: by %s a page ten thousand rows down reads no more blocks than the first', async (sort) => {
    const first = await blocksOf(sort, {});
    const far = await blocksOf(sort, { cursor: await cursorAt(sort) });
    // The row that the cursor names is looked up, and the index is descended from its root: both do not grow.
    expect(far).toBeLessThanOrEqual(first + 20);
  });

  it('control: by number a page so far down reads what lies before it', async () => {
    const first = await blocksOf('created_at', {});
    expect(await blocksOf('created_at', { page: deep / 10 + 1 })).toBeGreaterThan(first + 100);
  });
});
