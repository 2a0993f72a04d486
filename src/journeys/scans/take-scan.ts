import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import { insertRows } from '#db/insert-rows.ts';
import { readCode } from '#domain/scan-code.ts';
import { type NewScan, type Scan, showScan } from '#features/scans/verbs.ts';
import type { Appended, Handing } from '#outbox/append.ts';
import { demand, type Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import { Refusal } from '#platform/refusal.ts';
import { follow, type Judged, judgeNow, problemOf, type ScanTaken, standingOf } from './go-on.ts';
import { type Learned, type LookedUp, lineOf, lineOfOrder, lookUp, makeOut, scanOfRef, Unlearned } from './make-out.ts';
import { refusalOf } from './refusing.ts';

/** Units of the tracker's that the hub has not met yet, taken into the mirror; their ids. */
export type Learn = (tenantId: string, code: string) => Promise<readonly string[]>;

/** `handing`: takes on at once what a scan is to move, where this process works as well. */
export type ScanningDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly learn: Learn;
  readonly handing: Handing | null;
};

const digestOf = ({ client_ref: _, ...rest }: NewScan): Buffer =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest();

/** Of the same scan that comes twice at once, the second waits here for the first. */
const oneAtATime = (tx: Tx, { tenantId, caller }: Who, { client_ref: ref }: NewScan) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`${tenantId} ${caller.userId} ${ref}`}, 37))`.execute(tx);

/** A label that was scanned whole tells the MAC of a unit of which only the serial was known. */
async function learnMac(tx: Tx, tenantId: string, id: string, code: string): Promise<void> {
  const [mac, another] = readCode(code).macs;
  if (mac === undefined || another !== undefined) return;
  await sql`
    update assets a set mac = ${mac}, updated_at = now(), version = version + 1
    where a.tenant_id = ${tenantId} and a.id = ${id} and a.mac is null and a.state <> 'installed' and not exists (
      select from assets b where b.tenant_id = ${tenantId} and b.mac = ${mac} and b.gone_at is null)`.execute(tx);
}

const insertScan = (tx: Tx, who: Who, wish: NewScan, judged: Judged) => {
  const { scan } = judged;
  return insertRows(tx, 'scans', [
    {
      tenant_id: who.tenantId,
      id: scan.id,
      client_ref: wish.client_ref,
      // As PostgreSQL writes bytes.
      digest: `\\x${digestOf(wish).toString('hex')}`,
      kind: wish.kind,
      code: wish.code,
      scanned_at: scan.scannedAt,
      scanned_by: scan.scannedBy,
      technician_id: scan.technicianId,
      work_order_id: wish.work_order_id ?? null,
      condition: scan.condition,
      latitude: wish.latitude ?? null,
      longitude: wish.longitude ?? null,
      asset_id: scan.assetId,
      replaced_asset_id: scan.replacedAssetId,
      correlation_id: who.correlationId,
      ...standingOf(judged),
    },
  ]);
};

type Before = NonNullable<LookedUp['before']>;
/** What a scan is judged to do, or the scan that it was sent as before. */
type First = { readonly before: Before } | { readonly before: null; readonly judged: Judged };

/**
 * Of those that come at once under one `client_ref` one goes on, and the others find its scan; whoever comes after it has
 * been taken does not come here, and waits for nobody. The order is locked before line and units.
 */
async function judgeFirst(tx: Tx, who: Who, wish: NewScan, asked: Omit<ScanTaken, 'subscriptionId'>): Promise<First> {
  const judge = (line: string | null): Promise<Judged> =>
    judgeNow(tx, who.tenantId, { ...asked, subscriptionId: line }, false);
  const isOfOrder = wish.work_order_id !== undefined;
  const line = isOfOrder ? null : lineOf(wish, null);
  const turn = oneAtATime(tx, who, wish);
  // What has no order is judged on the same way to the database.
  const looking = scanOfRef(tx, who, wish);
  const judging = isOfOrder ? null : judge(line);
  const [before, soon] = await Promise.all([looking, judging, turn]);
  if (before) return { before };
  return { before: null, judged: soon ?? (await judge(lineOf(wish, await lineOfOrder(tx, who, wish)))) };
}

/**
 * A scan as it was taken, and what was written for it to be carried out. Both are on their way: nothing that is answered
 * decides whether it is committed, so the commit goes out with them, and fails if they do.
 */
type Taken = { readonly scan: Promise<Scan>; readonly appended: Promise<Appended | null> };

/** The same scan has the same answer, however often it is sent. */
async function answered(tx: Tx, who: Who, wish: NewScan, before: Before): Promise<Taken> {
  if (before.digest.equals(digestOf(wish)))
    return { scan: Promise.resolve(await showScan(tx, who, before.id)), appended: Promise.resolve(null) };
  throw new Refusal('CONFLICT', 'Another scan was sent with this client_ref: give each scan its own.', {
    field: 'client_ref',
    scan_id: before.id,
  });
}

/** Writes a scan with all that is to become of it, and shows it; all statements are sent at once, in this order. */
async function write(tx: Tx, who: Who, wish: NewScan, judged: Judged, handing: Handing | null): Promise<Taken> {
  const { tenantId, correlationId } = who;
  const { id, assetId } = judged.scan;
  const { kind, code, client_ref, scanned_at } = wish;
  const inserting = insertScan(tx, who, wish, judged);
  const learning = kind === 'install' && learnMac(tx, tenantId, assetId, code);
  const appended = follow(tx, { tenantId, correlationId, handing }, judged);
  const scan = showScan(tx, who, id);
  const noting = record(tx, who, {
    action: 'create',
    entity: 'scan',
    id,
    after: { kind, code, client_ref, scanned_at },
  });
  const sent = new Promise((resolve) => process.nextTick(resolve));
  // Whatever could not even be sent has thrown by then, and undoes the rest.
  await Promise.race([sent, Promise.all([inserting, learning, appended, scan, noting])]);
  return { scan, appended };
}

async function take(
  { clock, handing }: ScanningDeps,
  tx: Tx,
  who: Who,
  wish: NewScan,
  learned: Learned,
): Promise<Taken> {
  const known = await lookUp(tx, who, wish);
  if (known.before) return answered(tx, who, wish, known.before);
  const first = await judgeFirst(tx, who, wish, await makeOut(tx, who, wish, known, learned, clock()));
  if (first.before) return answered(tx, who, wish, first.before);
  const { judged } = first;
  const refused = judged.judgement.do === 'refuse' ? problemOf(judged) : null;
  if (refused === null) return write(tx, who, wish, judged, handing);
  const { problem, details, unit } = refused;
  throw await refusalOf(tx, who.tenantId, problem, { details, units: unit ? [unit] : [] });
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
        const taken = await deps.db.tenant(who.tenantId, (tx) => take(deps, tx, who, wish, learned), true);
        const appended = await taken.appended;
        if (appended) deps.handing?.take(appended);
        return await taken.scan;
      } catch (error) {
        if (!(error instanceof Unlearned)) throw error;
        learned.set(error.code, await deps.learn(who.tenantId, error.code));
      }
    }
  };
