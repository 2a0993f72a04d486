import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from './eventually.ts';
import { createTime, type LedgerName, type LedgerOffice, openLedgerOffice, type Subscriber } from './ledger-office.ts';
import { type RunningHub, startRunningHub } from './running-hub.ts';

const groups = { active: null, isolated: 'isolir', pending: 'isolir' } as const;
const ledgers: readonly LedgerName[] = ['its own', 'ERPNext'];

describe.each(ledgers)('a provider whose ledger is %s', (ledger) => {
  const time = createTime('2026-11-10');
  let hub: RunningHub;
  let office: LedgerOffice;
  beforeAll(async () => {
    hub = await startRunningHub({
      postgresUrl: inject('postgresUrl'),
      flavor: 'mysql',
      radiusServerUrl: inject('mariadbUrl'),
      clock: time.clock,
    });
    office = await openLedgerOffice({ hub, time }, ledger);
  });
  afterAll(async () => {
    await office?.close();
    await hub?.close();
  });

  /** The state of the line, the group that RADIUS has it in, and what its customer owes once ERPNext has heard of it. */
  async function stands(who: Subscriber, state: keyof typeof groups, balance: number, plan = 'home'): Promise<void> {
    await office.becomes(who, state);
    const read = async () => [await office.group(who), await office.balance(who)];
    const wanted = [groups[state] ?? plan, balance];
    expect(await eventually(read, (now) => isDeepStrictEqual(now, wanted)).catch(read)).toEqual(wanted);
  }

  it('R4, L2: prepaid pays first, is cut on the first day of a month that is not paid, and comes back with the money', async () => {
    const line = await office.register('Dahulu', 'prepaid', 1);
    // 21 of the 30 days of November.
    await stands(line, 'pending', 105_000);
    await office.pay(line, 105_000);
    await stands(line, 'active', 0);
    time.to('2026-11-24', 0, 2);
    await office.billMonth('2026-12-01', [line]);
    time.to('2026-11-30', 23, 59);
    await stands(line, 'active', 150_000);
    time.to('2026-12-01', 0, 2);
    await stands(line, 'isolated', 150_000);
    await office.pay(line, 150_000);
    await stands(line, 'active', 0);
  });

  it('R5, L2, L3: postpaid; a part of what is overdue does not let in, the rest does, and what is too much is kept', async () => {
    const line = await office.register('Kemudian', 'postpaid', 20);
    await stands(line, 'active', await office.balance(line));
    const before = await office.balance(line);
    await office.bill(line, '2026-12-04');
    time.to('2026-12-04', 23, 59);
    await stands(line, 'active', before + 150_000);
    time.to('2026-12-05', 0, 2);
    await stands(line, 'isolated', before + 150_000);
    await office.pay(line, 100_000);
    await stands(line, 'isolated', before + 50_000);
    await office.pay(line, 80_000);
    await stands(line, 'active', before - 30_000);
  });

  it('L2, B3: a credit note frees; a payment that is taken back cuts again, and not before it has settled', async () => {
    const [credited, bounced] = [
      await office.register('Kredit', 'postpaid', 20),
      await office.register('Mundur', 'postpaid', 20),
    ];
    const before = await office.balance(credited);
    const bill = await office.bill(credited, '2026-12-06');
    await office.bill(bounced, '2026-12-06');
    const payment = await office.pay(bounced, 150_000);
    time.to('2026-12-07', 0, 2);
    await stands(credited, 'isolated', before + 150_000);
    await stands(bounced, 'active', before);
    await office.creditNote(bill);
    await stands(credited, 'active', before);
    time.to('2026-12-07', 9, 0);
    await office.takeBack(payment);
    await stands(bounced, 'active', before + 150_000);
    time.to('2026-12-07', 9, 6);
    await stands(bounced, 'isolated', before + 150_000);
  });

  it('L1, L2, C9: another plan changes the group and is paid by days; a line that ends is rejected, and its bills stay', async () => {
    const line = await office.register('Pindah', 'postpaid', 20);
    await office.hasten(line);
    // For ERPNext the hub has billed 25 of 31 days, and bills what they cost more; its own bills come with the month's end.
    await stands(line, 'active', ledger === 'ERPNext' ? 241_935 : 0, 'cepat');
    await office.end(line);
    await office.becomes(line, 'terminated');
    expect(
      await eventually(
        () => office.group(line),
        (group) => group === 'terminated',
      ),
    ).toBe('terminated');
  });
});
