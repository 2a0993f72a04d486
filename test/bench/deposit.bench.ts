/**
 * Payments per second out of resellers' deposits (goal: at least 0.4 × a bare conditional UPDATE in a transaction of its own,
 * by as many callers at once, in the same run and on the same database): out of one reseller's, which is one hot row, and
 * out of those of 100. A *debit* is what every purchase from a deposit is, in a transaction of its own: posting, entries, the
 * conditional UPDATE and the move, with all that holds them against each other; *together* says that those that arrive
 * together share one, as the debits of payments do. A *payment* is a debit and all that it is
 * made for: the customer's lock, what was paid under its key, the bill and its settlement, the commission's note, the
 * decision about the customer's line and the audit entry; those that arrive together share a transaction. *Best*: by as many
 * callers as each is fastest with.
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
import { median, printFigure, remark } from './figures.ts';
import { withThrowAway } from './throw-away.ts';

const connections = 10;
/** Callers at once: as many as there are connections, and a queue of them. */
const [few, many] = [10, 100] as const;
/** Rounds that take turns, since a machine that others work on is not equally fast for a minute; medians are told. */
const rounds = 5;
const measuredMs = 1_500;
/** A process that has just begun is slower than one that has paid for a while: V8 compiles what runs often. */
const warmUpMs = 8_000;
const today = '2025-02-10';

type Work = (n: number) => Promise<unknown>;

/** How many a second so many callers do, each the next as soon as it is answered. */
async function rate(callers: number, work: Work, ms = measuredMs): Promise<number> {
  let [done, begun] = [0, 0];
  const start = performance.now();
  const run = async (): Promise<void> => {
    while (performance.now() < start + ms) {
      begun += 1;
      await work(begun);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, run));
  return done / ((performance.now() - start) / 1_000);
}

/** The same of several kinds of work that take turns, and the median of each. */
async function ratesOf<Name extends string>(callers: number, works: Readonly<Record<Name, Work>>) {
  const names = Object.keys(works) as Name[];
  const found = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) found.get(name)?.push(await rate(callers, works[name]));
  }
  return (name: Name): number => median(found.get(name) ?? []);
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
  const debit = ({ id: resellerId }: Shop) => {
    const id = randomUUID();
    const deed = { resellerId, amount: 1n, kind: 'vouchers' as const, sourceId: id, idemKey: id, memo: '' };
    const mover = { tenantId, correlationId: id, by: null, now };
    const booked = { ...deed, other: [{ account: 'unearned' as const, resellerId, amount: -1n }] };
    return db.tenant(tenantId, (tx) => spendBooked(tx, mover, booked), true);
  };
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
    { waiting: 1_000, perFlush: 40, inFlight: 3 },
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
  const secondly: string[] = [];
  for (let ms = 0; ms < warmUpMs; ms += 1_000) {
    const work = (n: number) => payment(all[n % all.length] as Shop, Math.floor(n / all.length));
    secondly.push((await rate(many, work, 1_000)).toFixed(0));
  }
  remark(`Payments while it warms up, second by second: ${secondly.join(', ')}.`);
  for (const [name, some] of [
    ['one', all.slice(0, 1)],
    ['100', all],
  ] as const) {
    const shop = (n: number): Shop => some[n % some.length] as Shop;
    const works = {
      bare: (n: number) => bare(shop(n)),
      debits: (n: number) => debit(shop(n)),
      together: (n: number) => together(shop(n)),
      payments: (n: number) => payment(shop(n), Math.floor(n / some.length)),
    };
    const { debits: _alone, ...shared } = works;
    const [byFew, byMany] = [await ratesOf(few, works), await ratesOf(many, shared)];
    const tell = (what: string, value: number, floor: number): void =>
      printFigure({ name: `deposit-${what}`, value, unit: '/s', floor });
    tell(`debits-${name}-by-${few}`, byFew('debits'), byFew('bare'));
    for (const [callers, of] of [
      [few, byFew],
      [many, byMany],
    ] as const) {
      tell(`debits-together-${name}-by-${callers}`, of('together'), of('bare'));
      tell(`payments-${name}-by-${callers}`, of('payments'), of('bare'));
    }
    const best = (what: 'payments' | 'bare'): number => Math.max(byFew(what), byMany(what));
    tell(`payments-${name}-best`, best('payments'), best('bare'));
  }
  remark(
    'Floor: a bare conditional UPDATE in a transaction of its own, by as many callers at once on ten connections.',
  );
});
