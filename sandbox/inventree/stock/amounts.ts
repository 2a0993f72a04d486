import { created, type Handler, jsonOf } from '../http/call.ts';
import { tracked } from '../world/tracking.ts';
import type { Work } from '../world/work.ts';
import { isNewer, type World } from '../world/world.ts';
import { seen } from './change.ts';
import { type Errors, echo, echoNotes, type Line, type LineRules, notesOf, readLines, refuseIf } from './lines.ts';

type Effect = (world: World, work: Work, line: Line, notes: string) => void;

const adjustment =
  (rules: LineRules, effect: Effect, extra: (world: World) => object = () => ({})): Handler =>
  (world, call) => {
    const body = jsonOf(call);
    const errors: Errors = {};
    const lines = readLines(world, body, rules, errors);
    refuseIf(errors, lines);
    return {
      write: (work) => {
        for (const line of lines) effect(world, work, line, notesOf(body));
        const pkOf = ({ item }: Line): number | null => (world.items.has(item.pk) ? item.pk : null);
        return () => created({ items: echo(world, lines, pkOf), ...echoNotes(body), ...extra(world) });
      },
    };
  };

export const addStock: Handler = adjustment({}, (world, work, line, notes) => {
  const item = seen(world, work, line.item);
  if (item.serial !== null) return;
  const saved = work.save({ ...item, quantity: item.quantity + line.quantity });
  work.track(saved, tracked.added, { added: line.quantity, quantity: saved.quantity }, notes);
  work.event('stockitem.quantityupdated', { id: item.pk, quantity: saved.quantity.toFixed(5) });
});

/** More than there is may be taken: then the item is gone, if it is one that goes when it is used up. */
export const removeStock: Handler = adjustment({}, (world, work, line, notes) => {
  const item = seen(world, work, line.item);
  if (item.serial !== null) return;
  const quantity = Math.max(0, item.quantity - line.quantity);
  if (quantity === 0 && item.deleteOnDeplete) return work.remove(item.pk);
  const saved = work.save({ ...item, quantity });
  work.track(saved, tracked.removed, { removed: line.quantity, quantity }, notes);
  work.event('stockitem.quantityupdated', { id: item.pk, quantity: quantity.toFixed(5) });
});

/** A single unit stays one, whatever is counted; 1.5 leaves a row of it all the same. */
export const countStock: Handler = adjustment(
  { allowsZero: true },
  (world, work, line, notes) => {
    const item = seen(world, work, line.item);
    const isSingle = item.serial !== null;
    if (isSingle && !isNewer(world)) return;
    const quantity = isSingle ? item.quantity : line.quantity;
    if (quantity === 0 && item.deleteOnDeplete) return work.remove(item.pk);
    const saved = work.save({ ...item, quantity, countedAt: world.now() });
    work.track(saved, tracked.counted, { quantity }, notes);
    work.event('stockitem.counted', { id: item.pk, quantity: quantity.toFixed(5) });
  },
  (world) => (isNewer(world) ? { location: null } : {}),
);
