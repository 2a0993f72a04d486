import { created, type Handler, jsonOf } from '../http/call.ts';
import { destinationOf } from '../http/fields.ts';
import { isHere, statusColumns } from '../world/status.ts';
import { tracked } from '../world/tracking.ts';
import type { Work } from '../world/work.ts';
import { isNewer, type World } from '../world/world.ts';
import { moved, seen, splitOff, statusDeltas } from './change.ts';
import { type Errors, echo, echoNotes, type Line, notesOf, readLines, refuseIf } from './lines.ts';

export const transfer: Handler = (world, call) => {
  const body = jsonOf(call);
  const errors: Errors = {};
  const isLoose = world.settings.get('STOCK_ALLOW_OUT_OF_STOCK_TRANSFER') === true;
  const lines = readLines(
    world,
    body,
    { refuses: (item) => (isLoose || isHere(item) ? null : 'Stock item is not in stock') },
    errors,
  );
  const to = destinationOf(world, body.location);
  if ('error' in to) errors.location = [to.error];
  refuseIf(errors, lines);
  return {
    write: (work) => {
      const location = Number(body.location);
      for (const line of lines) moveLine(world, work, line, { location, notes: notesOf(body) });
      return () => created({ items: echo(world, lines), ...echoNotes(body), location });
    },
  };
};

type Destination = { readonly location: number; readonly notes: string };

function moveLine(world: World, work: Work, line: Line, to: Destination): void {
  const item = seen(world, work, line.item);
  if (line.quantity < item.quantity) {
    // A part of a single unit is asked for: nothing happens, and nothing is said.
    if (item.serial === null) splitOff(world, work, { ...line, item }, to);
    return;
  }
  const isSame = item.location === to.location;
  const isSilent = isSame && !isNewer(world) && to.notes === '' && line.status === null;
  if (isSilent) return;
  const changesStatus = line.status !== null && line.status !== item.status;
  const deltas = {
    ...(isSame ? {} : { location: to.location }),
    ...moved(world, line.quantity),
    ...(changesStatus && line.status !== null ? statusDeltas(world, item, line.status) : {}),
    ...(line.batch === null ? {} : { batch: line.batch }),
    ...(line.packaging === null ? {} : { packaging: line.packaging }),
  };
  const saved = work.save({
    ...item,
    location: to.location,
    batch: line.batch ?? item.batch,
    packaging: line.packaging ?? item.packaging,
    ...(changesStatus && line.status !== null ? statusColumns(world.customStatuses, line.status) : {}),
  });
  work.track(saved, isSame ? tracked.updated : tracked.moved, deltas, to.notes);
  work.event('stockitem.moved', {
    id: item.pk,
    old_location: item.location,
    new_location: to.location,
    quantity: line.quantity.toFixed(5),
  });
}
