import { eventually } from '#test/pipeline/eventually.ts';
import { ownStock } from '../furnish.ts';
import type { Parts, Recipes } from '../recipe.ts';
import { good, type Tenant } from '../tenant.ts';

const scans = '/api/v1/scans';

/** A unit on the shelf, by its serial. */
async function addUnit(at: Tenant): Promise<string> {
  await ownStock(at);
  const serial = at.name('ZTEG').replaceAll(' ', '-');
  await at.hub.look(
    `insert into assets (tenant_id, id, tracker, tracker_ref, part, serial, state, place)
     select $1, id, 'builtin', id::text, $3, $2, 'in_stock', 'Gudang' from gen_random_uuid() as id`,
    [at.id, serial, at.name('ONT')],
  );
  return serial;
}

async function holder(at: Tenant): Promise<string> {
  return at.keep('user', (await at.addUser('technician')).id);
}

async function scanBody(at: Tenant, kind: 'return' | 'pick_up') {
  return { kind, code: await addUnit(at), client_ref: at.name('hp'), scanned_at: new Date().toISOString() };
}

/** A scan of a unit that nobody has handed over. */
async function addHeld(at: Tenant): Promise<string> {
  const told = good(
    await at.admin({
      method: 'POST',
      path: scans,
      body: { ...(await scanBody(at, 'pick_up')), technician_id: await holder(at) },
    }),
  );
  const id = at.keep('scan', told.id);
  await eventually(
    () => at.hub.look(`select id from scans where id = $1 and state = 'held'`, [id]),
    (rows) => rows.length === 1,
  );
  return id;
}
const ofHeld = async (at: Tenant): Promise<Parts> => ({ params: { id: await addHeld(at) } });

/** What phones scan. */
export const scanRecipes: Recipes = {
  // What everybody who scans may do; who may hand over, and for whom, is told by the verb.
  'post /api/v1/scans': { parts: async (at) => ({ body: await scanBody(at, 'return') }) },
  'get /api/v1/scans': { parts: async (at) => ({ query: { state: (await addHeld(at)) && 'held' } }) },
  'get /api/v1/scans/{id}': { parts: ofHeld },
  'post /api/v1/scans/{id}/retry': { parts: ofHeld },
  'post /api/v1/scans/{id}/cancel': { parts: ofHeld },
};
