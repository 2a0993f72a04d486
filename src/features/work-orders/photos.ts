import { createHash, randomBytes } from 'node:crypto';
import { record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import { type PhotoType, photoTypeOf } from '#domain/photo-format.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import type { TenantFiles } from '#platform/tenant-files.ts';
import { photoView } from './order-view.ts';
import type { Photo, PhotoQuery } from './schema.ts';
import { sightOf } from './sight.ts';
import * as store from './store.ts';
import { wordsIn } from './words.ts';

export type PhotoDeps = { readonly db: Database; readonly files: TenantFiles };

/** A phone scales to 1600 pixels; whoever sends it as it was taken stays below this as well. */
const orderPhotoMaxBytes = 5_000_000;
const mostPhotos = 10;

type Upload = {
  readonly bytes: Uint8Array;
  readonly type: PhotoType;
  readonly digest: Buffer;
  readonly told: PhotoQuery;
};

async function checked(tx: Tx, tenantId: string, bytes: Uint8Array, told: PhotoQuery): Promise<Upload> {
  const words = wordsIn((await store.settingsOf(tx, tenantId)).language);
  if (bytes.length > orderPhotoMaxBytes) throw new Refusal('PAYLOAD_TOO_LARGE', words.photoTooLarge);
  const type = photoTypeOf(bytes);
  if (!type) throw invalid('photo', words.noPhoto);
  if ((told.latitude === undefined) !== (told.longitude === undefined)) {
    throw invalid(told.latitude === undefined ? 'latitude' : 'longitude', words.halfPosition);
  }
  return { bytes, type, digest: createHash('sha256').update(bytes).digest(), told };
}

/** The order, locked so that its photos can be counted; one that is closed takes none any more, but for those it has. */
async function photosSoFar(tx: Tx, who: Who, id: string, { digest }: Upload) {
  const order = await store.findOrderToChange(tx, sightOf(who), id);
  if (!order) throw await store.missingOrder(tx, who.tenantId);
  const photos = await store.photosOf(tx, who.tenantId, id);
  const same = photos.find((photo) => photo.digest.equals(digest));
  if (same) return { same };
  const words = wordsIn((await store.settingsOf(tx, who.tenantId)).language);
  if (order.state === 'verified' || order.state === 'cancelled') {
    throw new Refusal('CONFLICT', words.closed(words.states[order.state]), { state: order.state });
  }
  if (photos.length >= mostPhotos) {
    throw new Refusal('CONFLICT', words.tooManyPhotos(mostPhotos), { photos: photos.length });
  }
  return { same: null };
}

type Kept = { readonly photo: Photo; readonly isNew: boolean };

async function keep(tx: Tx, who: Who, id: string, upload: Upload, file: string): Promise<Kept> {
  const { same } = await photosSoFar(tx, who, id, upload);
  if (same) return { photo: photoView(same), isNew: false };
  const { told, type, digest, bytes } = upload;
  const row = await store.insertPhoto(tx, {
    tenant_id: who.tenantId,
    order_id: id,
    digest,
    type,
    bytes: bytes.length,
    file,
    taken_at: told.taken_at === undefined ? null : new Date(told.taken_at),
    latitude: told.latitude ?? null,
    longitude: told.longitude ?? null,
    uploaded_by: who.caller.userId,
  });
  const after = { photo_id: row.id, bytes: row.bytes, digest: digest.toString('hex') };
  await record(tx, who, { action: 'update', entity: 'work_order', id, after });
  return { photo: photoView(row), isNew: true };
}

/**
 * Keeps a photo as it was taken, what the camera wrote into it as well: it is proof. The file is written before the row
 * that names it, so that a crash leaves a file too many; the same bytes again are the same photo.
 */
export async function addPhoto(
  { db, files }: PhotoDeps,
  who: Who,
  id: string,
  bytes: Uint8Array,
  told: PhotoQuery,
): Promise<Photo> {
  demand(who.caller, 'work_orders:write');
  const { tenantId } = who;
  const { upload, same } = await db.tenant(tenantId, async (tx) => {
    const made = await checked(tx, tenantId, bytes, told);
    return { upload: made, same: (await photosSoFar(tx, who, id, made)).same };
  });
  if (same) return photoView(same);
  const file = `spk-${randomBytes(16).toString('hex')}`;
  await files.write(tenantId, file, bytes);
  try {
    const { photo, isNew } = await db.tenant(tenantId, (tx) => keep(tx, who, id, upload, file));
    if (!isNew) await files.remove(tenantId, file);
    return photo;
  } catch (error) {
    await files.remove(tenantId, file);
    throw error;
  }
}

/** A photo's bytes, for whoever sees the order and where its customer lives. */
export async function readPhoto({ db, files }: PhotoDeps, who: Who, id: string, photoId: string) {
  demand(who.caller, 'work_orders:read');
  const sight = sightOf(who);
  const photo = await db.tenant(who.tenantId, async (tx) => {
    if (!sight.seesContact || !(await store.findOrder(tx, sight, id))) return undefined;
    return (await store.photosOf(tx, who.tenantId, id)).find((row) => row.id === photoId);
  });
  const bytes = photo && (await files.read(who.tenantId, photo.file));
  if (!photo || !bytes) throw notFound('photo');
  return { bytes, type: photo.type };
}
