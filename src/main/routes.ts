import { decideLine } from '#access/decide-lines.ts';
import { markLines } from '#access/mark-dirty.ts';
import { planLines } from '#access/plan-lines.ts';
import { applyRoaming, provisionTenant } from '#access/provision-tenant.ts';
import type { Database, Tx } from '#db/database.ts';
import { createGoodsInTurn } from '#features/assets/goods-in-turn.ts';
import { assetsRoutes } from '#features/assets/routes.ts';
import { attendanceRoutes } from '#features/attendance/routes.ts';
import { auditRoutes } from '#features/audit/routes.ts';
import { bankStatementsRoutes } from '#features/bank-statements/routes.ts';
import { invoiceRoutes } from '#features/billing/invoice-routes.ts';
import { paymentRoutes } from '#features/billing/payment-routes.ts';
import { post, postBack } from '#features/billing/verbs.ts';
import { chargesRoutes } from '#features/charges/routes.ts';
import { commissionsRoutes } from '#features/commissions/routes.ts';
import { connectionsRoutes } from '#features/connections/routes.ts';
import { consumablesRoutes } from '#features/consumables/routes.ts';
import { personalRoutes } from '#features/customers/personal-routes.ts';
import { customersRoutes } from '#features/customers/routes.ts';
import { depositRoutes, ownDepositRoutes } from '#features/deposits/routes.ts';
import { creditDeposit } from '#features/deposits/verbs.ts';
import { driftRoutes } from '#features/drift/routes.ts';
import { financeRoutes } from '#features/finance/routes.ts';
import type { AccessTokens } from '#features/identity/access-tokens.ts';
import type { IdentityDeps } from '#features/identity/identity-deps.ts';
import type { LoginThrottle } from '#features/identity/login-throttle.ts';
import type { Passwords } from '#features/identity/passwords.ts';
import { loginRoutes, userRoutes } from '#features/identity/routes.ts';
import { integrationsRoutes } from '#features/integrations/routes.ts';
import { isolirRoutes } from '#features/isolir/routes.ts';
import { kpiRoutes } from '#features/kpi/routes.ts';
import { latencyRoutes } from '#features/latency/routes.ts';
import { coverageRoutes } from '#features/leads/coverage-routes.ts';
import { leadsRoutes } from '#features/leads/routes.ts';
import { optOutPage } from '#features/messages/opt-out-page.ts';
import { messagesRoutes } from '#features/messages/routes.ts';
import { nasRoutes } from '#features/nas/routes.ts';
import { paperRoutes } from '#features/paper/routes.ts';
import { plansRoutes } from '#features/plans/routes.ts';
import { promisesRoutes } from '#features/promises/routes.ts';
import { resellerDeskRoutes } from '#features/reseller-desk/routes.ts';
import { resellersRoutes } from '#features/resellers/routes.ts';
import { safetyRoutes } from '#features/safety/routes.ts';
import { scansRoutes } from '#features/scans/routes.ts';
import { schedulesRoutes } from '#features/schedules/routes.ts';
import { settingsRoutes } from '#features/settings/routes.ts';
import { subscriptionsRoutes } from '#features/subscriptions/routes.ts';
import { tenantsRoutes } from '#features/tenants/routes.ts';
import { usageRoutes } from '#features/tenants/usage-routes.ts';
import { lineUsageRoutes } from '#features/usage/routes.ts';
import { vouchersRoutes } from '#features/vouchers/routes.ts';
import { voucherSalesRoutes } from '#features/vouchers/sales-routes.ts';
import { webhooksRoutes } from '#features/webhooks/routes.ts';
import { workOrdersRoutes } from '#features/work-orders/routes.ts';
import type { Mounted } from '#http/app.ts';
import type { Senders } from '#inbox/senders.ts';
import { createBilledMove } from '#journeys/bill-moves.ts';
import { acceptCharge, refundCharge } from '#journeys/charge-money.ts';
import { confirmBankLines } from '#journeys/confirm-bank-lines.ts';
import { createConversion } from '#journeys/convert-lead.ts';
import { decideMarked } from '#journeys/decide-marked.ts';
import { createDepositBooks } from '#journeys/deposit-books.ts';
import { createFurtherLine } from '#journeys/further-line.ts';
import { giveBack } from '#journeys/give-back.ts';
import { createPresentCustomer } from '#journeys/import-customers.ts';
import { moveRadius } from '#journeys/move-radius.ts';
import { createOneAtATime } from '#journeys/one-at-a-time.ts';
import { createPayFromDeposit } from '#journeys/pay-from-deposit.ts';
import { erasePerson, exportPerson } from '#journeys/personal-data.ts';
import { createRedemption } from '#journeys/redeem-voucher.ts';
import { createRegistration } from '#journeys/registration.ts';
import { checkPlace } from '#journeys/reseller-coverage.ts';
import { createScansByHand } from '#journeys/scans/by-hand.ts';
import { createTakeScan } from '#journeys/scans/take-scan.ts';
import { createVoucherSelling } from '#journeys/sell-vouchers.ts';
import { createTopUpByGateway } from '#journeys/top-up-by-gateway.ts';
import { isolirDeps } from '#main/isolir.ts';
import { modemViewOf, radiusViewOf } from '#main/radius-view.ts';
import { resellerPurse } from '#main/reseller-purse.ts';
import { createLearn } from '#main/stock.ts';
import type { Wire } from '#main/wire/wire.ts';
import type { Handing } from '#outbox/append.ts';
import { type AppendMessage, createAppendMessage } from '#outbox/append-message.ts';
import type { Clock } from '#platform/clock.ts';
import type { Counters } from '#platform/counters.ts';
import { correlationId, type Log } from '#platform/log.ts';
import type { Press } from '#platform/paper/press.ts';
import type { WakeUps } from '#platform/queue.ts';
import { createRecipients } from '#platform/recipients.ts';
import { newRoutes, type Routes } from '#platform/routing.ts';
import type { Vault } from '#platform/secrets.ts';
import type { TenantFiles } from '#platform/tenant-files.ts';
import { createUnsubscribeLinks } from '#platform/unsubscribe-links.ts';

/** What the rooms behind the HTTP door are furnished with. */
export type Rooms = {
  readonly db: Database;
  readonly vault: Vault;
  readonly wire: Wire;
  readonly wakeUps: WakeUps;
  /** Null: what is written here is carried out by another process. */
  readonly handing: Handing | null;
  readonly log: Log;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly accessTokens: AccessTokens;
  readonly throttle: LoginThrottle;
  readonly publicUrl: string;
  /** Where subscribers reach the isolir page. */
  readonly isolirUrl: string;
  readonly senders: Senders;
  readonly files: TenantFiles;
  readonly counters: Counters;
  readonly press: Press;
};

async function markAllLines(tx: Tx, tenantId: string): Promise<void> {
  const rows = await tx.selectFrom('subscriptions').where('tenant_id', '=', tenantId).select('id').execute();
  await markLines(
    tx,
    { tenantId, correlationId: correlationId(), cause: 'settings' },
    rows.map((row) => row.id),
  );
}

/** What a scan brings about it hands over itself, and wakes others for what is left: thirteen looks would be in its way. */
const handsOver = /\/scans$/;

/** Whatever a request has committed is taken up at once; the loops would find it within a second anyway. */
function wakingAfterwards({ wakeUps, handing }: Rooms, apps: readonly Routes[]): Routes {
  const all = newRoutes();
  all.use('*', async (c, next) => {
    await next();
    if (c.req.method === 'GET' || (handing !== null && handsOver.test(c.req.path))) return;
    for (const name of ['documents', 'lines', 'outbox'] as const) wakeUps.wake(name);
  });
  for (const app of apps) all.route('/', app);
  return all;
}

/** The decision about one line, for an answer that should already know it; a failure is left to the loop. */
const decideNow =
  ({ db, clock, log }: Rooms) =>
  async (tenantId: string, subscriptionId: string): Promise<void> => {
    try {
      await decideLine(db, clock, tenantId, subscriptionId);
    } catch (error) {
      log.warn('a line could not be decided about at once', {
        tenant: tenantId,
        subscription_id: subscriptionId,
        error,
        next: 'the loop does',
      });
    }
  };

function identityOf(rooms: Rooms, appendMessage: AppendMessage): IdentityDeps {
  const { db, vault, wire, log, clock, passwords, accessTokens, throttle, publicUrl } = rooms;
  return {
    db,
    clock,
    passwords,
    accessTokens,
    throttle,
    vaultFor: async (tenantId) => (tenantId === null ? vault.installation : wire.vaultOf(tenantId)),
    sendReset: async (tx, { tenantId, userId, email, name, token, minutes, language, correlationId: id }) => {
      const values = { name, link: `${publicUrl}/password-reset#${token}`, minutes: String(minutes) };
      const to = { email, userId };
      await appendMessage(tx, tenantId, { event: 'password_reset', to, language, values, correlationId: id });
    },
    later: (work) => {
      work().catch((error: unknown) => log.error('a message could not be written', { kind: 'password_reset', error }));
    },
  };
}

/** Every room with its routes; which need no token, and which do. */
export function mountRoutes(rooms: Rooms): {
  readonly publicRoutes: readonly Mounted[];
  readonly routes: readonly Mounted[];
  readonly pages: readonly Mounted[];
  /** The one of the pages that stands behind a door of its own as well. */
  readonly isolir: Routes;
} {
  const { db, vault, wire, clock, senders } = rooms;
  const { vaultOf, radiusDbOf } = wire;
  const changed = (tenantId: string): void => {
    wire.forget(tenantId);
    senders.forgetAll();
  };
  const appendMessage = createAppendMessage({ vaultOf, recipients: createRecipients(vault) });
  const identity = identityOf(rooms, appendMessage);
  const messages = { db, appendMessage, unsubscribeLinks: createUnsubscribeLinks(vault, rooms.publicUrl) };
  const registering = { db, clock, vaultOf, radiusDbOf, appendMessage };
  const register = createRegistration(registering);
  const personal = { db, files: rooms.files, vaultOf };
  const decide = decideNow(rooms);
  const chargeMoney = { db, clock, desk: wire.desk, appendMessage };
  const opening = { db, clock, desk: wire.desk, publicUrl: rooms.publicUrl };
  const deposits = {
    ...{ db, clock, desk: wire.desk, books: createDepositBooks(appendMessage) },
    collect: createTopUpByGateway(opening),
    pay: createPayFromDeposit({ db, clock }),
  };
  const redemption = createRedemption({ db, clock, vaultOf, counters: rooms.counters });
  const isolir = isolirRoutes(isolirDeps(rooms, redemption));
  const apps = [
    userRoutes(identity),
    tenantsRoutes({ db, clock, vault, provision: provisionTenant, onChange: changed }),
    usageRoutes({ db, clock }),
    auditRoutes({ db }),
    safetyRoutes({ db, clock, plan: planLines }),
    schedulesRoutes({ db }),
    settingsRoutes({ db, files: rooms.files, onPolicyChange: markAllLines, onRoamingChange: applyRoaming }),
    connectionsRoutes({
      db,
      clock,
      vaultOf,
      radiusDbName: wire.radiusDbName,
      onRadiusMove: moveRadius,
      test: wire.test,
      install: (tenantId) => wire.setUpLedger(tenantId, 'install'),
      installTracker: (tenantId) => wire.setUpTracker(tenantId, 'install'),
      onChange: changed,
    }),
    nasRoutes({ db, vaultOf, radiusDbOf, isolirUrl: rooms.isolirUrl, onChange: changed }),
    plansRoutes({ db }),
    customersRoutes({
      db,
      clock,
      vaultOf,
      register,
      addLine: createFurtherLine(registering),
      decideNow: decide,
    }),
    personalRoutes({
      ...personal,
      exportPerson: (who, id) => exportPerson(personal, who, id),
      erasePerson: (who, id) => erasePerson(personal, who, id),
    }),
    leadsRoutes({ db, clock, convert: createConversion(registering), decideNow: decide }),
    coverageRoutes({ db }),
    subscriptionsRoutes({
      db,
      clock,
      radius: radiusViewOf(wire),
      vaultOf,
      billed: createBilledMove(clock),
      decideNow: decide,
    }),
    promisesRoutes({ db, clock, decideNow: decide }),
    invoiceRoutes({ db, clock, decide: decideMarked }),
    paymentRoutes({ db, clock, decide: decideMarked, giveBack }),
    ownDepositRoutes(deposits),
    depositRoutes(deposits),
    lineUsageRoutes({ db, clock, decideNow: decide }),
    vouchersRoutes({ db, clock, vaultOf, press: rooms.press, redeem: redemption.redeem }),
    voucherSalesRoutes({ db, clock, vaultOf, press: rooms.press, ...createVoucherSelling({ db, clock, vaultOf }) }),
    paperRoutes({ db, clock, files: rooms.files, press: rooms.press }),
    chargesRoutes({
      ...opening,
      accept: (who, id) => acceptCharge(chargeMoney, who, id),
      refund: (who, id, wish) => refundCharge(chargeMoney, who, id, wish),
    }),
    bankStatementsRoutes({ db, clock, confirm: (who, some) => confirmBankLines({ db, clock }, who, some) }),
    assetsRoutes({ db, clock, trackerOf: wire.assetTrackerOf, goodsInTurn: createGoodsInTurn(db) }),
    scansRoutes({
      db,
      scan: createTakeScan({ db, clock, handing: rooms.handing, learn: createLearn(db, wire.assetTrackerOf) }),
      ...createScansByHand(db, clock),
    }),
    resellersRoutes({ db }),
    driftRoutes({ db }),
    financeRoutes({ db, clock, books: { post, postBack } }),
    commissionsRoutes({ db, clock, paying: { post, creditDeposit } }),
    integrationsRoutes({ db }),
    latencyRoutes({ db, clock }),
    messagesRoutes(messages),
    webhooksRoutes({ db, clock, vaultOf, checkUrl: wire.checkUrl }),
    attendanceRoutes({ db, clock }),
    consumablesRoutes({ db, appendMessage }),
    kpiRoutes({ db, clock }),
    resellerDeskRoutes({
      db,
      clock,
      modems: modemViewOf(wire),
      appendMessage,
      purse: resellerPurse,
      checkPlace,
      addPresent: createPresentCustomer(registering),
      inTurn: createOneAtATime(),
    }),
    workOrdersRoutes({ db, clock, files: rooms.files, decideNow: decide }),
  ];
  return {
    publicRoutes: [{ path: '/', app: loginRoutes(identity) }],
    routes: [{ path: '/', app: wakingAfterwards(rooms, apps) }],
    pages: [
      { path: '/', app: optOutPage(messages) },
      { path: '/', app: isolir },
    ],
    isolir,
  };
}
