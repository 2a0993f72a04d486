import type { Tx } from '#db/database.ts';
import { invalid } from '#platform/refusal.ts';

type Seated = {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  /** For whom it is to sell; null: for itself. */
  readonly resellerId: string | null;
};

const isThere = async (tx: Tx, tenantId: string, id: string): Promise<boolean> =>
  (await tx
    .selectFrom('resellers')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .select('id')
    .executeTakeFirst()) !== undefined;

export async function demandReseller(tx: Tx, tenantId: string, id: string): Promise<void> {
  if (!(await isThere(tx, tenantId, id))) throw invalid('reseller_id', 'There is no such reseller.');
}

/** A reseller that the user is by itself: of its id and name (the name with the id's beginning, where it is taken). */
async function makeOwn(tx: Tx, tenantId: string, { id, name }: Seated): Promise<void> {
  const insert = (called: string) =>
    tx
      .insertInto('resellers')
      .values({ tenant_id: tenantId, id, name: called })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
  if (await insert(name)) return;
  if (!(await isThere(tx, tenantId, id))) await insert(`${name} ${id.slice(0, 8)}`);
}

/** For whom a user of this role sells; null: it is no reseller's. Throws where the one that is named is not there. */
export async function resellerSeat(tx: Tx, tenantId: string, user: Seated): Promise<string | null> {
  const { id, role, resellerId } = user;
  if (role !== 'reseller') {
    if (resellerId !== null) throw invalid('reseller_id', 'belongs to the role reseller');
    return null;
  }
  if (resellerId === null) {
    await makeOwn(tx, tenantId, user);
    return id;
  }
  await demandReseller(tx, tenantId, resellerId);
  return resellerId;
}
