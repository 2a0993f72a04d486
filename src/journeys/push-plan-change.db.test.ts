import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Prices } from '#domain/ledger-change.ts';
import { openTill } from '#test/features/till.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { officeTime } from '#test/setup/office.ts';
import { pushPlanChange } from './push-plan-change.ts';

let bridge: TestBridge;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());

/** The tenth of February. */
const now = officeTime + 9 * 86_400_000;

/** What a change to a plan of 300,000 brings a postpaid line; `isOurs`: the hub made its subscription in January. */
async function changed(prices: Prices | null, isOurs = true) {
  const till = await openTill(bridge);
  const { id: tenantId } = till.tenant;
  const { id: customer, line: lineId } = await till.payer();
  if (isOurs) {
    await bridge.look(
      `insert into ledger_invoices (tenant_id, ref, kind, customer_id, subscription_id, lines, period_from, period_to,
         issued_on, due_date) values ($1, 'first:' || $2, 'invoice', $3, $2::uuid, '[]', '2025-01-10', '2025-01-31', '2025-01-10', '2025-02-20')`,
      [tenantId, lineId, customer],
    );
  }
  await bridge.db.worker(tenantId, async (tx) => {
    const line = await tx.selectFrom('subscriptions').where('id', '=', lineId).selectAll().executeTakeFirstOrThrow();
    await pushPlanChange(tx, { tenantId, correlationId: '-' }, { line, fee: 300_000n }, prices, now);
  });
  const pushed = await bridge.look(
    `select i.kind, i.lines #>> '{0,unit_price}' as price, i.period_from, i.period_to, o.kind as sent from ledger_invoices i
     join outbox o on o.tenant_id = i.tenant_id and o.intent ->> 'invoiceId' = i.id::text
     where i.tenant_id = $1 and i.ref like 'change:%'`,
    [tenantId],
  );
  const told = await bridge.look<{ text: string }>(
    `select text from timeline where tenant_id = $1 and subscription_id = $2 and kind = 'ledger'`,
    [tenantId, lineId],
  );
  return { pushed, told: told.map(({ text }) => text).join() };
}

describe('a plan that was changed in ERPNext', () => {
  it('L1: the days of the month at the old price are set right by a note that goes to ERPNext, and told', async () => {
    const { pushed, told } = await changed({ was: 150_000n, is: 300_000n });
    const days = { period_from: '2025-02-01', period_to: '2025-02-09' };
    expect(pushed).toEqual([{ kind: 'credit_note', price: '48215', ...days, sent: 'ledger.invoice' }]);
    expect(told).toContain('2025-02-01 – 2025-02-09 is given back');
  });

  it('L1: what the hub cannot know it leaves to a person: months that are not its own, prices that are not the plans’', async () => {
    const strange = await changed({ was: 150_000n, is: 300_000n }, false);
    const other = await changed({ was: 150_000n, is: 310_000n });
    const unknown = await changed(null);
    expect([strange.pushed, other.pushed, unknown.pushed]).toEqual([[], [], []]);
    for (const { told } of [strange, other, unknown]) expect(told).toContain('see to it in ERPNext');
  });
});
