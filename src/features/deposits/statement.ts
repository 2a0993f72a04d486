import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { mapPage, type Page, readPage } from '#db/page.ts';
import { settingsOf } from '#db/settings-of.ts';
import { chargeMethods } from '#domain/charge.ts';
import { localDate, localTime } from '#domain/local-time.ts';
import { demand, demandReseller, type Who } from '#platform/caller.ts';
import { csvOf } from '#platform/csv.ts';
import type { ConnectedGateway } from '#platform/gateway-desk.ts';
import { invalid, Refusal } from '#platform/refusal.ts';
import type { Deposit, DepositChange, DepositMove, MoveQuery, MoveRange } from './schema.ts';
import { depositOf, findReseller, movesOf } from './store.ts';

/** Whose deposit a request looks at: a reseller's own, or (`resellerId`) the one that its path names. */
export type Looking = { readonly who: Who; readonly resellerId: string | null };

/** Refuses whoever may not look at it. */
function whose({ who, resellerId }: Looking): string {
  demand(who.caller, resellerId === null ? 'own_sales:read' : 'deposits:read');
  return resellerId ?? demandReseller(who);
}

type Row = Awaited<ReturnType<ReturnType<typeof movesOf>['executeTakeFirstOrThrow']>>;

const moveView = ({ no, amount, balance, moved_at, ...row }: Row): DepositMove => ({
  ...row,
  no: Number(no),
  at: moved_at.toISOString(),
  amount: Number(amount),
  balance: Number(balance),
});

/** What a deposit holds, and what may be spent of it today. */
export async function showDeposit(
  tx: Tx,
  looking: Looking,
  { now, gateways }: { readonly now: number; readonly gateways: readonly ConnectedGateway[] },
): Promise<Deposit> {
  const id = whose(looking);
  const { tenantId } = looking.who;
  await findReseller(tx, tenantId, id);
  const [{ time_zone: zone }, deposit] = await Promise.all([settingsOf(tx, tenantId), depositOf(tx, tenantId, id)]);
  const { balance, low_mark: mark, daily_limit: limit, spent, spent_on: on } = deposit;
  const byGateway = chargeMethods.filter((method) => gateways.some(({ methods }) => methods.includes(method)));
  return {
    reseller_id: id,
    balance: Number(balance),
    low_mark: mark === null ? null : Number(mark),
    daily_limit: limit === null ? null : Number(limit),
    spent_today: on === localDate(now, zone) ? Number(spent) : 0,
    ways: ['transfer', 'cash', ...byGateway],
  };
}

const bigOrNull = (value: number | null): bigint | null => (value === null ? null : BigInt(value));

/** Sets the limits of a deposit. */
export async function changeDeposit(tx: Tx, who: Who, id: string, change: DepositChange): Promise<void> {
  demand(who.caller, 'deposits:write');
  const { tenantId } = who;
  await findReseller(tx, tenantId, id);
  const before = await depositOf(tx, tenantId, id);
  const { low_mark: mark, daily_limit: limit } = change;
  const set = {
    // Another mark is another crossing.
    ...(mark === undefined ? {} : { low_mark: bigOrNull(mark), low_told_at: null }),
    ...(limit === undefined ? {} : { daily_limit: bigOrNull(limit) }),
  };
  await tx
    .insertInto('deposits')
    .values({ tenant_id: tenantId, reseller_id: id, ...set })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'reseller_id']).doUpdateSet({ ...set, updated_at: new Date() }),
    )
    .execute();
  const limits = { low_mark: before.low_mark, daily_limit: before.daily_limit };
  const shown = (of: object) =>
    Object.fromEntries(Object.entries(of).map(([key, value]) => [key, value === null ? null : String(value)]));
  const { low_told_at: _, ...after } = { low_told_at: null, ...set };
  await record(tx, who, {
    action: 'update',
    entity: 'deposit',
    id,
    before: shown(limits),
    after: shown({ ...limits, ...after }),
  });
}

function checkRange({ from, to }: MoveRange): void {
  if (from !== undefined && to !== undefined && from > to) throw invalid('to', 'lies before `from`');
}

/** A deposit's moves, the newest first, each with what the deposit held afterwards. */
export async function listMoves(tx: Tx, looking: Looking, query: MoveQuery): Promise<Page<DepositMove>> {
  const id = whose(looking);
  checkRange(query);
  const { tenantId } = looking.who;
  await findReseller(tx, tenantId, id);
  const { time_zone: zone } = await settingsOf(tx, tenantId);
  return mapPage(await readPage(movesOf(tx, tenantId, id, query, zone), query), moveView);
}

/** A spreadsheet that is longer is read by nobody; a narrower range is. */
const most = 50_000;

/** The same as CSV, in the tenant's time, the oldest first. */
export async function statementCsv(tx: Tx, looking: Looking, range: MoveRange): Promise<string> {
  const id = whose(looking);
  checkRange(range);
  const { tenantId } = looking.who;
  await findReseller(tx, tenantId, id);
  const { time_zone: zone } = await settingsOf(tx, tenantId);
  const rows = await movesOf(tx, tenantId, id, range, zone)
    .limit(most + 1)
    .execute();
  if (rows.length > most) throw new Refusal('CONFLICT', `These are more than ${most} moves: choose fewer days.`);
  return csvOf(
    ['no', 'at', 'kind', 'amount', 'balance', 'memo'],
    rows
      .reverse()
      .map(({ no, moved_at, kind, amount, balance, memo }) => [
        ...[no, localTime(moved_at.getTime(), zone), kind, amount, balance, memo],
      ]),
  );
}
