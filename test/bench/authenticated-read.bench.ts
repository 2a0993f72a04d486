/**
 * What an authenticated read costs: GET /auth/me through the whole door (limits, token, user, permission, one look into
 * the bridge), at 50 connections, beside a bare JSON answer of the same size from Hono on the same server. Rounds alternate.
 */
import { Hono } from 'hono';
import { listen } from '#http/server.ts';
import type { RouteEnv } from '#platform/routing.ts';
import { median, printFigure, quantile } from './figures.ts';
import { openIdentityDoor } from './identity/door.ts';
import type { Repeat, Repeated } from './identity/repeat.ts';
import { rawRequest } from './identity/request.ts';
import { startLoad } from './load-process.ts';
import { withThrowAway } from './throw-away.ts';

const rounds = 7;
const times = 3_000;
const connections = 50;

type Measured = { readonly perSecond: number; readonly p50Ms: number; readonly p99Ms: number };

await withThrowAway(async (place) => {
  const { room, listening, login } = await openIdentityDoor(place);
  const { body } = await room.send('POST', 'auth/login', { body: login });
  const token = String(body.access_token);
  const me = (await room.send('GET', 'auth/me', { token })).body;
  const bare = new Hono<RouteEnv>();
  bare.get('/bare', (c) => c.json(me));
  const floor = place.keep(await listen(bare, { host: '127.0.0.1', port: 0 }), (it) => it.close());
  const load = place.keep(startLoad<Repeat, Repeated>(new URL('./identity/repeat.ts', import.meta.url)), (it) =>
    it.stop(),
  );

  async function measure(port: number, request: string): Promise<Measured> {
    const { elapsedMs, latenciesMs, statuses } = await load.play({ port, request, times, connections });
    if (statuses[200] !== times) throw new Error(`not all were 200: ${JSON.stringify(statuses)}`);
    return {
      perSecond: (times / elapsedMs) * 1_000,
      p50Ms: quantile(latenciesMs, 0.5),
      p99Ms: quantile(latenciesMs, 0.99),
    };
  }
  const read = () => measure(listening.port, rawRequest('GET', '/api/v1/auth/me', { token }));
  const answer = () => measure(floor.port, rawRequest('GET', '/bare'));

  await read();
  await answer();
  const ours: Measured[] = [];
  const theirs: Measured[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await read());
    theirs.push(await answer());
  }
  const middle = (of: readonly Measured[], what: keyof Measured): number => median(of.map((one) => one[what]));
  for (const [name, unit, what] of [
    ['rate', 'requests/s', 'perSecond'],
    ['p50', 'ms', 'p50Ms'],
    ['p99', 'ms', 'p99Ms'],
  ] as const) {
    printFigure({ name: `authenticated-read-${name}`, unit, value: middle(ours, what), floor: middle(theirs, what) });
  }
});
