import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { post } from '#features/billing/verbs.ts';
import { booksFindings } from '#test/features/books-findings.ts';
import { type Deposits, openDeposits } from '#test/features/deposit-desk.ts';
import { depositFindings } from '#test/features/deposit-findings.ts';
import { openTill, type Till } from '#test/features/till.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';

let bridge: TestBridge;
let till: Till;
let desk: Deposits;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  till = await openTill(bridge, { deposit_two_people_from: null });
  desk = openDeposits(bridge, till);
});
afterAll(() => bridge.close());

const findings = async () => [
  ...(await depositFindings(bridge.look, till.tenant.id)),
  ...(await booksFindings(bridge.look, till.tenant.id)),
];

describe('payments from deposits that arrive together', () => {
  it('REL-18: several moves in one statement continue each other, link by link, or none is written', async () => {
    const r = await desk.reseller();
    await desk.topUp(r, 100);
    const tenant = till.tenant.id;
    const ids = [randomUUID(), randomUUID()];
    const two = (balances: readonly [number, number]) =>
      bridge.db.worker(tenant, async (tx) => {
        const deeds = ids.map((id) => ({
          ...{ id, kind: 'x', idemKey: id, postedOn: '2025-02-01', sourceId: null, postedBy: null },
          entries: [
            { account: 'deposits' as const, resellerId: r, amount: 10n },
            { account: 'cash' as const, amount: -10n },
          ],
        }));
        await post(tx, tenant, deeds);
        await sql`
          with d as (update deposits set balance = 80, moves = 3 where reseller_id = ${r})
          insert into deposit_moves (tenant_id, reseller_id, no, kind, amount, balance, posting_id, source_id, idem_key,
            correlation_id, moved_at)
          select ${tenant}, ${r}, no + 1, 'payout', -10, balance, id, id, id::text, 'x', now()
          from unnest(${ids}::uuid[], ${balances}::bigint[]) with ordinality as m (id, balance, no)`.execute(tx);
      });
    await expect(two([85, 80])).rejects.toMatchObject({ constraint: 'deposit_moves_fit' });
    await expect(two([90, 81])).rejects.toMatchObject({ constraint: 'deposit_moves_fit' });
    expect(await desk.balanceOf(r)).toBe(100);
    await two([90, 80]);
    expect(await desk.balanceOf(r)).toBe(80);
    expect(await findings()).toEqual([]);
  });

  it('S2: payments that arrive together share a transaction, and who is not covered is refused alone', async () => {
    const [a, b] = [await desk.reseller(), await desk.reseller()];
    const mine = await Promise.all([1, 2, 3].map(() => desk.customerOf(a)));
    const theirs = await desk.customerOf(b);
    for (const payer of [...mine, theirs]) await till.billed(payer, 400);
    await Promise.all([desk.topUp(a, 250), desk.topUp(b, 1_000)]);
    const asked = [
      ...mine.map(({ id }) => desk.pay(a, { customer_id: id, amount: 100 })),
      desk.pay(b, { customer_id: theirs.id }),
      desk.pay(b, { customer_id: mine[0]?.id ?? '', amount: 1 }),
      desk.pay(b, { customer_id: theirs.id, amount: 1 }),
    ];
    const told = (await Promise.allSettled(asked)).map((one) =>
      one.status === 'fulfilled' ? one.value.balance : (one.reason.details?.reason ?? one.reason.code),
    );
    expect(told).toEqual([150, 50, 'deposit_too_low', 600, 'NOT_FOUND', 'nothing_open']);
    const together = await bridge.look<{ n: string }>(
      'select count(distinct xmin::text) as n from payments where reseller_id = any($1)',
      [[a, b]],
    );
    expect(Number(together[0]?.n)).toBe(1);
    expect(await findings()).toEqual([]);
  });

  it('SEC-3: the database itself refuses that a deposit pays for a customer of nobody or of another reseller', async () => {
    const [a, b] = [await desk.reseller(), await desk.reseller()];
    const payer = await desk.customerOf(a);
    const stranger = await till.payer();
    const write = (reseller: string, customer: string) =>
      bridge.db.worker(till.tenant.id, (tx) =>
        sql`insert into payments (tenant_id, customer_id, amount, method, status, due_date, idem_key, reseller_id)
          values (${till.tenant.id}, ${customer}, 1, 'deposit', 'cancelled', '2025-02-01', ${randomUUID()}, ${reseller})`.execute(
          tx,
        ),
      );
    await write(a, payer.id);
    for (const [who, whom] of [
      [b, payer.id],
      [a, stranger.id],
    ] as const) {
      await expect(write(who, whom)).rejects.toMatchObject({ constraint: 'payments_of_own_customer' });
    }
  });
});
