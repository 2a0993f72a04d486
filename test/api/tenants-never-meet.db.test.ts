import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asker, type Told } from './ask.ts';
import { isPublic, type Operation } from './operations.ts';
import { requestOf } from './recipe.ts';
import { prepared, recipes } from './recipes.ts';
import { openStage, type Stage } from './stage.ts';
import { swapIds } from './swap-ids.ts';
import type { Kind, Tenant } from './tenant.ts';

let stage: Stage;
let a: Tenant;
let b: Tenant;

beforeAll(async () => {
  stage = await openStage('a', 'b');
  [a, b] = stage.tenants as [Tenant, Tenant];
}, 180_000);
afterAll(() => stage?.close());

/** An id of the same form that nobody has. */
const missing = (_kind: Kind, id: string): string => (/^\d+$/.test(id) ? '999999999999999' : randomUUID());
/** Ids that name no row: a tenant's own name and a username may be asked for by anybody, and are found by nobody. */
const isRow = (kind: Kind): boolean => kind !== 'username';

const seen = ({ status, text }: Told, id: string): string => `${status} ${text.replaceAll(id, '<id>')}`;

type Crossing = { readonly what: string; readonly theirs: Told; readonly nobodys: Told; readonly same: boolean };

/** Each id of a tenant's good request, replaced by the other tenant's and by one that does not exist. */
async function crossings(mine: Tenant, other: Tenant, operation: Operation): Promise<readonly Crossing[]> {
  const { parts, ask } = await prepared(operation, mine);
  const crossed: Crossing[] = [];
  const theirsFor = (kind: Kind): string | undefined => (isRow(kind) ? other.things.get(kind) : undefined);
  const none = swapIds(mine, parts, (kind, id) => (isRow(kind) ? missing(kind, id) : undefined));
  for (const swapped of swapIds(mine, parts, theirsFor)) {
    const twin = none.find(({ where }) => where === swapped.where);
    if (!twin) continue;
    const theirs = await ask(requestOf(operation, swapped.parts));
    const nobodys = await ask(requestOf(operation, twin.parts));
    const theirId = other.the(swapped.kind);
    const noId = [...JSON.stringify(twin.parts).matchAll(/[0-9a-f-]{36}|999999999999999/g)];
    const blank = noId.reduce((told, [id]) => told.replaceAll(id, '<id>'), seen(nobodys, '<id>'));
    crossed.push({
      what: `${operation.at} ${swapped.where}`,
      theirs,
      nobodys,
      same: seen(theirs, theirId) === blank,
    });
  }
  return crossed;
}

describe('two tenants on one hub', { timeout: 300_000 }, () => {
  it('SEC-2: an id of the other tenant, anywhere in any request, is answered like one that nobody has', async () => {
    const faults: string[] = [];
    let tried = 0;
    for (const [mine, other] of [
      [a, b],
      [b, a],
    ] as const) {
      for (const operation of stage.callable.filter(({ at }) => recipes[at]?.as !== 'platform_owner')) {
        for (const { what, theirs, nobodys, same } of await crossings(mine, other, operation)) {
          tried += 1;
          const isRefused = [400, 403, 404].includes(theirs.status) || isNothing(theirs);
          if (!same || !isRefused)
            faults.push(`${what}: ${theirs.status} ${theirs.text} ≠ ${nobodys.status} ${nobodys.text}`);
          if (theirs.text.includes(other.canary)) faults.push(`${what}: shows ${theirs.text}`);
        }
      }
    }
    expect(faults).toEqual([]);
    expect(tried).toBeGreaterThan(30);
  });

  it('SEC-2: no list, search or single answer of one tenant holds the other’s canary', async () => {
    for (const [mine, other] of [
      [a, b],
      [b, a],
    ] as const) {
      for (const operation of stage.callable.filter(({ method }) => method === 'get')) {
        if (recipes[operation.at]?.as === 'platform_owner') continue;
        const { parts } = await prepared(operation, mine);
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
      const { parts } = await prepared(operation, a);
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

/**
 * A filter by an id that is not the tenant's finds nothing, and a range of it does nothing; that is an answer, and the
 * same one as for nobody's.
 */
function isNothing({ status, json }: Told): boolean {
  const { data, replayed, retried } = Object(json);
  return status === 200 && ((Array.isArray(data) && data.length === 0) || replayed === 0 || retried === 0);
}
