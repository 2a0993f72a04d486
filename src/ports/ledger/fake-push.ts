import type { Invoice, LedgerFact } from '#domain/facts.ts';
import { lesser } from '#domain/money.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { LedgerFailure } from './port.ts';
import type { LedgerPush, NewLedgerBill, NewLedgerPayment } from './push/port.ts';

type Kept = {
  readonly answer: <T>(work: () => Result<T, LedgerFailure>) => Promise<Result<T, LedgerFailure>>;
  /** Stores a document; answers its name. */
  readonly put: (fact: LedgerFact) => string;
  readonly all: () => readonly LedgerFact[];
};

const open = (fact: LedgerFact): fact is Invoice => fact.kind === 'invoice' && fact.submitted && fact.outstanding > 0n;

const rejected = (detail: string): Result<never, LedgerFailure> => err({ reason: 'rejected', detail });

/** Pays the named bill first, then what fell due first; answers which, and what is left. */
function settle({ put, all }: Kept, { customer, amount, invoice }: NewLedgerPayment) {
  const owed = all()
    .filter(open)
    .filter((fact) => fact.customer === customer);
  const ordered = owed.sort((a, b) =>
    (a.name === invoice) === (b.name === invoice) ? (a.dueDate < b.dueDate ? -1 : 1) : a.name === invoice ? -1 : 1,
  );
  let left = amount;
  const pays: string[] = [];
  for (const bill of ordered) {
    if (left === 0n) break;
    const paid = lesser(left, bill.outstanding);
    left -= paid;
    pays.push(bill.name);
    put({ ...bill, outstanding: bill.outstanding - paid });
  }
  return { pays, left };
}

function billFact(name: string, bill: NewLedgerBill): Invoice {
  const sum = bill.lines.reduce((total, { quantity, unitPrice }) => total + BigInt(quantity) * unitPrice, 0n);
  const isReturn = bill.kind === 'credit_note';
  const total = isReturn ? -sum : sum;
  const { customer, subscription, dueDate, item } = bill;
  const terms = [{ dueDate, amount: total }];
  const standing = { submitted: true, isReturn, returnAgainst: null, total, outstanding: total };
  return { kind: 'invoice', name, customer, subscription, dueDate, terms, items: [item], ...standing };
}

/** What is pushed to a ledger in memory: kept by its reference, with what it was asked as. */
export function createFakePush(kept: Kept): LedgerPush {
  const made = new Map<string, { readonly name: string; readonly asked: string }>();
  const once = (
    kind: string,
    asked: { readonly hubRef: string },
    make: (name: string) => Result<string, LedgerFailure>,
  ) =>
    kept.answer<string>(() => {
      const told = JSON.stringify(asked, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
      const there = made.get(`${kind} ${asked.hubRef}`);
      if (there) return there.asked === told ? ok(there.name) : rejected(`${there.name} is there otherwise`);
      const name = make(`${kind}-${String(made.size + 1).padStart(5, '0')}`);
      if (name.ok) made.set(`${kind} ${asked.hubRef}`, { name: name.value, asked: told });
      return name;
    });
  const modems = new Map<string, string>();
  return {
    recordPayment: (payment) =>
      once('PUSHED-PAY', payment, (name) => {
        const { customer } = payment;
        const { pays, left } = settle(kept, payment);
        return ok(kept.put({ kind: 'receipt', name, customer, submitted: true, unallocated: left, pays }));
      }),
    createInvoice: (bill) => once('PUSHED-INV', bill, (name) => ok(kept.put(billFact(name, bill)))),
    createSubscription: (line) =>
      once('PUSHED-SUB', line, (name) => {
        const { customer, billingMode, dueDay, username, item } = line;
        const plan = kept.all().find((fact) => fact.kind === 'plan' && (fact.name === item || fact.item === item));
        if (!plan) return rejected(`no plan bills ${item}`);
        const plans = [plan.name];
        return ok(
          kept.put({ kind: 'subscription', name, customer, cancelled: false, plans, billingMode, dueDay, username }),
        );
      }),
    createIssue: (issue) => once('PUSHED-ISS', issue, ok),
    createSalary: (salary) => once('PUSHED-ADS', salary, ok),
    createJournal: (journal) => once('PUSHED-JV', journal, ok),
    writeModem: (subscription, serial) =>
      kept.answer<'written' | 'unchanged'>(() => {
        if (!kept.all().some((fact) => fact.kind === 'subscription' && fact.name === subscription))
          return rejected(`Subscription ${subscription} is gone`);
        if (modems.get(subscription) === serial) return ok('unchanged');
        modems.set(subscription, serial);
        return ok('written');
      }),
    recordCheckIn: (checkIn) => once('PUSHED-CKI', checkIn, ok),
  };
}
