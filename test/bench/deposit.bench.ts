/**
 * Payments per second out of resellers' deposits (goal: at least 0.4 × a bare conditional UPDATE in a transaction of its own,
 * by as many callers at once, in the same run and on the same database): out of one reseller's, which is one hot row, and
 * out of those of 100. A *debit* is what every purchase from a deposit is, in a transaction of its own: posting, entries, the
 * conditional UPDATE and the move, with all that holds them against each other; *together* says that those that arrive
 * together share one, as the debits of payments do. A *payment* is a debit and all that it is
 * made for: the customer's lock, what was paid under its key, the bill and its settlement, the commission's note, the
 * decision about the customer's line and the audit entry; those that arrive together share a transaction.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sql } from 'kysely';
import { post } from '#features/billing/verbs.ts';
import { spendDeposits } from '#features/deposits/verbs.ts';
import { spendBooked } from '#journeys/move-deposit.ts';
import { createPayFromDeposit } from '#journeys/pay-from-deposit.ts';
import { createBatcher } from '#platform/batch.ts';
import { underReseller } from '#platform/reseller-scope.ts';
import { startPostgres } from '#sandbox/services/postgres.ts';
import { createTestBridge } from '#test/setup/bridge.ts';
import { fill, now, type Shop } from './deposits/fill.ts';
import { printFigure, remark } from './figures.ts';
import { withThrowAway } from './throw-away.ts';

const connections = 10;
/** Callers at once: as many as there are connections, and a queue of them. */
const [few, many] = [10, 100] as const;
const measuredMs = 4_000;
const today = '2025-02-10';

/** How many a second so many callers do, each the next as soon as it is answered. */
async function rate(callers: number, work: (n: number) => Promise<unknown>): Promise<number> {
  let done = 0;
  let begun = 0;
  const run = async (until: number): Promise<void> => {
    while (performance.now() < until) {
      begun += 1;
      await work(begun);
      done += 1;
    }
  };
  const during = (ms: number) => {
    const until = performance.now() + ms;
    return Promise.all(Array.from({ length: callers }, () => run(until)));
  };
  await during(1_000);
  done = 0;
  const start = performance.now();
  await during(measuredMs);
  return done / ((performance.now() - start) / 1_000);
}

await withThrowAway(async ({ folder, keep }) => {
  const postgres = keep(await startPostgres({ dir: join(folder, 'pg'), durable: true }), (it) => it.stop());
  const bridge = keep(await createTestBridge(postgres.url, connections), (it) => it.close());
  const { db } = bridge;
  const { tenantId, all } = await fill(bridge);
  const pay = createPayFromDeposit({ db, clock: () => now });
  const bare = ({ id }: Shop) =>
    db.tenant(tenantId, (tx) =>
      sql`update bare_deposits set balance = balance - 1 where reseller_id = ${id} and balance >= 1`.execute(tx),
    );
  const debit = ({ id: resellerId }: Shop) =>
    db.tenant(tenantId, (tx) => {
      const id = randomUUID();
      const deed = { resellerId, amount: 1n, kind: 'vouchers' as const, sourceId: id, idemKey: id, memo: '' };
      const mover = { tenantId, correlationId: id, by: null, now };
      return spendBooked(tx, mover, { ...deed, other: [{ account: 'unearned', resellerId, amount: -1n }] });
    });
  const together = createBatcher(
    async (some: readonly Shop[]) => {
      const deeds = some.map(({ id: resellerId }) => {
        const id = randomUUID();
        const what = { resellerId, amount: 1n, kind: 'vouchers' as const, sourceId: id, idemKey: id, memo: '' };
        return { ...what, postingId: id, by: null, correlationId: id };
      });
      return db.worker(tenantId, async (tx) => {
        const postings = deeds.map(({ resellerId, postingId: id, ...deed }) => ({
          ...{ ...deed, id, postedOn: today, postedBy: null },
          entries: [
            { account: 'deposits' as const, resellerId, amount: 1n },
            { account: 'unearned' as const, resellerId, amount: -1n },
          ],
        }));
        const [, moved] = await Promise.all([
          post(tx, tenantId, postings),
          spendDeposits(tx, { tenantId, now, today }, deeds),
        ]);
        return moved;
      });
    },
    () => false,
    ({ id }) => id,
    { waiting: 1_000, perFlush: 40, inFlight: 2 },
  );
  const payment = ({ id, customers }: Shop, n: number) => {
    const who = { tenantId, caller: { userId: id, tenantId, role: 'reseller' }, correlationId: 'bench', address: '-' };
    const form = { customer_id: customers[n % customers.length] ?? '', amount: 1 };
    return underReseller(id, () => pay(who, form, randomUUID()));
  };
  // As a server's own upkeep does it within a minute: what is planned for empty tables is planned anew.
  for (const some of [all.slice(0, 1), all]) {
    const work = (n: number) => payment(some[n % some.length] as Shop, Math.floor(n / some.length));
    await Promise.all(Array.from({ length: 4 * many }, (_, n) => work(n)));
    await bridge.look('analyze');
  }
  for (const [name, some] of [
    ['one', all.slice(0, 1)],
    ['100', all],
  ] as const) {
    const shop = (n: number): Shop => some[n % some.length] as Shop;
    for (const callers of [few, many]) {
      const floor = await rate(callers, (n) => bare(shop(n)));
      if (callers === few) {
        const debits = await rate(callers, (n) => debit(shop(n)));
        printFigure({ name: `deposit-debits-${name}-by-${callers}`, value: debits, unit: '/s', floor });
      }
      const shared = await rate(callers, (n) => together(shop(n)));
      printFigure({ name: `deposit-debits-together-${name}-by-${callers}`, value: shared, unit: '/s', floor });
      const payments = await rate(callers, (n) => payment(shop(n), Math.floor(n / some.length)));
      printFigure({ name: `deposit-payments-${name}-by-${callers}`, value: payments, unit: '/s', floor });
    }
  }
  remark(
    'Floor: a bare conditional UPDATE in a transaction of its own, by as many callers at once on ten connections.',
  );
});
