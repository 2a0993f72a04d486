import { loadFacts } from '#access/load-facts.ts';
import { readPolicy } from '#access/policy.ts';
import type { Tx } from '#db/database.ts';
import { debtOf } from '#decide/debt.ts';
import { err } from '#domain/result.ts';
import { openCharge } from '#features/charges/verbs.ts';
import { type IsolirDeps, payMethods } from '#features/isolir/verbs.ts';
import { storedLogo } from '#features/settings/logo.ts';
import type { Redemption } from '#journeys/redeem-voucher.ts';
import type { Rooms } from '#main/routes.ts';

/** What is due on a line's bills now, by the rule that isolates it. */
async function owedBy(tx: Tx, tenantId: string, id: string, now: number) {
  const [line] = await loadFacts(tx, tenantId, [id]);
  if (!line?.facts.ledger) return [];
  const { settings } = await tx
    .selectFrom('tenants')
    .where('id', '=', tenantId)
    .select('settings')
    .executeTakeFirstOrThrow();
  const { zone, graceDays } = readPolicy(settings);
  const { lines, ledger, billingMode: mode } = line.facts;
  return debtOf(id, lines, ledger, { mode, zone, graceDays }, now).bills;
}

/** The id of a bill of the hub's own ledger, by its number; what is none there is ERPNext's, and has its name for one. */
const billId = (db: Rooms['db'], tenantId: string, number: string): Promise<string> =>
  db.look(tenantId, async (tx) => {
    const bills = tx.selectFrom('invoices').where('tenant_id', '=', tenantId).where('number', '=', number);
    return (await bills.select('id').executeTakeFirst())?.id ?? number;
  });

/** What the isolir page is furnished with. */
export const isolirDeps = (
  { db, log, clock, wire, files, wakeUps, publicUrl }: Rooms,
  { redeemOwn }: Pick<Redemption, 'redeemOwn'>,
): IsolirDeps => ({
  db,
  log,
  whoIsAt: async (tenantId, address) => {
    const enforcer = tenantId === null ? wire.installation : await wire.enforcerOf(tenantId);
    return enforcer?.whoIsAt(address) ?? err({ detail: 'No enforcer is connected.' });
  },
  owedBy: (tx, tenantId, id) => owedBy(tx, tenantId, id, clock()),
  waysToPay: async (tenantId) => {
    const connected = await wire.desk.connected(tenantId);
    return payMethods.filter((method) => connected.some(({ methods }) => methods.includes(method)));
  },
  openCharge: async (at, { bill, method }) =>
    openCharge(
      { db, clock, desk: wire.desk, publicUrl },
      { ...at, openedBy: null },
      { bill: await billId(db, at.tenantId, bill), method },
    ),
  redeemVoucher: async (at, subscriptionId, code) => {
    await redeemOwn(at, subscriptionId, code);
    for (const name of ['lines', 'outbox'] as const) wakeUps.wake(name);
  },
  logoOf: (tenantId) => storedLogo({ db, files }, tenantId),
});
