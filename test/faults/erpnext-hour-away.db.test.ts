import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { addDays, localDate } from '#domain/local-time.ts';
import type { Nonsense } from '#sandbox/erpnext/rest/nonsense.ts';
import { type ErpnextStage, lineItem, openErpnextStage } from '#test/pipeline/erpnext-stage.ts';
import { noon, type TestLine, zone } from '#test/pipeline/test-hub.ts';

type Trouble = Nonsense | 'refused';
const troubles: readonly Trouble[] = ['refused', '403', 'empty-list', 'html200', 'half'];

/** Minute by minute at full length; else, after the first ten, in strides of five. */
const stride = Number(process.env.JEMBATAN_FAULT_SCALE) < 1 ? 5 : 1;

/** Ten minutes before the cut time of what is due: it comes while ERPNext is away. */
const start = noon('2026-11-15') + 11 * 3_600_000 + 50 * 60_000;

/** One who pays, one who owes, one whose bill falls due; an admin to be told, and a system that notes what it is told. */
async function furnish(stage: ErpnextStage): Promise<Record<'payer' | 'debtor' | 'next', TestLine>> {
  const { erp, tenantId } = stage;
  await stage.look(
    `insert into users (tenant_id, email, name, role, password_hash) values ($1, 'admin@satu.test', 'Sari', 'admin', '-')`,
    [tenantId],
  );
  await stage.look(
    `insert into webhook_endpoints (tenant_id, url, event_types, secret, is_active)
     values ($1, 'https://noc.test/', '["ledger.away", "ledger.back"]', '-', false)`,
    [tenantId],
  );
  const add = (customer_name: string): Promise<TestLine> => {
    erp.createCustomer({ customer_name });
    return stage.addLine(tenantId, customer_name);
  };
  return { payer: await add('payer'), debtor: await add('debtor'), next: await add('next') };
}

describe.each(troubles)('REL-11: an hour of ERPNext answering %s', (trouble) => {
  let stage: ErpnextStage;
  beforeAll(async () => {
    stage = await openErpnextStage(inject('postgresUrl'), {}, start);
  });
  afterAll(() => stage.leave());

  const told = async (): Promise<readonly string[]> =>
    (
      await stage.look<{ type: string }>('select type from announcements where tenant_id = $1 order by created_at', [
        stage.tenantId,
      ])
    ).map(({ type }) => type);
  const isolations = async (): Promise<number> =>
    (
      await stage.look<{ n: number }>(
        `select count(*)::int as n from outbox where tenant_id = $1 and kind = 'access.apply'
          and intent -> 'desired' ->> 'group' like '%:isolir'`,
        [stage.tenantId],
      )
    )[0]?.n ?? -1;

  it('cuts nobody, is told within five minutes and again when it is over, and is caught up with', async () => {
    const { erp } = stage;
    const lines = await furnish(stage);
    const { next, debtor } = lines;
    const statesOf = () => Promise.all(Object.values(lines).map((line) => stage.stateOf(line)));
    await stage.minute();
    const today = localDate(stage.time.now, zone);
    const bill = (customer: string, due_date: string): string =>
      erp.createInvoice({ customer, item: lineItem, amount: 150_000, due_date });
    const owed = bill(debtor.customer, addDays(today, -3));
    bill(next.customer, today);
    await stage.minute(2);
    expect(await statesOf()).toEqual(['active', 'isolated', 'active']);
    const before = await isolations();
    expect(before).toBeGreaterThan(0);

    if (trouble === 'refused') await erp.down();
    else erp.nonsense(trouble);
    erp.pay({ invoice: owed });
    let toldAfter = 0;
    for (let minute = 1; minute <= 60; minute += minute < 10 ? 1 : stride) {
      if (minute > 10) stage.time.now += (stride - 1) * 60_000;
      await stage.minute();
      if (toldAfter === 0 && (await told()).includes('ledger.away')) toldAfter = minute;
    }
    expect(toldAfter).toBeGreaterThan(0);
    expect(toldAfter).toBeLessThanOrEqual(5);
    expect(localDate(stage.time.now, zone)).toBe(addDays(today, 1));
    expect(await statesOf()).toEqual(['active', 'isolated', 'active']);
    expect(await isolations()).toBe(before);
    expect(await told()).toEqual(['ledger.away']);

    await erp.up();
    erp.nonsense(null);
    await stage.minute(2);
    expect(await statesOf()).toEqual(['active', 'active', 'isolated']);
    expect(await told()).toEqual(['ledger.away', 'ledger.back']);
    const written = await stage.look<{ event: string }>(
      'select event from messages where tenant_id = $1 order by created_at',
      [stage.tenantId],
    );
    expect(written.map(({ event }) => event)).toEqual(['ledger_away', 'ledger_back']);
  });
});
