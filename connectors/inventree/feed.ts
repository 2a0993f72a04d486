import { ok, type Result } from '#domain/result.ts';
import type { AssetFailure, AssetFeed, TrackedAsset, TrackedMove, TrackedPage } from '#ports/asset-tracker/port.ts';
import type { InventreeClient } from './client.ts';
import type { CompanyNames } from './company-names.ts';
import { failed } from './failures.ts';
import { readHistory } from './history.ts';
import { operationIn, withDetails } from './look.ts';
import { stockPage, type TrackRow } from './shapes.ts';
import { assetOf } from './unit.ts';

const pageLength = 100;
/** Units that come and go while a walk goes on may hide one; more walks would not find it either. */
const mostPasses = 3;

const moveOf = (row: TrackRow): TrackedMove => ({
  no: row.pk,
  ref: row.item === null ? null : String(row.item),
  at: row.date.replace(' ', 'T'),
  what: row.label === '' ? `#${row.tracking_type}` : row.label,
  notes: row.notes,
  by: row.user_detail?.username ?? (row.user === null ? '' : `#${row.user}`),
  operationId: operationIn(row.notes),
});

type Page = TrackedPage<TrackedAsset>;

/** Every unit with a serial. Their order is not quite stable, so what was seen is counted, and walked again if it is short. */
function createWalk(client: InventreeClient, names: CompanyNames): AssetFeed['walk'] {
  let seen = new Set<number>();

  const nextOf = (pass: number, offset: number, count: number, rows: number): string | null => {
    if (rows > 0 && offset + pageLength < count) return `${pass}:${offset + pageLength}`;
    return seen.size < count && pass < mostPasses ? `${pass + 1}:0` : null;
  };

  return async (page) => {
    if (page === null) {
      seen = new Set();
      const loaded = await names.load();
      if (!loaded.ok && loaded.error.reason === 'unreachable') return failed(loaded.error);
    }
    const [pass = 1, offset = 0] = (page ?? '1:0').split(':').map(Number);
    const query = { ...withDetails, serialized: true, ordering: 'stock', limit: pageLength, offset };
    const answer = await client.get('/api/stock/', query, stockPage);
    if (!answer.ok) return failed(answer.error);
    const { results, count } = answer.value;
    const fresh = results.filter((row) => row.serial !== null && !seen.has(row.pk));
    const rows: TrackedAsset[] = [];
    for (const row of fresh) rows.push(assetOf(row, await names.of(row.customer)));
    for (const { pk } of results) seen.add(pk);
    return ok<Page>({ rows, next: nextOf(pass, offset, count, results.length) });
  };
}

/** What happens in InvenTree, whoever does it (spec A1). */
export function createInventreeFeed(client: InventreeClient, names: CompanyNames): AssetFeed {
  const history = readHistory(client);
  return {
    async movesAfter(mark): Promise<Result<{ moves: readonly TrackedMove[]; isMore: boolean }, AssetFailure>> {
      const found = await history(mark);
      if (!found.ok) return failed(found.error);
      return ok({ moves: found.value.rows.map(moveOf), isMore: found.value.isMore });
    },
    walk: createWalk(client, names),
  };
}
