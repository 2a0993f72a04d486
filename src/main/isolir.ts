import { loadFacts } from '#access/load-facts.ts';
import { readPolicy } from '#access/policy.ts';
import type { Tx } from '#db/database.ts';
import { debtOf } from '#decide/debt.ts';
import { err } from '#domain/result.ts';
import type { IsolirDeps } from '#features/isolir/verbs.ts';
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

/** What the isolir page is furnished with. */
export const isolirDeps = (
  { db, log, clock, wire, files, wakeUps }: Rooms,
  { redeemOwn }: Pick<Redemption, 'redeemOwn'>,
): IsolirDeps => ({
  db,
  log,
  whoIsAt: async (tenantId, address) => {
    const enforcer = tenantId === null ? wire.installation : await wire.enforcerOf(tenantId);
    return enforcer?.whoIsAt(address) ?? err({ detail: 'No enforcer is connected.' });
  },
  owedBy: (tx, tenantId, id) => owedBy(tx, tenantId, id, clock()),
  redeemVoucher: async (at, subscriptionId, code) => {
    await redeemOwn(at, subscriptionId, code);
    for (const name of ['lines', 'outbox'] as const) wakeUps.wake(name);
  },
  logoOf: (tenantId) => storedLogo({ db, files }, tenantId),
});
