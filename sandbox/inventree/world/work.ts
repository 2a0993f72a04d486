import { Refused } from '../http/refused.ts';
import type { Json, StockItem, TrackRow, User } from './rows.ts';
import type { World } from './world.ts';

export type PluginEvent = { readonly event: string; readonly kwargs: Json };

/**
 * What one request writes: seen by others when it is committed, all or nothing. Nothing in it asks whether somebody else has
 * written in between.
 */
export type Work = {
  readonly user: User;
  /** As it is now, with what this very request has written. */
  item(pk: number): StockItem | undefined;
  /** Puts the whole row in place, whatever is there. */
  save(item: StockItem): StockItem;
  /** A new row as it is, without what saving one does to it. */
  insert(item: StockItem): void;
  remove(pk: number): void;
  track(item: StockItem, type: number, deltas: Json, notes: string): void;
  event(event: string, kwargs: Json): void;
  /** Whatever else is to happen with the commit. */
  also(effect: () => void): void;
  /** Throws `Refused`, having written nothing. */
  commit(): readonly PluginEvent[];
};

/** Characters that the column for notes holds. */
const notesAtMost = 512;

export function beginWork(world: World, user: User, path: string): Work {
  const staged = new Map<number, StockItem | null>();
  const effects: (() => void)[] = [];
  const rows: TrackRow[] = [];
  const events: PluginEvent[] = [];
  const track = (item: StockItem, type: number, deltas: Json, notes: string): void => {
    if (notes.length > notesAtMost) throw databaseError(path);
    const part = path.endsWith('/change_status/') ? null : item.part;
    const pk = world.next('track');
    rows.push({ pk, item: item.pk, part, at: world.now(), type, deltas, notes, user: user.pk });
    events.push({ event: 'stock_stockitemtracking.created', kwargs: { id: pk, model: 'StockItemTracking' } });
  };
  return {
    user,
    item: (pk) => (staged.has(pk) ? (staged.get(pk) ?? undefined) : world.items.get(pk)),
    save: (item) => {
      // A single unit is never deleted for being used up; the flag goes at its first save.
      const saved = { ...item, updatedAt: world.now(), ...(item.serial === null ? {} : { deleteOnDeplete: false }) };
      staged.set(item.pk, saved);
      events.push({ event: 'stock_stockitem.saved', kwargs: { id: item.pk, model: 'StockItem' } });
      return saved;
    },
    insert: (item) => void staged.set(item.pk, item),
    remove: (pk) => {
      staged.set(pk, null);
      events.push({ event: 'stock_stockitem.deleted', kwargs: { id: pk, model: 'StockItem' } });
    },
    track,
    event: (event, kwargs) => void events.push({ event, kwargs }),
    also: (effect) => void effects.push(effect),
    commit: () => {
      for (const [pk, item] of staged) putItem(world, pk, item);
      for (const effect of effects) effect();
      for (const row of rows) if (staged.get(row.item ?? 0) !== null) world.tracks.set(row.pk, row);
      return events;
    },
  };
}

function putItem(world: World, pk: number, item: StockItem | null): void {
  if (item) return void world.items.set(pk, item);
  world.items.delete(pk);
  world.tags.delete(pk);
  for (const row of [...world.tracks.values()].filter((one) => one.item === pk)) {
    // Up to 1.1 an item's history goes with it; later it stays, of nothing.
    if (world.apiVersion < 422) world.tracks.delete(row.pk);
    else world.tracks.set(row.pk, { ...row, item: null });
  }
}

const databaseError = (path: string): Refused =>
  new Refused(500, {
    error: 'DataError',
    error_class: "<class 'django.db.utils.DataError'>",
    detail: 'Error details can be found in the admin panel',
    path,
    status_code: 500,
  });
