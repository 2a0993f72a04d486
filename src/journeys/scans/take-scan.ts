import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import { readCode } from '#domain/scan-code.ts';
import { type NewScan, type Scan, showScan } from '#features/scans/verbs.ts';
import { orderForScan } from '#features/work-orders/verbs.ts';
import type { Appended, Handing } from '#outbox/append.ts';
import { demand, type Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import { invalid, Refusal } from '#platform/refusal.ts';
import { unitsByCode } from './find-unit.ts';
import { follow, judgeNow, problemOf, type ScanTaken } from './go-on.ts';
import { refusalOf } from './refusing.ts';
import { bagOf, checkHolder, scannedAt } from './scan-target.ts';
import { lockUnits } from './situation.ts';

/** Units of the tracker's that the hub has not met yet, taken into the mirror; their ids. */
export type Learn = (tenantId: string, code: string) => Promise<readonly string[]>;

/** `handing`: takes on at once what a scan is to move, where this process works as well. */
export type ScanningDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly learn: Learn;
  readonly handing: Handing | null;
};

/** What the tracker knows of the codes that the hub does not. */
type Learned = ReadonlyMap<string, readonly string[]>;

const digestOf = ({ client_ref: _, ...rest }: NewScan): Buffer =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest();

const scanOfRef = (tx: Tx, { tenantId, caller }: Who, { client_ref: ref }: NewScan) =>
  tx
    .selectFrom('scans')
    .where('tenant_id', '=', tenantId)
    .where('scanned_by', '=', caller.userId)
    .where('client_ref', '=', ref)
    .select(['id', 'digest'])
    .executeTakeFirst();

/** Of the same scan that comes twice at once, the second waits here for the first. */
const oneAtATime = (tx: Tx, { tenantId, caller }: Who, { client_ref: ref }: NewScan) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`${tenantId} ${caller.userId} ${ref}`}, 37))`.execute(tx);

/** Whoever comes after it has been taken waits for nobody: only those that come at once do, and look again after. */
async function firstOfRef(tx: Tx, who: Who, wish: NewScan): ReturnType<typeof scanOfRef> {
  const [, found] = await Promise.all([oneAtATime(tx, who, wish), scanOfRef(tx, who, wish)]);
  return found;
}

/** The hub's own index does not have a code: its tracker is asked, and not while anything is locked. */
class Unlearned extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`The hub has not met a unit with the code ${code} yet.`);
    this.name = 'Unlearned';
    this.code = code;
  }
}

/** The one unit that a code means; none and several are refused. */
async function unitOf(tx: Tx, { tenantId }: Who, code: string, learned: Learned): Promise<string> {
  const known = await unitsByCode(tx, tenantId, code);
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
async function lineOfOrder(tx: Tx, { tenantId, caller }: Who, { work_order_id: id }: NewScan): Promise<string | null> {
  if (id === undefined) return null;
  const order = await orderForScan(tx, tenantId, id, caller.role === 'technician' ? caller.userId : null);
  if (!order || order.state === 'cancelled' || order.state === 'verified') {
    throw await refusalOf(tx, tenantId, 'order_not_yours');
  }
  return order.subscriptionId;
}

/** The line that a unit is to be installed at, as asked for or by the order. */
async function lineOf(tx: Tx, who: Who, wish: NewScan): Promise<string | null> {
  const { tenantId } = who;
  const ofOrder = await lineOfOrder(tx, who, wish);
  const { subscription_id: asked = ofOrder } = wish;
  if (wish.kind !== 'install') return null;
  if (asked === null) throw invalid('subscription_id', 'says at which line the unit is installed');
  if (ofOrder !== null && asked !== ofOrder) throw invalid('subscription_id', 'is not the line of this work order');
  const line = await tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', asked)
    .select('id')
    .executeTakeFirst();
  if (!line) throw invalid('subscription_id', 'There is no such subscription.');
  return asked;
}

/** A label that was scanned whole tells the MAC of a unit of which only the serial was known. */
async function learnMac(tx: Tx, tenantId: string, id: string, code: string): Promise<void> {
  const [mac, another] = readCode(code).macs;
  if (mac === undefined || another !== undefined) return;
  await sql`
    update assets a set mac = ${mac}, updated_at = now(), version = version + 1
    where a.tenant_id = ${tenantId} and a.id = ${id} and a.mac is null and a.state <> 'installed' and not exists (
      select from assets b where b.tenant_id = ${tenantId} and b.mac = ${mac} and b.gone_at is null)`.execute(tx);
}

const insertScan = (tx: Tx, who: Who, wish: NewScan, scan: Omit<ScanTaken, 'id'>) =>
  tx
    .insertInto('scans')
    .values({
      tenant_id: who.tenantId,
      client_ref: wish.client_ref,
      digest: digestOf(wish),
      kind: wish.kind,
      code: wish.code,
      scanned_at: scan.scannedAt,
      scanned_by: scan.scannedBy,
      technician_id: scan.technicianId,
      work_order_id: wish.work_order_id ?? null,
      subscription_id: scan.subscriptionId,
      condition: scan.condition,
      latitude: wish.latitude ?? null,
      longitude: wish.longitude ?? null,
      asset_id: scan.assetId,
      replaced_asset_id: scan.replacedAssetId,
      state: 'running',
      correlation_id: who.correlationId,
    })
    .returning('id')
    .executeTakeFirstOrThrow();

/** What was asked, with codes and people made out. */
async function read(tx: Tx, who: Who, wish: NewScan, learned: Learned, now: number): Promise<Omit<ScanTaken, 'id'>> {
  const technicianId = bagOf(who, wish);
  await checkHolder(tx, who, technicianId);
  const assetId = await unitOf(tx, who, wish.code, learned);
  return {
    kind: wish.kind,
    scannedAt: new Date(scannedAt(wish, now)),
    scannedBy: who.caller.userId,
    technicianId: technicianId ?? (await holderOf(tx, who, wish, assetId)),
    subscriptionId: await lineOf(tx, who, wish),
    condition: wish.condition ?? null,
    assetId,
    replacedAssetId: wish.replaces === undefined ? null : await unitOf(tx, who, wish.replaces, learned),
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

/** A scan as it was taken, and what was written for it to be carried out. */
type Taken = { readonly scan: Scan; readonly appended: Appended | null };

async function take(
  { clock, handing }: ScanningDeps,
  tx: Tx,
  who: Who,
  wish: NewScan,
  learned: Learned,
): Promise<Taken> {
  const now = clock();
  const { tenantId, correlationId } = who;
  const before = (await scanOfRef(tx, who, wish)) ?? (await firstOfRef(tx, who, wish));
  if (before) {
    if (before.digest.equals(digestOf(wish))) return { scan: await showScan(tx, who, before.id), appended: null };
    throw new Refusal('CONFLICT', 'Another scan was sent with this client_ref: give each scan its own.', {
      field: 'client_ref',
      scan_id: before.id,
    });
  }
  const asked = await read(tx, who, wish, learned, now);
  const judged = await judgeNow(tx, tenantId, { ...asked, id: '' }, false);
  const refused = judged.judgement.do === 'refuse' ? problemOf(judged) : null;
  if (refused) {
    const { problem, details, unit } = refused;
    throw await refusalOf(tx, tenantId, problem, { details, units: unit ? [unit] : [] });
  }
  const { id } = await insertScan(tx, who, wish, asked);
  if (wish.kind === 'install') await learnMac(tx, tenantId, asked.assetId, wish.code);
  const appended = await follow(tx, { tenantId, correlationId, handing }, { ...judged, scan: { ...asked, id } });
  const { kind, code, client_ref, scanned_at } = wish;
  await record(tx, who, { action: 'create', entity: 'scan', id, after: { kind, code, client_ref, scanned_at } });
  return { scan: await showScan(tx, who, id), appended };
}

/**
 * Takes a scan (spec A2, A4, A6): once by `client_ref`, however often and at once it is sent. What is refused has changed
 * nothing; what is taken is committed with the operation that moves the unit, which a worker carries out.
 */
export const createTakeScan =
  (deps: ScanningDeps) =>
  async (who: Who, wish: NewScan): Promise<Scan> => {
    demand(who.caller, 'scans:write');
    const learned = new Map<string, readonly string[]>();
    for (;;) {
      try {
        const { scan, appended } = await deps.db.tenant(who.tenantId, (tx) => take(deps, tx, who, wish, learned));
        if (appended) deps.handing?.take(appended);
        return scan;
      } catch (error) {
        if (!(error instanceof Unlearned)) throw error;
        learned.set(error.code, await deps.learn(who.tenantId, error.code));
      }
    }
  };
