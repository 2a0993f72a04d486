import { created, type Handler, jsonOf } from '../http/call.ts';
import { destinationOf } from '../http/fields.ts';
import { isInStock, statusColumns } from '../world/status.ts';
import { tracked } from '../world/tracking.ts';
import type { Work } from '../world/work.ts';
import type { World } from '../world/world.ts';
import { moved, seen, splitOff, statusDeltas } from './change.ts';
import { type Errors, echo, echoNotes, type Line, notesOf, readLines, refuseIf } from './lines.ts';

/** What it refuses is what counts as in stock: a unit that lies in a bag and is quarantined can be "returned" too. */
export const returnToStock: Handler = (world, call) => {
  const body = jsonOf(call);
  const errors: Errors = {};
  const refuses: NonNullable<Parameters<typeof readLines>[2]['refuses']> = (item) =>
    isInStock(item) ? 'Stock item is already in stock' : null;
  const lines = readLines(world, body, { refuses }, errors);
  const to = destinationOf(world, body.location);
  if ('error' in to) errors.location = [to.error];
  refuseIf(errors, lines);
  return {
    write: (work) => {
      const location = Number(body.location);
      for (const line of lines) returnLine(world, work, line, { location, notes: notesOf(body) });
      return () => created({ items: echo(world, lines), ...echoNotes(body), location, merge: false });
    },
  };
};

function returnLine(
  world: World,
  work: Work,
  line: Line,
  to: { readonly location: number; readonly notes: string },
): void {
  const item = seen(world, work, line.item);
  if (line.quantity < item.quantity) {
    if (item.serial === null) splitOff(world, work, { ...line, item }, to);
    return;
  }
  const isOther = line.status !== null && line.status !== item.customStatus;
  const status = isOther && line.status !== null ? statusDeltas(world, item, line.status) : {};
  const from = world.companies.get(item.customer ?? 0);
  const saved = work.save({
    ...item,
    location: to.location,
    customer: null,
    ...(isOther && line.status !== null ? statusColumns(world.customStatuses, line.status) : {}),
  });
  // The new status has a row of its own, to which nobody gives the notes.
  if (isOther) work.track(saved, tracked.edited, status, '');
  const deltas = {
    location: to.location,
    ...(from ? { customer: from.pk, customer_name: from.name } : {}),
    ...moved(world, line.quantity),
    ...status,
  };
  work.track(saved, tracked.returned, deltas, to.notes);
  work.event('stockitem.returnedtostock', { id: item.pk });
}
