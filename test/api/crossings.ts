import { randomUUID } from 'node:crypto';
import type { Ask, Told } from './ask.ts';
import type { Operation } from './operations.ts';
import { requestOf } from './recipe.ts';
import { preparedOnce } from './recipes.ts';
import { swapIds } from './swap-ids.ts';
import type { Kind, Tenant } from './tenant.ts';

/** An id of the same form that nobody has. */
const missing = (_kind: Kind, id: string): string => (/^\d+$/.test(id) ? '999999999999999' : randomUUID());
/** Ids that name no row: a tenant's own name and a username may be asked for by anybody, and are found by nobody. */
const isRow = (kind: Kind): boolean => kind !== 'username';

const seen = ({ status, text }: Told, id: string): string => `${status} ${text.replaceAll(id, '<id>')}`;

type Crossing = { readonly what: string; readonly theirs: Told; readonly nobodys: Told; readonly same: boolean };

/**
 * Each id of a tenant's good request, replaced by the other tenant's and by one that does not exist; asked by `by`, left out:
 * by whom the recipe names.
 */
export async function crossings(
  mine: Tenant,
  other: Tenant,
  operation: Operation,
  by?: Ask,
): Promise<readonly Crossing[]> {
  const { parts, ask: usual } = await preparedOnce(operation, mine);
  const ask = by ?? usual;
  const crossed: Crossing[] = [];
  // What both have is no other's: two resellers sell the same plans.
  const theirsFor = (kind: Kind): string | undefined =>
    isRow(kind) && other.things.get(kind) !== mine.things.get(kind) ? other.things.get(kind) : undefined;
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

/**
 * A filter by an id that is not the tenant's finds nothing, and a range of it does nothing; that is an answer, and the
 * same one as for nobody's.
 */
function isNothing({ status, json }: Told): boolean {
  const { data, replayed, retried } = Object(json);
  return status === 200 && ((Array.isArray(data) && data.length === 0) || replayed === 0 || retried === 0);
}

/** What is wrong with how the other's id was answered, in words. */
export function faultsOf({ what, theirs, nobodys, same }: Crossing, other: Tenant): readonly string[] {
  const isRefused = [400, 403, 404].includes(theirs.status) || isNothing(theirs);
  return [
    ...(same && isRefused ? [] : [`${what}: ${theirs.status} ${theirs.text} ≠ ${nobodys.status} ${nobodys.text}`]),
    ...(theirs.text.includes(other.canary) ? [`${what}: shows ${theirs.text}`] : []),
  ];
}
