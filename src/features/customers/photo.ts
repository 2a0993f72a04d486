import { randomBytes } from 'node:crypto';
import { record } from '#audit/record.ts';
import type { Database } from '#db/database.ts';
import { type PhotoType, photoTypeOf, photoTypes } from '#domain/photo-format.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import type { TenantFiles } from '#platform/tenant-files.ts';
import { sightOf } from './sight.ts';
import { findCustomer, findCustomerToChange, updateCustomer } from './store.ts';

/** At most; a phone's photo scaled to 1600 pixels is far below it. */
const photoMaxBytes = 1_000_000;

export type PhotoDeps = { readonly db: Database; readonly files: TenantFiles };

function checkedType(bytes: Uint8Array): PhotoType {
  if (bytes.length > photoMaxBytes) throw new Refusal('PAYLOAD_TOO_LARGE', 'A photo may have 1 MB at most.');
  const type = photoTypeOf(bytes);
  if (!type) throw invalid('photo', `This is none of ${photoTypes.join(', ')}.`);
  return type;
}

/** Writes both columns, with its audit entry; answers the name of the file that was there before. */
function keepPhoto(
  { db }: PhotoDeps,
  who: Who,
  id: string,
  photo: { readonly file: string; readonly type: string } | null,
): Promise<string | null> {
  return db.tenant(who.tenantId, async (tx) => {
    const row = await findCustomerToChange(tx, sightOf(who), id);
    if (!row) throw notFound('customer');
    await updateCustomer(tx, who.tenantId, id, { photo_file: photo?.file ?? null, photo_type: photo?.type ?? null });
    await record(tx, who, {
      action: 'update',
      entity: 'customer',
      id,
      before: { photo: row.photo_file },
      after: { photo: photo?.file ?? null },
    });
    return row.photo_file;
  });
}

/** The file is written before the row that names it, and the old one removed after it: a crash leaves a file too many. */
export async function replacePhoto(deps: PhotoDeps, who: Who, id: string, bytes: Uint8Array): Promise<void> {
  demand(who.caller, 'customers:write');
  const type = checkedType(bytes);
  // Random: nothing about the customer, and a new picture is never taken for the old one.
  const file = `photo-${randomBytes(16).toString('hex')}`;
  await deps.files.write(who.tenantId, file, bytes);
  try {
    const old = await keepPhoto(deps, who, id, { file, type });
    if (old !== null) await deps.files.remove(who.tenantId, old);
  } catch (error) {
    await deps.files.remove(who.tenantId, file);
    throw error;
  }
}

export async function removePhoto(deps: PhotoDeps, who: Who, id: string): Promise<void> {
  demand(who.caller, 'customers:write');
  const old = await keepPhoto(deps, who, id, null);
  if (old !== null) await deps.files.remove(who.tenantId, old);
}

export async function readPhoto(deps: PhotoDeps, who: Who, id: string) {
  demand(who.caller, 'customers:contact');
  const row = await deps.db.tenant(who.tenantId, (tx) => findCustomer(tx, sightOf(who), id));
  if (!row) throw notFound('customer');
  const bytes = row.photo_file === null ? null : await deps.files.read(who.tenantId, row.photo_file);
  if (!bytes || row.photo_type === null) throw notFound('photo');
  return { bytes, type: row.photo_type };
}
