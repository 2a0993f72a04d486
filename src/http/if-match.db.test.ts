import { Hono, type MiddlewareHandler } from 'hono';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Database, openDatabase } from '#db/database.ts';
import { plansRoutes } from '#features/plans/routes.ts';
import { createLog } from '#platform/log.ts';
import type { RouteEnv } from '#platform/routing.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { admin } from '#test/features/room.ts';
import { meeting } from '#test/setup/meeting.ts';
import { createApp } from './app.ts';
import { entityTag } from './entity-tag.ts';
import { answerError } from './errors.ts';

let room: BridgeRoom;
let tenantId: string;
let databases: readonly Database[];
let processes: readonly Ask[];

type Ask = (method: string, path: string, body?: object, tag?: string) => Promise<Told>;
type Told = { readonly status: number; readonly tag: string; readonly body: Readonly<Record<string, unknown>> };

type Requested = { request(path: string, init: RequestInit): Response | Promise<Response> };
const asking =
  (app: Requested): Ask =>
  async (method, path, body, tag) => {
    const response = await app.request(path, {
      method,
      headers: { Authorization: 'Bearer x', 'Content-Type': 'application/json', ...(tag && { 'If-Match': tag }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      tag: response.headers.get('ETag') ?? '',
      body: text === '' ? {} : JSON.parse(text),
    };
  };

/** A process as far as a row's versions go: a door and pools of its own. */
const openProcess = (db: Database): Ask =>
  asking(
    createApp({
      config: { publicUrl: 'http://hub', corsOrigins: [], trustedProxies: [] },
      version: '0.1.0',
      log: createLog('silent'),
      metrics: new Registry(),
      receiver: async () => ({ accepted: false, why: 'bad_signature' }),
      readiness: async () => ({ ready: true, dependencies: {} }),
      authenticate: async () => ({ caller: admin(tenantId), subdomain: 'alpha' }),
      publicRoutes: [],
      routes: [{ path: '/', app: plansRoutes({ db }) }],
    }),
  );

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  tenantId = await room.addTenant();
  databases = [openDatabase(room.url, 6), openDatabase(room.url, 6)];
  processes = databases.map(openProcess);
});
afterAll(async () => {
  await Promise.all(databases.map((db) => db.close()));
  await room.close();
});

const plans = '/api/v1/service-plans';
let made = 0;
async function addPlan(ask: Ask, path = plans): Promise<string> {
  made += 1;
  const body = { name: `Paket ${made}`, speed_download: 10, speed_upload: 5, price: 1_000 };
  return `${path}/${(await ask('POST', path, body)).body.id}`;
}
const processOf = (n: number): Ask => {
  const ask = processes[n % processes.length];
  if (!ask) throw new Error('there is no process');
  return ask;
};

/** Adds one to a plan's price, as whoever reads before it writes does; answers how often it was refused. */
async function increment(ask: Ask, path: string, guarded: boolean): Promise<number> {
  for (let refused = 0; ; refused++) {
    const { tag, body } = await ask('GET', path);
    const told = await ask('PATCH', path, { price: Number(body.price) + 1 }, guarded ? tag : undefined);
    if (told.status === 200) return refused;
    expect([told.status, told.body.code]).toEqual([409, 'CONFLICT']);
  }
}
const priceOf = async (path: string): Promise<unknown> => (await processOf(0)('GET', path)).body.price;

describe('If-Match', () => {
  it('C4: of two processes that change one thing at once one wins, and the other is told', async () => {
    for (let round = 0; round < 10; round++) {
      const path = await addPlan(processOf(0));
      const { tag } = await processOf(0)('GET', path);
      const change = (n: number): Promise<Told> => processOf(n)('PATCH', path, { price: 2_000 + n }, tag);
      const told = await Promise.all([0, 1, 2, 3].map(change));
      expect(told.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
      expect(await priceOf(path)).toBe(2_000 + told.findIndex(({ status }) => status === 200));
    }
  });

  it('C4: no change is lost among many who read and write in both processes', async () => {
    const path = await addPlan(processOf(0));
    const writers = Array.from({ length: 6 }, (_, n) => n);
    const refused = await Promise.all(
      writers.map(async (n) => {
        let sum = 0;
        for (let i = 0; i < 5; i++) sum += await increment(processOf(n), path, true);
        return sum;
      }),
    );
    expect(await priceOf(path)).toBe(1_000 + writers.length * 5);
    expect(refused.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  });

  it('C4: a change without the header, between the look and the deed, is not undone either', async () => {
    const path = await addPlan(processOf(0));
    const client = await processOf(0)('GET', path);
    // Holds the row, so that the guarded change has looked before, and waits, when this one commits.
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const id = path.split('/').at(-1) ?? '';
    let isHeld = (): void => undefined;
    const holding = new Promise<void>((resolve) => {
      isHeld = resolve;
    });
    const plain = databases[1]?.tenant(tenantId, async (tx) => {
      await tx.updateTable('service_plans').set({ price: 5_000n }).where('id', '=', id).execute();
      isHeld();
      await held;
    });
    await holding;
    const guarded = processOf(0)('PATCH', path, { price: 9_000 }, client.tag);
    await waitingForLock();
    release();
    await plain;
    expect((await guarded).status).toBe(409);
    expect(await priceOf(path)).toBe(5_000);
  });

  it('control: a look before the deed alone, in each process for itself, loses a change', async () => {
    const barrier = meeting(2);
    const control = databases.map((db) => {
      const app = new Hono<RouteEnv>();
      app.onError(answerError(createLog('silent')));
      app.use(async (c, next) => {
        c.set('caller', admin(tenantId));
        c.set('correlationId', 'c-1');
        c.set('address', '192.0.2.1');
        await next();
      });
      const looking: MiddlewareHandler<RouteEnv> = async (c, next) => {
        const wanted = c.req.header('If-Match');
        if (wanted === undefined) return next();
        const tag = (await app.request(c.req.path)).headers.get('ETag');
        await barrier();
        if (tag !== wanted) return c.json({ code: 'CONFLICT' }, 409);
        return next();
      };
      app.use(looking, entityTag);
      app.route('/', plansRoutes({ db }));
      return asking(app);
    });
    const [first, second] = control;
    if (!first || !second) throw new Error('there are two processes');
    const path = await addPlan(first, '/service-plans');
    const { tag } = await first('GET', path);
    const told = await Promise.all([
      first('PATCH', path, { price: 2_001 }, tag),
      second('PATCH', path, { price: 2_002 }, tag),
    ]);
    expect(told.map(({ status }) => status)).toEqual([200, 200]);
  });
});

/** Until a statement waits for a lock in this database. */
async function waitingForLock(): Promise<void> {
  for (;;) {
    const waiting = await room.look(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (waiting.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
