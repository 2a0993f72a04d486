import type { Tx } from '#db/database.ts';
import { Refusal } from '#platform/refusal.ts';
import type { NewUnit } from './schema.ts';
import { type Twin, twinsOf } from './store.ts';

const keys = ['mac', 'gpon_sn', 'barcode'] as const;
type Wish = { readonly [Key in (typeof keys)[number]]?: string | null | undefined } & { readonly id?: string };

const nameOf = ({ part, serial, place }: Twin): string => `${part} ${serial ?? ''}${place === '' ? '' : ` (${place})`}`;

/** The field of a wish that another unit has; null: it is free. */
export function clashOf(wish: Wish, twins: readonly Twin[]): { readonly field: string; readonly twin: Twin } | null {
  for (const field of keys) {
    const value = wish[field];
    const twin = value ? twins.find((one) => one[field] === value && one.id !== wish.id) : undefined;
    if (twin) return { field, twin };
  }
  return null;
}

export const taken = (field: string, value: string, twin: Twin): Refusal =>
  new Refusal('DUPLICATE_ENTRY', `${nameOf(twin)} has ${field} ${value} already.`, { field, asset_id: twin.id });

function refuseClashes(wishes: readonly Wish[], twins: readonly Twin[]): void {
  for (const wish of wishes) {
    const clash = clashOf(wish, twins);
    if (clash) throw taken(clash.field, String(wish[clash.field as (typeof keys)[number]]), clash.twin);
  }
}

const indexes: Readonly<Record<string, string>> = {
  assets_mac: 'mac',
  assets_gpon: 'gpon_sn',
  assets_barcode: 'barcode',
  assets_modem: 'mac',
};

/** Says which unit has what was wished; the index has the last word where two ask at once. */
export async function refusingTwins<T>(
  tx: Tx,
  tenantId: string,
  wishes: readonly Wish[],
  write: () => Promise<T>,
): Promise<T> {
  const units: readonly Partial<NewUnit>[] = wishes.map(({ mac = null, gpon_sn = null, barcode = null }) => ({
    mac,
    gpon_sn,
    barcode,
  }));
  refuseClashes(wishes, await twinsOf(tx, tenantId, null, units));
  try {
    return await write();
  } catch (error) {
    const index = error instanceof Error && 'constraint' in error ? String(error.constraint) : '';
    const field = indexes[index];
    if (field === undefined) throw error;
    throw new Refusal('DUPLICATE_ENTRY', `Another unit has this ${field} already.`, { field });
  }
}
