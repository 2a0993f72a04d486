import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { mapPage } from '#db/page.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import * as store from './area-store.ts';
import { covers, type Place } from './covers.ts';
import { Geometry } from './geometry.ts';
import type { Area, AreaChange, AreaQuery, NewArea } from './schema.ts';

const areaView = (row: store.AreaRow): Area => ({
  id: row.id,
  name: row.name,
  geometry: Geometry.parse(row.geometry),
  radius_m: row.radius_m,
  is_active: row.is_active,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

function valuesOf(area: NewArea) {
  if ((area.geometry.type === 'Point') !== (area.radius_m !== null)) {
    throw invalid('radius_m', 'A point has a radius, and only a point.');
  }
  const { name, radius_m, is_active } = area;
  return { name, geometry: JSON.stringify(area.geometry), radius_m, is_active };
}

const isNameTwin = (error: unknown): boolean =>
  error instanceof Error && 'constraint' in error && error.constraint === 'coverage_areas_name';

async function refusingTwins<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isNameTwin(error)) throw new Refusal('DUPLICATE_ENTRY', `There is an area ${name} already.`, { field: 'name' });
    throw error;
  }
}

export async function addArea(tx: Tx, who: Who, area: NewArea): Promise<Area> {
  demand(who.caller, 'coverage:write');
  const values = { ...valuesOf(area), tenant_id: who.tenantId };
  const view = areaView(await refusingTwins(area.name, () => store.insertArea(tx, values)));
  await record(tx, who, { action: 'create', entity: 'coverage_area', id: view.id, after: view });
  return view;
}

export async function changeArea(tx: Tx, who: Who, id: string, change: AreaChange): Promise<Area> {
  demand(who.caller, 'coverage:write');
  const row = await store.findAreaToChange(tx, who.tenantId, id);
  if (!row) throw notFound('coverage area');
  const before = areaView(row);
  const { name = before.name, geometry = before.geometry, is_active = before.is_active } = change;
  const values = valuesOf({
    name,
    geometry,
    is_active,
    radius_m: change.radius_m === undefined ? before.radius_m : change.radius_m,
  });
  const after = areaView(await refusingTwins(name, () => store.updateArea(tx, who.tenantId, id, values)));
  await record(tx, who, { action: 'update', entity: 'coverage_area', id, before, after });
  return after;
}

/** Leads that were found covered by it stay so: the check said what was true then. */
export async function removeArea(tx: Tx, who: Who, id: string): Promise<void> {
  demand(who.caller, 'coverage:write');
  const row = await store.findAreaToChange(tx, who.tenantId, id);
  if (!row) throw notFound('coverage area');
  await store.updateArea(tx, who.tenantId, id, { deleted_at: new Date() });
  await record(tx, who, { action: 'delete', entity: 'coverage_area', id, before: areaView(row) });
}

export async function getArea(tx: Tx, who: Who, id: string): Promise<Area> {
  demand(who.caller, 'coverage:read');
  const row = await store.findArea(tx, who.tenantId, id);
  if (!row) throw notFound('coverage area');
  return areaView(row);
}

export async function listAreas(tx: Tx, who: Who, query: AreaQuery) {
  demand(who.caller, 'coverage:read');
  return mapPage(await store.listAreas(tx, who.tenantId, query), areaView);
}

/** The active areas that a place lies in, by name. */
export async function areasAt(tx: Tx, tenantId: string, place: Place): Promise<readonly Area[]> {
  const areas = (await store.activeAreas(tx, tenantId)).map(areaView);
  return areas.filter((area) => covers({ geometry: area.geometry, radiusM: area.radius_m }, place));
}

/** The active areas that a place lies in, and whether there are any at all; null: nobody said where. */
export async function servedAt(tx: Tx, tenantId: string, place: Place | null) {
  const all = (await store.activeAreas(tx, tenantId)).map(areaView);
  const at =
    place === null ? [] : all.filter((area) => covers({ geometry: area.geometry, radiusM: area.radius_m }, place));
  return { hasAreas: all.length > 0, areas: at.map(({ id, name }) => ({ id, name })) };
}

/** Whether a place can be served, and by which areas (spec C8). */
export async function checkCoverage(tx: Tx, who: Who, place: Place) {
  demand(who.caller, 'coverage:read');
  const areas = await areasAt(tx, who.tenantId, place);
  return { covered: areas.length > 0, areas: areas.map(({ id, name }) => ({ id, name })) };
}

/** The active areas as GeoJSON. */
export async function coverageMap(tx: Tx, who: Who) {
  demand(who.caller, 'coverage:read');
  const areas = (await store.activeAreas(tx, who.tenantId)).map(areaView);
  return {
    type: 'FeatureCollection' as const,
    features: areas.map(({ id, name, geometry, radius_m }) => ({
      type: 'Feature' as const,
      id,
      geometry,
      properties: { name, radius_m },
    })),
  };
}
