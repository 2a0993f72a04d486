import { describe, expect, inject, it } from 'vitest';
import { addDays, localDate } from '#domain/local-time.ts';
import { createStore } from '#inbox/store.ts';
import { createRandom } from '#test/model/random.ts';
import { type ErpnextStage, lineItem, openErpnextStage } from './erpnext-stage.ts';
import { type TestLine, zone } from './test-hub.ts';

type Document = readonly [doctype: string, name: string];

/** What ERPNext's webhooks say of these documents, three times over and shuffled, old ones among them. */
async function tellThrice({ db, arrival, tenantId }: ErpnextStage, documents: readonly Document[]): Promise<void> {
  const events = createRandom(20_261_121).shuffle([...documents, ...documents, ...documents]);
  const store = createStore(db);
  for (const [doctype, name] of events) await store(arrival(tenantId, doctype, name));
}

const people = ['pays', 'journal', 'credited', 'half', 'cancelled', 'later'] as const;

describe.each(['all lost', 'three times each, in the wrong order'] as const)('webhooks that are %s', (fate) => {
  it('change nothing in the outcome: payments, journals, credit notes, cancelled bills and payments taken back', async () => {
    const stage = await openErpnextStage(inject('postgresUrl'));
    const { erp } = stage;
    const lines: TestLine[] = [];
    for (const customer_name of people) {
      erp.createCustomer({ customer_name });
      lines.push(await stage.addLine(stage.tenantId, customer_name));
    }
    const told: Document[] = [];
    const note = (doctype: string, name: string): string => {
      told.push([doctype, name]);
      return name;
    };
    const statesAfter = async (minutes: number): Promise<readonly unknown[]> => {
      if (fate !== 'all lost') await tellThrice(stage, told);
      await stage.minute(minutes);
      return Promise.all(lines.map((line) => stage.stateOf(line)));
    };
    const due_date = addDays(localDate(stage.time.now, zone), -3);
    const bills = people.map((customer) =>
      note('Sales Invoice', erp.createInvoice({ customer, item: lineItem, amount: 150_000, due_date })),
    );
    expect(await statesAfter(2)).toEqual(people.map(() => 'isolated'));
    const [pays = '', journal = '', credited = '', half = '', cancelled = '', later = ''] = bills;
    const payment = note('Payment Entry', erp.pay({ invoice: pays }));
    note('Journal Entry', erp.payByJournal({ invoice: journal, amount: 150_000 }));
    note('Sales Invoice', erp.creditNote(credited));
    note('Payment Entry', erp.pay({ invoice: half, amount: 75_000 }));
    erp.cancelInvoice(cancelled);
    expect(await statesAfter(2)).toEqual(['active', 'active', 'active', 'isolated', 'active', 'isolated']);
    erp.cancelPayment(payment);
    note('Payment Entry', erp.pay({ invoice: later }));
    expect(await statesAfter(9)).toEqual(['isolated', 'active', 'active', 'isolated', 'active', 'active']);
    await stage.leave();
  });
});
