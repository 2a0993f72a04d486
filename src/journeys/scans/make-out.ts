import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { NewScan } from '#features/scans/verbs.ts';
import { orderForScan } from '#features/work-orders/verbs.ts';
import type { Who } from '#platform/caller.ts';
import { invalid } from '#platform/refusal.ts';
import { unitsByCode } from './find-unit.ts';
import type { ScanTaken } from './go-on.ts';
import { refusalOf } from './refusing.ts';
import { bagOf, mayHold, namedHolder, scannedAt } from './scan-target.ts';
import { lockUnits } from './situation.ts';

/** What the tracker knows of the codes that the hub does not. */
export type Learned = ReadonlyMap<string, readonly string[]>;

/** The scan that was taken under a phone's own name for it. */
export async function scanOfRef(tx: Tx, { tenantId, caller }: Who, { client_ref: ref }: NewScan) {
  const { rows } = await sql<{ readonly id: string; readonly digest: Buffer }>`
    select id, digest from scans
    where tenant_id = ${tenantId} and scanned_by = ${caller.userId} and client_ref = ${ref}`.execute(tx);
  return rows[0];
}

/** The hub's own index does not have a code: its tracker is asked, and not while anything is locked. */
export class Unlearned extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`The hub has not met a unit with the code ${code} yet.`);
    this.name = 'Unlearned';
    this.code = code;
  }
}

/** The one unit that a code means; none and several are refused. `known`: by the hub's own index. */
async function unitOf(
  tx: Tx,
  { tenantId }: Who,
  code: string,
  known: readonly string[],
  learned: Learned,
): Promise<string> {
  const ids = known.length > 0 ? known : learned.get(code);
  if (ids === undefined) throw new Unlearned(code);
  const [id] = ids;
  if (id === undefined) throw await refusalOf(tx, tenantId, 'unknown_code');
  if (ids.length === 1) return id;
  const units = [...(await lockUnits(tx, tenantId, ids.slice(0, 5))).values()];
  const named = units.map(({ part, serial, mac }) => [part, serial, mac].filter(Boolean).join(' ')).join('; ');
  throw await refusalOf(tx, tenantId, 'several_units', { details: { units: named }, units });
}

/** The line of the work order that a scan is made for; null: it names none. A technician scans for its own orders. */
export async function lineOfOrder(
  tx: Tx,
  { tenantId, caller }: Who,
  { work_order_id: id }: NewScan,
): Promise<string | null> {
  if (id === undefined) return null;
  const order = await orderForScan(tx, tenantId, id, caller.role === 'technician' ? caller.userId : null);
  if (!order || order.state === 'cancelled' || order.state === 'verified') {
    throw await refusalOf(tx, tenantId, 'order_not_yours');
  }
  return order.subscriptionId;
}

/** The line that a unit is to be installed at, as asked for or by the order. */
export function lineOf({ kind, subscription_id: asked }: NewScan, ofOrder: string | null): string | null {
  const line = asked ?? ofOrder;
  if (kind !== 'install') return null;
  if (line === null) throw invalid('subscription_id', 'says at which line the unit is installed');
  if (ofOrder !== null && line !== ofOrder) throw invalid('subscription_id', 'is not the line of this work order');
  return line;
}

/** What is known of a scan's words before anything is locked: asked for all at once. */
export async function lookUp(tx: Tx, who: Who, wish: NewScan) {
  const { tenantId } = who;
  const holder = namedHolder(who, wish);
  const [before, isHolder, units, replaced] = await Promise.all([
    scanOfRef(tx, who, wish),
    holder === null || mayHold(tx, who, holder),
    unitsByCode(tx, tenantId, wish.code),
    wish.replaces === undefined ? [] : unitsByCode(tx, tenantId, wish.replaces),
  ]);
  return { before, isHolder, units, replaced };
}
export type LookedUp = Awaited<ReturnType<typeof lookUp>>;

/** What was asked, with codes and people made out. */
export async function makeOut(
  tx: Tx,
  who: Who,
  wish: NewScan,
  { isHolder, units, replaced }: LookedUp,
  learned: Learned,
  now: number,
): Promise<Omit<ScanTaken, 'subscriptionId'>> {
  const technicianId = bagOf(who, wish);
  if (!isHolder) throw invalid('technician_id', 'There is no such technician.');
  const assetId = await unitOf(tx, who, wish.code, units, learned);
  return {
    id: randomUUID(),
    kind: wish.kind,
    scannedAt: new Date(scannedAt(wish, now)),
    scannedBy: who.caller.userId,
    technicianId: technicianId ?? (await holderOf(tx, who, wish, assetId)),
    condition: wish.condition ?? null,
    assetId,
    replacedAssetId: wish.replaces === undefined ? null : await unitOf(tx, who, wish.replaces, replaced, learned),
  };
}

/** The office installs out of the bag that the unit is in, where it names none. */
async function holderOf(tx: Tx, { tenantId }: Who, { kind }: NewScan, assetId: string): Promise<string | null> {
  if (kind === 'return') return null;
  const unit = await tx
    .selectFrom('assets')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', assetId)
    .select('technician_id')
    .executeTakeFirst();
  return unit?.technician_id ?? null;
}
