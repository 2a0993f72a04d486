import { created, type Handler, jsonOf } from '../http/call.ts';
import { rowOf } from '../http/fields.ts';
import { Refused, required } from '../http/refused.ts';
import { statusColumns } from '../world/status.ts';
import { tracked } from '../world/tracking.ts';
import { statusDeltas } from './change.ts';
import { type Errors, echoNotes, notesOf, readStatus } from './lines.ts';

/** `items` are bare numbers here, and the key of the notes is `note`. */
export const changeStatus: Handler = (world, call) => {
  const body = jsonOf(call);
  const errors: Errors = {};
  const raws: readonly unknown[] = Array.isArray(body.items) ? body.items : [];
  const found = raws.map((raw) => rowOf(world.items, raw));
  const wrong = found.flatMap((one) => ('error' in one ? [one.error] : []));
  if (body.items === undefined) errors.items = [required];
  else if (raws.length === 0) errors.items = ['This list may not be empty.'];
  else if (wrong.length > 0) errors.items = wrong;
  const status = readStatus(world, body.status, errors);
  if (body.status === undefined) errors.status = [required];
  if (Object.keys(errors).length > 0) throw new Refused(400, errors);
  return {
    write: (work) => {
      for (const one of found) {
        if (!('row' in one) || status === null || one.row.customStatus === status) continue;
        const saved = work.save({ ...one.row, ...statusColumns(world.customStatuses, status) });
        work.track(saved, tracked.edited, statusDeltas(world, one.row, status), notesOf(body, 'note'));
      }
      return () => created({ items: body.items, status, ...echoNotes(body, 'note') });
    },
  };
};
