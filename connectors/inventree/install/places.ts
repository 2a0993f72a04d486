import type { z } from 'zod';
import { ok } from '#domain/result.ts';
import type { SetupStep } from '#ports/ledger/setup.ts';
import type { Asked, InventreeClient } from '../client.ts';
import { locationPage, locationRow } from '../shapes.ts';
import { readAll } from './read-all.ts';

type Place = z.infer<typeof locationRow>;

/** A place that the hub needs: what is chosen of it, and how it would be made. */
type Wanted = {
  readonly of: string;
  readonly setting: 'warehouse_location' | 'bag_location_parent';
  readonly name: string;
  /** In its description: by it the hub finds again what it made, whatever people call it since. */
  readonly sign: string;
  readonly structural: boolean;
};

export const warehouse: Wanted = {
  of: 'warehouse',
  setting: 'warehouse_location',
  name: 'Warehouse',
  sign: '[jembatan:warehouse]',
  structural: false,
};

export const bagParent: Wanted = {
  of: 'place of the bags',
  setting: 'bag_location_parent',
  name: 'Technician bags',
  sign: '[jembatan:bags]',
  structural: true,
};

/** `chosen`: the place to work with from now on; null: there is none. */
export type Furnished = { readonly step: SetupStep; readonly chosen: number | null };

const path = '/api/stock/location/';
const called = ({ name, pathstring, pk }: Place): string => `${pathstring ?? name} (${pk})`;

function judged(wanted: Wanted, place: Place | undefined, chosen: number): Furnished {
  const { of, setting } = wanted;
  const step = (state: SetupStep['state'], words: string): Furnished => ({ step: { of, state, words }, chosen });
  if (!place) {
    const words = `InvenTree has no location ${chosen} any more; what lay there lies in its parent: PUT connections/inventree with another ${setting}`;
    return step('todo', words);
  }
  if (place.structural === wanted.structural) return step('there', called(place));
  if (!wanted.structural)
    return step(
      'todo',
      `${called(place)} is structural, nothing can lie in it: PUT connections/inventree with one below it`,
    );
  return step('advice', `${called(place)} is not structural: units can be put beside the bags instead of into one`);
}

/** A warehouse is a person's to name where there is anything that could be one. */
const candidates = (places: readonly Place[], wanted: Wanted): readonly Place[] =>
  wanted.structural ? [] : places.filter((place) => !place.structural && !/\[jembatan:/.test(place.description));

async function make(client: InventreeClient, places: readonly Place[], wanted: Wanted): Asked<Place> {
  const isTaken = places.some(({ name, parent }) => parent === null && name === wanted.name);
  const body = {
    name: isTaken ? `${wanted.name} (Jembatan)` : wanted.name,
    description: wanted.structural ? `Each technician's bag ${wanted.sign}` : `Where new units lie ${wanted.sign}`,
    parent: null,
    structural: wanted.structural,
  };
  const made = await client.send('POST', path, body, locationRow);
  if (made.ok) return made;
  // Its answer may have been lost, or another has made it at the same time: what is there counts.
  const after = await readPlaces(client);
  const found = after.ok ? signed(after.value, wanted) : undefined;
  return found ? ok(found) : made;
}

const signed = (places: readonly Place[], { sign }: Wanted): Place | undefined =>
  places.filter(({ description }) => description.includes(sign)).sort((a, b) => a.pk - b.pk)[0];

export const readPlaces = (client: InventreeClient): Asked<readonly Place[]> => readAll(client, path, {}, locationPage);

/** Judges the chosen place; where none is chosen it takes the one that it made before, or makes it. */
export async function furnishPlace(
  client: InventreeClient,
  places: readonly Place[],
  wanted: Wanted,
  chosen: number | null,
  isMade: boolean,
): Asked<Furnished> {
  const { of, setting } = wanted;
  if (chosen !== null)
    return ok(
      judged(
        wanted,
        places.find(({ pk }) => pk === chosen),
        chosen,
      ),
    );
  const own = signed(places, wanted);
  const others = own ? [] : candidates(places, wanted);
  if (others.length > 0) {
    const some = others.slice(0, 5).map(called).join(', ');
    const words = `choose where new units lie: PUT connections/inventree with ${setting}, the number of one of ${some}`;
    return ok({ step: { of, state: 'todo', words }, chosen: null });
  }
  if (!isMade) {
    const words = own ? `${called(own)} is there, and not chosen` : `none is chosen; the hub makes "${wanted.name}"`;
    return ok({ step: { of, state: 'missing', words }, chosen: null });
  }
  const place = own ? ok(own) : await make(client, places, wanted);
  if (!place.ok) return place;
  return ok({ step: { of, state: 'made', words: called(place.value) }, chosen: place.value.pk });
}
