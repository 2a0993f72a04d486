import { type Handler, ok } from '../http/call.ts';
import { flag, listed, matches } from '../http/page.ts';
import { noSuch } from '../http/refused.ts';
import { companyDetail } from '../places/companies.ts';
import { placeDetail } from '../places/place-view.ts';
import type { Json, TrackRow } from '../world/rows.ts';
import { trackLabels } from '../world/tracking.ts';
import { serverDay, serverTime, type World } from '../world/world.ts';

/** Newest first, unless the oldest are asked for; any other order that is asked for is silently that one too. */
export const listTracks: Handler = (world, call) => {
  const sign = call.query.get('ordering') === 'date' ? 1 : -1;
  const only = (name: string, value: number | null): boolean =>
    !call.query.has(name) || Number(call.query.get(name)) === value;
  const asksUser = flag(call, 'user_detail') === true;
  // Before API 450 these two were parameters like any that nobody knows.
  const knowsDates = world.apiVersion >= 450;
  const min = knowsDates ? (call.query.get('min_date') ?? '') : '';
  const max = knowsDates ? (call.query.get('max_date') ?? '9999') : '9999';
  const rows = [...world.tracks.values()]
    .filter((row) => only('item', row.item) && only('user', row.user) && matches(call, [row.notes]))
    .filter((row) => serverDay(world, row.at) >= min && serverDay(world, row.at) <= max)
    .sort((a, b) => sign * (a.at.getTime() - b.at.getTime() || a.pk - b.pk));
  return listed(call, rows, (row) => ({
    ...trackView(world, row),
    ...(asksUser ? { user_detail: userDetail(world, row) } : {}),
  }));
};

export const showTrack: Handler = (world, _call, _user, pk) => {
  const row = world.tracks.get(pk);
  if (!row) throw noSuch('StockItemTracking');
  return ok(trackView(world, row));
};

const trackView = (world: World, row: TrackRow): Json => ({
  pk: row.pk,
  item: row.item,
  ...(world.apiVersion >= 450 ? { part: row.part } : {}),
  date: serverTime(world, row.at),
  deltas: { ...row.deltas, ...detailsOf(world, row.deltas) },
  label: trackLabels.get(row.type) ?? '',
  notes: row.notes,
  tracking_type: row.type,
  user: row.user,
});

/** The rows that a change names, as they are now. */
function detailsOf(world: World, deltas: Json): Json {
  const place = world.places.get(Number(deltas.location));
  const company = world.companies.get(Number(deltas.customer));
  return {
    ...(place ? { location_detail: placeDetail(world, place) } : {}),
    ...(company ? { customer_detail: companyDetail(world, company) } : {}),
  };
}

function userDetail(world: World, row: TrackRow): Json | null {
  const user = world.users.get(row.user);
  return user ? { pk: user.pk, username: user.username, first_name: '', last_name: '', email: '' } : null;
}
