import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asker } from './ask.ts';
import { crossings, faultsOf } from './crossings.ts';
import { isPublic } from './operations.ts';
import { requestOf } from './recipe.ts';
import { prepared, preparedOnce, recipes } from './recipes.ts';
import { rolesOf } from './role-matrix.ts';
import { openSeat, type Seat } from './seat.ts';
import { openStage, type Stage } from './stage.ts';
import type { Tenant } from './tenant.ts';

let stage: Stage;
let a: Tenant;
let b: Tenant;
/** Two resellers of the first tenant, and what the tenant has itself. */
let one: Seat;
let two: Seat;
let house: Seat;

/** Both ways at full length: the tenants are made alike, so that in every run of the tests one way shows the same. */
const ways = (): readonly (readonly [Tenant, Tenant])[] =>
  Number(process.env.JEMBATAN_FAULT_SCALE) < 1
    ? [[a, b]]
    : [
        [a, b],
        [b, a],
      ];

beforeAll(async () => {
  stage = await openStage('a', 'b');
  [a, b] = stage.tenants as [Tenant, Tenant];
  one = await openSeat(a, 'reseller');
  two = await openSeat(a, 'key');
  house = await openSeat(a, 'tenant');
}, 180_000);
afterAll(() => stage?.close());

describe('two tenants on one hub', { timeout: 300_000 }, () => {
  it('SEC-2: an id of the other tenant, anywhere in any request, is answered like one that nobody has', async () => {
    const faults: string[] = [];
    let tried = 0;
    for (const [mine, other] of ways()) {
      for (const operation of stage.callable.filter(({ at }) => recipes[at]?.as !== 'platform_owner')) {
        const crossed = await crossings(mine, other, operation);
        tried += crossed.length;
        faults.push(...crossed.flatMap((one) => faultsOf(one, other)));
      }
    }
    expect(faults).toEqual([]);
    expect(tried).toBeGreaterThan(30);
  });

  it('SEC-2: no list, search or single answer of one tenant holds the other’s canary', async () => {
    for (const [mine, other] of ways()) {
      for (const operation of stage.callable.filter(({ method }) => method === 'get')) {
        if (recipes[operation.at]?.as === 'platform_owner') continue;
        const { parts } = await preparedOnce(operation, mine);
        const asksFor = (operation.parameters ?? []).some(({ name }) => name === 'search');
        const told = [
          await mine.admin(requestOf(operation, parts)),
          ...(asksFor ? [await mine.admin(requestOf(operation, { ...parts, query: { search: other.canary } }))] : []),
        ];
        for (const { text } of told) expect(text, operation.at).not.toContain(other.canary);
      }
    }
  });

  it('SEC-2: without a token, with a broken one, or with one of another tenant and X-Tenant-ID, nothing is answered', async () => {
    const broken = asker(stage.hub.url, 'eyJhbGciOiJSUzI1NiJ9.e30.AAAA');
    for (const operation of stage.callable.filter((operation) => !isPublic(operation))) {
      const { parts } = await preparedOnce(operation, a);
      const request = requestOf(operation, parts);
      expect((await stage.nobody(request)).status, operation.at).toBe(401);
      expect((await broken(request)).status, operation.at).toBe(401);
      if (recipes[operation.at]?.as === 'platform_owner') continue;
      const contradicting = { ...request, headers: { ...request.headers, 'X-Tenant-ID': b.id } };
      expect((await a.admin(contradicting)).status, operation.at).toBe(403);
    }
  });

  it('SEC-2: no metric names a tenant or anything of its', async () => {
    const { text } = await stage.nobody({ method: 'GET', path: '/metrics' });
    for (const { canary, id, subdomain } of [a, b]) {
      for (const word of [canary, id, subdomain]) expect(text).not.toContain(word);
    }
  });
});

describe('two resellers of one tenant', { timeout: 300_000 }, () => {
  /** What a reseller may ask; what it does to its own account is nobody else's anyway. */
  const asked = () =>
    stage.callable.filter(
      (operation) => rolesOf(operation).includes('reseller') && operation['x-permission'] !== 'self:write',
    );

  it('SEC-2: an id of another reseller’s, or of the tenant’s own, is answered like one that nobody has', async () => {
    const faults: string[] = [];
    const tried = new Set<string>();
    for (const [mine, other] of [
      [one, two],
      [two, one],
      [one, house],
    ] as const) {
      for (const operation of asked()) {
        const crossed = await crossings(mine, other, operation, mine.ask);
        for (const { what } of crossed) tried.add(what);
        faults.push(...crossed.flatMap((one) => faultsOf(one, other)));
      }
    }
    expect(faults).toEqual([]);
    expect(tried.size).toBeGreaterThan(15);
    for (const known of [
      'get /api/v1/customers/{id}',
      'post /api/v1/reseller/payments',
      'post /api/v1/leads/{id}/convert',
    ]) {
      expect(
        [...tried].some((what) => what.startsWith(known)),
        known,
      ).toBe(true);
    }
  });

  it('control: asked by the tenant’s admin, the same ids are answered, so the question would find it', async () => {
    const operation = asked().find(({ at }) => at === 'get /api/v1/customers/{id}');
    if (!operation) throw new Error('nobody can ask for a customer');
    const crossed = await crossings(one, two, operation, a.admin);
    expect(crossed.flatMap((crossing) => faultsOf(crossing, two)).length).toBeGreaterThan(0);
  });

  it('SEC-2: no list, search or single answer of a reseller’s holds another’s canary, or the tenant’s customers', async () => {
    for (const mine of [one, two]) {
      const others = [one, two, house].filter((other) => other !== mine);
      for (const operation of asked().filter(({ method }) => method === 'get')) {
        const { parts } = await preparedOnce(operation, mine);
        const searched = (operation.parameters ?? []).some(({ name }) => name === 'search');
        const told = [
          await mine.ask(requestOf(operation, parts)),
          ...(searched
            ? await Promise.all(
                others.map((other) => mine.ask(requestOf(operation, { ...parts, query: { search: other.canary } }))),
              )
            : []),
        ];
        for (const { canary } of others) for (const { text } of told) expect(text, operation.at).not.toContain(canary);
        expect(told[0]?.status, operation.at).toBeLessThan(300);
      }
    }
  });

  it('SEC-19: nothing that a reseller writes lands with another one', async () => {
    const owned = await stage.hub.look<{ name: string }>(
      `select attrelid::regclass::text as name from pg_attribute join pg_class c on c.oid = attrelid
       where attname = 'reseller_id' and c.relkind in ('r', 'p') and not c.relispartition and not attisdropped order by 1`,
    );
    const counted = async () =>
      Promise.all(
        owned.map(({ name }) =>
          stage.hub.look(`select '${name}' as name, count(*)::int as n from ${name} where reseller_id = $1`, [
            two.resellerId,
          ]),
        ),
      );
    const before = await counted();
    for (const operation of asked().filter(({ method }) => method !== 'get')) {
      const { parts } = await prepared(operation, one);
      const body = { ...Object(parts.body), reseller_id: two.resellerId, tenant_id: b.id, id: two.resellerId };
      const { status, text } = await one.ask(requestOf(operation, { ...parts, body }));
      expect(status, `${operation.at} ${text}`).toBeLessThan(500);
    }
    expect(await counted()).toEqual(before);
  });
});
