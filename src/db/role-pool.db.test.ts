import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Tx } from '#db/database.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';

const tenantId = '11111111-0000-4000-8000-000000000000';
const fails = (tx: Tx) => sql`select 1 / 0`.execute(tx);

let bridge: TestBridge;
beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'), 2);
  await bridge.look('create table noted (n integer); grant all on noted to hub_worker, hub_app');
});
afterAll(() => bridge.close());

const note = (tx: Tx, n: number) => sql`insert into noted values (${n})`.execute(tx);
const noted = async (): Promise<number[]> =>
  (await bridge.look<{ n: number }>('select n from noted')).map(({ n }) => n);

describe('a transaction on the bridge', () => {
  it('statements that are begun together run in that order', async () => {
    const numbers = Array.from({ length: 50 }, (_, i) => i);
    await bridge.db.worker(tenantId, (tx) => Promise.all(numbers.map((n) => note(tx, n))));
    expect(await noted()).toEqual(numbers);
  });

  it('of statements that are begun together one that fails undoes all, and says why', async () => {
    const before = await noted();
    const work = bridge.db.worker(tenantId, (tx) => Promise.all([note(tx, 101), fails(tx), note(tx, 102)]));
    await expect(work).rejects.toThrow('division by zero');
    expect(await noted()).toEqual(before);
  });

  it('a statement that nobody waited for and that failed is not taken for done', async () => {
    let unheard: Promise<unknown> = Promise.resolve();
    const work = bridge.db.worker(tenantId, async (tx) => {
      unheard = fails(tx).catch(() => undefined);
      return 'done';
    });
    await expect(work).rejects.toThrow('rolled back');
    await unheard;
  });

  it('what travels with the commit and comes too late for another has all of it run again', async () => {
    let tries = 0;
    const late = sql`do $$ begin raise exception 'another was quicker' using errcode = '40001'; end $$`;
    await bridge.db.worker(tenantId, async (tx) => {
      tries += 1;
      await note(tx, 150 + tries);
      if (tries === 1) late.execute(tx).catch(() => undefined);
    });
    expect([tries, (await noted()).filter((n) => n > 150 && n < 200)]).toEqual([2, [152]]);
  });

  it('SEC-1: who keeps a transaction beyond its end gets nothing through it', async () => {
    const kept: Tx[] = [];
    for (const door of [bridge.db.worker, bridge.db.look])
      await door(tenantId, async (tx) => {
        kept.push(tx);
      });
    await bridge.db.claim(async (tx) => {
      kept.push(tx);
      await sql`select 1`.execute(tx);
    });
    for (const tx of kept) await expect(sql`select 1`.execute(tx)).rejects.toThrow('has ended');
    expect(kept).toHaveLength(3);
  });

  it('SEC-1: only an id names a tenant, and it is gone with its transaction', async () => {
    await expect(bridge.db.worker("'; drop table noted; --", (tx) => note(tx, 1))).rejects.toThrow('UUID');
    const tenantOf = async (tx: Tx): Promise<string | null> =>
      (await sql<{ id: string | null }>`select current_setting('app.tenant_id', true) as id`.execute(tx)).rows[0]?.id ??
      null;
    for (const door of [bridge.db.worker, bridge.db.look]) expect(await door(tenantId, tenantOf)).toBe(tenantId);
    for (let i = 0; i < 4; i++) expect((await bridge.db.claims(tenantOf)) || null).toBeNull();
    for (let i = 0; i < 4; i++) expect((await bridge.db.claim(tenantOf)) || null).toBeNull();
  });

  it('who only looks writes nothing', async () => {
    await expect(bridge.db.look(tenantId, (tx) => note(tx, 1))).rejects.toThrow('read-only transaction');
  });

  it('a connection that breaks in the middle fails its transaction, and the next one has another', async () => {
    const broken = bridge.db.worker(tenantId, async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
      await bridge.look('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await new Promise((over) => setTimeout(over, 50));
      await note(tx, 301);
    });
    await expect(broken).rejects.toThrow();
    await bridge.db.worker(tenantId, (tx) => note(tx, 302));
    expect((await noted()).filter((n) => n > 300)).toEqual([302]);
  });

  it('one statement is one statement', async () => {
    const two = bridge.db.claim(async (tx) => {
      await note(tx, 201);
      await note(tx, 202);
    });
    await expect(two).rejects.toThrow('one statement only');
  });

  it('a kept statement is planned once, for a list of one as well', async () => {
    const listed = (tx: Tx, n: number) => sql`select n from noted where n = any(${[n]}::int[])`.execute(tx);
    const plans = async (tx: Tx): Promise<unknown> => {
      for (let n = 0; n < 8; n++) await listed(tx, n);
      const { rows } = await sql`
        select generic_plans::int as generic, custom_plans::int as custom from pg_prepared_statements
        where statement like 'select n from noted where n = any%'`.execute(tx);
      return rows;
    };
    expect(await bridge.db.worker(tenantId, plans)).toEqual([{ generic: 8, custom: 0 }]);
    expect(await bridge.db.tenant(tenantId, plans, true)).toEqual([{ generic: 8, custom: 0 }]);
    // What a person's request asks for differs each time, and is planned for what it asks.
    const { rows } = await bridge.db.tenant(tenantId, (tx) =>
      sql`select current_setting('plan_cache_mode') as mode`.execute(tx),
    );
    expect(rows).toEqual([{ mode: 'auto' }]);
  });

  it('a table that a migration changes under kept statements is read all the same', async () => {
    const read = (tx: Tx) => sql`select * from noted where n = 201`.execute(tx);
    for (let i = 0; i < 8; i++) await bridge.db.worker(tenantId, read);
    await bridge.look('alter table noted add column text text');
    for (let i = 0; i < 8; i++) {
      const { rows } = await bridge.db.worker(tenantId, read);
      expect(rows).toEqual([{ n: 201, text: null }]);
    }
  });
});
