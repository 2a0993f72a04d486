import { record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import { mapPage, type Page, readPage } from '#db/page.ts';
import { settingsOf } from '#db/settings-of.ts';
import { accountOfMethod, type PaymentMethod } from '#domain/accounts.ts';
import { approved, isExpired, type TopUpRefusal } from '#domain/top-up.ts';
import { demand, demandReseller, type Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import { Refusal } from '#platform/refusal.ts';
import type { Moved, Mover } from './moving.ts';
import type { HandTopUp, OwnTopUp, Rejection, TopUp, TopUpQuery } from './schema.ts';
import { findReseller, findTopUp, findTopUpByKey, lockTopUp, type TopUpRow, topUpRows } from './store.ts';

type BookedDeed = {
  readonly resellerId: string;
  readonly amount: bigint;
  readonly sourceId: string;
  readonly idemKey: string;
  readonly memo: string;
  readonly other: readonly { readonly account: (typeof accountOfMethod)[PaymentMethod]; readonly amount: bigint }[];
};

/** What this room asks of others. */
export type Requesting = {
  readonly db: Database;
  readonly clock: Clock;
  /** Moves with their postings, and what is told of them (journeys/move-deposit.ts). */
  readonly books: {
    readonly topUp: (tx: Tx, mover: Mover, deed: BookedDeed) => Promise<Moved>;
    readonly payOut: (tx: Tx, mover: Mover, deed: BookedDeed) => Promise<Moved>;
  };
  /** Has a gateway collect a top-up that was asked for; throws UPSTREAM_FAILED, or CONFLICT where none takes the method. */
  readonly collect: (who: Who, topUp: Pick<TopUpRow, 'id' | 'reseller_id' | 'amount' | 'method'>) => Promise<void>;
};

type Asking = HandTopUp & { readonly kind: TopUp['kind']; readonly resellerId: string; readonly byGateway: boolean };

/** So long anybody may say yes. */
const lifeMs = 14 * 86_400_000;
const byGateways: readonly string[] = ['qris', 'virtual_account', 'e_wallet'];

function topUpView(row: TopUpRow, now: number): TopUp {
  const { charge_id: id, gateway, charge_state: state, charge_expires_at: end } = row;
  const { qr_string, virtual_account, bank, url } = row;
  const charge =
    id === null || gateway === null || state === null || end === null
      ? null
      : { id, gateway, state, qr_string, virtual_account, bank, url, expires_at: end.toISOString() };
  const isUnpaid = state === 'expired' || state === 'failed';
  const standing = { ...row, firstBy: row.first_by, expiresAt: row.expires_at.getTime() };
  return {
    id: row.id,
    kind: row.kind,
    reseller: { id: row.reseller_id, name: row.reseller_name },
    amount: Number(row.amount),
    method: row.method,
    reference: row.reference,
    notes: row.notes,
    state: isExpired(standing, now) || (row.state === 'requested' && isUnpaid) ? 'expired' : row.state,
    requested_by: row.requested_by,
    requested_at: row.requested_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    first_by: row.first_by,
    decided_by: row.decided_by,
    decided_at: row.decided_at?.toISOString() ?? null,
    reason: row.reason,
    charge,
  };
}

const audited = ({ kind, reseller, amount, method, reference, notes, state }: TopUp) => ({
  ...{ kind, reseller_id: reseller.id, amount, method, reference, notes, state },
});

/** The same key again is told what it made; under another request it is refused. */
async function known(tx: Tx, who: Who, wish: Asking, idemKey: string): Promise<TopUpRow | null> {
  const row = await findTopUpByKey(tx, who.tenantId, idemKey);
  if (!row) return null;
  const isSame =
    row.kind === wish.kind &&
    row.reseller_id === wish.resellerId &&
    row.amount === BigInt(wish.amount) &&
    row.method === wish.method;
  if (isSame) return row;
  throw new Refusal('CONFLICT', 'Another amount was asked for under this key.', { top_up_id: row.id });
}

/** Null: somebody has asked under the same key meanwhile. */
async function insert(tx: Tx, who: Who, wish: Asking, idemKey: string, now: number): Promise<TopUpRow | null> {
  const { tenantId, caller } = who;
  const inserted = await tx
    .insertInto('deposit_top_ups')
    .values({
      tenant_id: tenantId,
      kind: wish.kind,
      reseller_id: wish.resellerId,
      amount: BigInt(wish.amount),
      method: wish.method,
      reference: wish.reference,
      notes: wish.notes,
      by_gateway: wish.byGateway,
      idem_key: idemKey,
      requested_by: caller.userId,
      requested_at: new Date(now),
      expires_at: new Date(now + lifeMs),
    })
    .onConflict((clash) => clash.columns(['tenant_id', 'idem_key']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!inserted) return null;
  const { id } = inserted;
  const row = await findTopUp(tx, tenantId, id);
  if (!row) throw new Error('A top-up was written and is not there.');
  await record(tx, who, { action: 'create', entity: 'deposit_top_up', id, after: audited(topUpView(row, now)) });
  return row;
}

type Taken = { readonly row: TopUpRow; readonly isNew: boolean };

/** What is asked for under a key, once: of two that come together the second waits for the first, and is told of it. */
async function take(tx: Tx, who: Who, wish: Asking, idemKey: string, now: number): Promise<Taken> {
  await findReseller(tx, who.tenantId, wish.resellerId);
  const before = await known(tx, who, wish, idemKey);
  if (before) return { row: before, isNew: false };
  const row = await insert(tx, who, wish, idemKey, now);
  if (row) return { row, isNew: true };
  const meanwhile = await known(tx, who, wish, idemKey);
  if (!meanwhile) throw new Error('A key is taken by a top-up that is not there.');
  return { row: meanwhile, isNew: false };
}

/** A reseller asks for its deposit to be topped up; what goes to a gateway is collected, the rest waits for finance. */
export async function askTopUp(r: Requesting, who: Who, wish: OwnTopUp, idemKey: string): Promise<TopUp> {
  demand(who.caller, 'own_sales:write');
  const resellerId = demandReseller(who);
  const asking = { ...wish, kind: 'top_up' as const, resellerId, byGateway: byGateways.includes(wish.method) };
  const { row } = await r.db.tenant(who.tenantId, (tx) => take(tx, who, asking, idemKey, r.clock()));
  if (row.by_gateway && row.charge_id === null && row.state === 'requested') await r.collect(who, row);
  return showTopUp(r, who, row.id);
}

const showTopUp = ({ db, clock }: Requesting, { tenantId }: Who, id: string): Promise<TopUp> =>
  db.tenant(tenantId, async (tx) => {
    const row = await findTopUp(tx, tenantId, id);
    if (!row) throw new Error('A top-up was written and is not there.');
    return topUpView(row, clock());
  });

const refusals: Readonly<Record<TopUpRefusal, string>> = {
  over: 'This is decided already.',
  expired: 'This is too old: have it asked for again.',
  same_person: 'You said yes to it already: somebody else has to as well.',
};

/** Moves the money of a request that enough people said yes to. */
async function carryOut(r: Requesting, tx: Tx, mover: Mover, row: TopUpRow): Promise<void> {
  const { id, kind, reseller_id: resellerId, amount, method, reference } = row;
  const account = accountOfMethod[method];
  const deed = { resellerId, amount, sourceId: id, idemKey: `deposit request ${id}`, memo: reference ?? method };
  if (kind === 'top_up') await r.books.topUp(tx, mover, { ...deed, other: [{ account, amount }] });
  else await r.books.payOut(tx, mover, { ...deed, other: [{ account, amount: -amount }] });
}

async function sayYes(r: Requesting, tx: Tx, who: Who, row: TopUpRow): Promise<void> {
  const { tenantId, correlationId, caller } = who;
  const now = r.clock();
  const { deposit_two_people_from: from } = await settingsOf(tx, tenantId);
  const { state, amount, first_by: firstBy, expires_at } = row;
  const standing = { state, amount, firstBy, expiresAt: expires_at.getTime() };
  const answer = approved(standing, caller.userId, { twoFrom: from === null ? null : BigInt(from), now });
  if (!answer.ok) throw new Refusal('CONFLICT', refusals[answer.error], { reason: answer.error, state });
  const at = new Date(now);
  const isDone = answer.value === 'done';
  await tx
    .updateTable('deposit_top_ups')
    .set({
      state: answer.value,
      ...(isDone ? { decided_by: caller.userId, decided_at: at } : { first_by: caller.userId, first_at: at }),
    })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', row.id)
    .execute();
  const states = { before: { state }, after: { state: answer.value } };
  await record(tx, who, { action: 'update', entity: 'deposit_top_up', id: row.id, ...states });
  if (isDone) await carryOut(r, tx, { tenantId, correlationId, by: caller.userId, now }, row);
}

/** Enters what has come in, or is given back, in a reseller's name: whoever enters it says yes to it as well. */
export async function enterByHand(
  r: Requesting,
  who: Who,
  wish: HandTopUp & Pick<Asking, 'kind' | 'resellerId'>,
  idemKey: string,
): Promise<TopUp> {
  demand(who.caller, 'deposits:write');
  const { tenantId } = who;
  const id = await r.db.tenant(tenantId, async (tx) => {
    const { row, isNew } = await take(tx, who, { ...wish, byGateway: false }, idemKey, r.clock());
    if (isNew) await sayYes(r, tx, who, row);
    return row.id;
  });
  return showTopUp(r, who, id);
}

/** Says yes to a request: from the tenant's limit on the second yes of another person does it. */
export async function approveTopUp(r: Requesting, who: Who, id: string): Promise<TopUp> {
  demand(who.caller, 'deposits:write');
  await r.db.tenant(who.tenantId, async (tx) => {
    const row = await lockTopUp(tx, who.tenantId, id);
    if (row.by_gateway) {
      throw new Refusal('CONFLICT', 'A payment gateway collects this: it comes in by itself when it is paid.');
    }
    await sayYes(r, tx, who, row);
  });
  return showTopUp(r, who, id);
}

export async function rejectTopUp(r: Requesting, who: Who, id: string, { reason }: Rejection): Promise<TopUp> {
  demand(who.caller, 'deposits:write');
  const { tenantId, caller } = who;
  await r.db.tenant(tenantId, async (tx) => {
    const row = await lockTopUp(tx, tenantId, id);
    const { state } = row;
    if (state === 'done' || state === 'rejected') {
      throw new Refusal('CONFLICT', refusals.over, { reason: 'over', state });
    }
    if (row.by_gateway) throw new Refusal('CONFLICT', 'A payment gateway collects this: unpaid, it ends by itself.');
    await tx
      .updateTable('deposit_top_ups')
      .set({ state: 'rejected', reason, decided_by: caller.userId, decided_at: new Date(r.clock()) })
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .execute();
    const states = { before: { state }, after: { state: 'rejected', reason } };
    await record(tx, who, { action: 'update', entity: 'deposit_top_up', id, ...states });
  });
  return showTopUp(r, who, id);
}

export async function listTopUps(tx: Tx, who: Who, query: TopUpQuery, now: number): Promise<Page<TopUp>> {
  demand(who.caller, 'deposits:read');
  const page = await readPage(topUpRows(tx, who.tenantId, query, new Date(now)), query);
  return mapPage(page, (row) => topUpView(row, now));
}

/** A reseller's own requests. */
export async function listOwnTopUps(
  tx: Tx,
  who: Who,
  query: Omit<TopUpQuery, 'reseller_id'>,
  now: number,
): Promise<Page<TopUp>> {
  demand(who.caller, 'own_sales:read');
  const rows = topUpRows(tx, who.tenantId, { ...query, reseller_id: demandReseller(who) }, new Date(now));
  return mapPage(await readPage(rows, query), (row) => topUpView(row, now));
}
