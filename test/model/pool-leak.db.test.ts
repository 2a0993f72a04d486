import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openDatabase } from '#db/database.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';

const tenants = [randomUUID(), randomUUID()] as const;
const connections = 4;

let bridge: TestBridge;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  for (const id of tenants) {
    await bridge.look('insert into tenants (id, name, subdomain, data_key) values ($1, $2, $2, $3)', [
      id,
      `t${id}`,
      '-',
    ]);
    for (const name of ['one', 'two', 'three']) {
      await bridge.look('insert into counters (tenant_id, name, value) values ($1, $2, 0)', [id, name]);
    }
  }
});
afterAll(() => bridge.close());

type Seen = { readonly tenant_id: string };
class GivenUp extends Error {}

/** Has `count` operations under way at a time, `together` of them; answers what `work` says of each. */
async function interleaved<T>(count: number, together: number, work: (n: number) => Promise<T>): Promise<readonly T[]> {
  const answers: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) answers.push(await work(next++));
  };
  await Promise.all(Array.from({ length: together }, worker));
  return answers;
}

const own = sql<Seen>`select tenant_id from counters`;

describe('connections that tenants share', () => {
  it('SEC-4: of 5,000 interleaved operations of two tenants none sees or writes what is the other’s', async () => {
    const db = openDatabase(bridge.url, connections);
    const operations = [
      (id: string) => db.tenant(id, async (tx) => (await own.execute(tx)).rows),
      (id: string) => db.worker(id, async (tx) => (await own.execute(tx)).rows),
      (id: string) => db.look(id, async (tx) => (await own.execute(tx)).rows),
      // Statements that do not wait for each other.
      (id: string) =>
        db.tenant(id, async (tx) =>
          (await Promise.all([own.execute(tx), own.execute(tx)])).flatMap(({ rows }) => rows),
        ),
      // Writes without naming the tenant.
      (id: string) =>
        db.tenant(id, async (tx) => {
          await sql`update counters set value = value + 1`.execute(tx);
          return (await own.execute(tx)).rows;
        }),
      // Ends badly: what it set must end with it.
      async (id: string) => {
        const rows: Seen[] = [];
        const work = db.tenant(id, async (tx) => {
          rows.push(...(await own.execute(tx)).rows);
          throw new GivenUp();
        });
        await expect(work).rejects.toBeInstanceOf(GivenUp);
        return rows;
      },
    ];
    const turn = (n: number): number => Math.floor(n / 2) % operations.length;
    try {
      const wrong = await interleaved(5_000, 16, async (n) => {
        const id = tenants[n % 2] ?? '';
        const rows = (await operations[turn(n)]?.(id)) ?? [];
        return rows.length % 3 !== 0 || rows.length === 0 || rows.some(({ tenant_id }) => tenant_id !== id);
      });
      expect(wrong).toHaveLength(5_000);
      expect(wrong.filter(Boolean)).toHaveLength(0);
      const values = await bridge.look<{ value: string }>('select distinct value::text from counters');
      // Each tenant's counters were raised by its own operations alone.
      const writes = Array.from({ length: 5_000 }, (_, n) => n).filter((n) => turn(n) === 4);
      expect(values).toEqual([{ value: String(writes.filter((n) => n % 2 === 0).length) }]);
    } finally {
      await db.close();
    }
  });

  it('SEC-4: without a tenant there are no rows, whoever used the connection before', async () => {
    const db = openDatabase(bridge.url, connections);
    try {
      const seen = await interleaved(400, 16, async (n) => {
        const id = n % 2 === 0 ? (tenants[(n / 2) % 2] ?? '') : '';
        return { id, rows: (await db.tenant(id, (tx) => own.execute(tx))).rows.length };
      });
      for (const { id, rows } of seen) expect(rows).toBe(id === '' ? 0 : 3);
    } finally {
      await db.close();
    }
  });

  it('SEC-4: control: a tenant that is set for the session, not the transaction, is seen by the next', async () => {
    const pool = new pg.Pool({ connectionString: bridge.url, options: '-c role=hub_app', max: connections });
    // Dropping the database may overtake a connection's end.
    pool.on('connect', (client) => client.on('error', () => undefined));
    const broken = async (id: string): Promise<readonly Seen[]> => {
      if (id !== '') await pool.query(`select set_config('app.tenant_id', $1, false)`, [id]);
      return (await pool.query<Seen>('select tenant_id from counters')).rows;
    };
    try {
      const wrong = await interleaved(200, 16, async (n) => {
        const id = ['', ...tenants][n % 3] ?? '';
        const rows = await broken(id);
        return rows.some(({ tenant_id }) => tenant_id !== id);
      });
      expect(wrong.filter(Boolean).length).toBeGreaterThan(0);
    } finally {
      await pool.end();
    }
  });
});
