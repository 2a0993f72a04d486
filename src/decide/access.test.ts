import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideAccess } from '#decide/access.ts';
import type { AccessState } from '#domain/access.ts';
import type { Invoice } from '#domain/facts.ts';
import type { LedgerFacts, LineFacts, LinePolicy } from '#domain/line.ts';
import { addDays, instantAt } from '#domain/local-time.ts';
import { invoice, line as lineFacts, policy, receipt, zone } from '#test/model/facts.ts';

const noon = (date: string): number => instantAt(date, 12, 0, zone);
const ledger = (over: Partial<LedgerFacts> = {}): LedgerFacts => ({
  invoices: [],
  receipts: [],
  readAt: null,
  settlesAt: null,
  ...over,
});
/** Of a ledger that holds nothing, where the test does not say what. */
const line = (over: Partial<LineFacts> = {}): LineFacts => lineFacts({ ledger: ledger(), ...over });
const stateAt = (facts: LineFacts, now: number, over: Partial<LinePolicy> = {}): AccessState =>
  decideAccess(facts, { ...policy, ...over }, now).desired.state;
const owing = (over: Partial<Invoice> = {}, readAt = 0): LedgerFacts => ledger({ invoices: [invoice(over)], readAt });

describe('decideAccess', () => {
  it('R5: postpaid due on the 20th is served through the 20th and isolated at 00:01 of the 21st', () => {
    const cut = instantAt('2026-11-21', 0, 1, zone);
    expect(stateAt(line({ ledger: owing({}, cut - 1) }), cut - 1)).toBe('active');
    expect(stateAt(line({ ledger: owing({}, cut) }), cut)).toBe('isolated');
  });

  it('R4: prepaid is isolated at 00:01 of the due day itself', () => {
    const cut = instantAt('2026-11-20', 0, 1, zone);
    const prepaid = (now: number) => line({ billingMode: 'prepaid', ledger: owing({}, now) });
    expect(stateAt(prepaid(cut - 1), cut - 1)).toBe('active');
    expect(stateAt(prepaid(cut), cut)).toBe('isolated');
  });

  it('B3: the hub looks again at the cut time although no event comes', () => {
    expect(decideAccess(line({ ledger: owing() }), policy, noon('2026-11-20')).lookAgainAt).toBe(
      instantAt('2026-11-21', 0, 1, zone),
    );
  });

  it('B3: nobody is cut on a reading older than 60 s, and the decision asks for one', () => {
    const now = noon('2026-11-21');
    for (const readAt of [null, now - 60_001, now + 1]) {
      const decided = decideAccess(line({ ledger: ledger({ invoices: [invoice()], readAt }) }), policy, now);
      expect([decided.desired.state, decided.needsEvidence]).toEqual(['active', true]);
    }
    expect(stateAt(line({ ledger: owing({}, now - 60_000) }), now)).toBe('isolated');
  });

  it('B3: debt that reappears because a payment was taken back settles first', () => {
    const now = noon('2026-11-21');
    const settling = line({ ledger: { ...owing({}, now), settlesAt: now + 1_000 } });
    const decided = decideAccess(settling, policy, now);
    expect([decided.desired.state, decided.lookAgainAt]).toEqual(['active', now + 1_000]);
    expect(stateAt(line({ ledger: { ...owing({}, now), settlesAt: now } }), now)).toBe('isolated');
  });

  it('law 3: a restore needs no evidence', () => {
    expect(
      stateAt(
        line({ present: 'isolated', ledger: ledger({ invoices: [invoice({ outstanding: 0n })] }) }),
        noon('2026-12-01'),
      ),
    ).toBe('active');
  });

  it('law 3: an isolated debtor stays isolated while the ledger is out of reach', () => {
    expect(stateAt(line({ present: 'isolated', ledger: owing({}, 0) }), noon('2026-12-01'))).toBe('isolated');
  });

  it('drafts and cancelled invoices bind nobody', () => {
    const now = noon('2026-12-01');
    expect(stateAt(line({ ledger: owing({ submitted: false }, now) }), now)).toBe('active');
  });

  it('with payment terms only what has fallen due counts', () => {
    const now = noon('2026-11-21');
    const terms = [
      { dueDate: '2026-11-20', amount: 50_000n },
      { dueDate: '2026-12-20', amount: 100_000n },
    ];
    expect(stateAt(line({ ledger: owing({ terms, outstanding: 100_000n, dueDate: '2026-12-20' }, now) }), now)).toBe(
      'active',
    );
    expect(stateAt(line({ ledger: owing({ terms, outstanding: 100_001n, dueDate: '2026-12-20' }, now) }), now)).toBe(
      'isolated',
    );
  });

  it('B3: unallocated receipts and open credit notes pay first, and no rupiah twice', () => {
    const now = noon('2026-11-21');
    const two = [invoice(), invoice({ name: 'INV-2', subscription: 'SUB-2', dueDate: '2026-11-19' })];
    const lines = [
      { subscriptionId: 'line-1', ledgerSubscription: 'SUB-1', item: 'FIBER' },
      { subscriptionId: 'line-2', ledgerSubscription: 'SUB-2', item: 'FIBER' },
    ];
    const facts = (id: string) =>
      line({ subscriptionId: id, lines, ledger: ledger({ invoices: two, receipts: [receipt()], readAt: now }) });
    expect([stateAt(facts('line-2'), now), stateAt(facts('line-1'), now)]).toEqual(['active', 'isolated']);
    const note = invoice({
      name: 'CN-1',
      isReturn: true,
      outstanding: -150_000n,
      total: -150_000n,
      returnAgainst: 'INV-1',
    });
    const credited = (id: string) =>
      line({ subscriptionId: id, lines, ledger: ledger({ invoices: [...two, note], readAt: now }) });
    expect([stateAt(credited('line-1'), now), stateAt(credited('line-2'), now)]).toEqual(['active', 'isolated']);
  });

  it('law 13: a bill for something else cuts nobody', () => {
    const now = noon('2026-12-01');
    expect(stateAt(line({ ledger: owing({ subscription: null, items: ['MODEM'] }, now) }), now)).toBe('active');
    expect(stateAt(line({ ledger: owing({ subscription: 'SUB-OTHER' }, now) }), now)).toBe('active');
  });

  it('B3: an invoice without a subscription belongs to the line whose item it bills', () => {
    const now = noon('2026-12-01');
    expect(stateAt(line({ ledger: owing({ subscription: null }, now) }), now)).toBe('isolated');
  });

  it('B3: where two lines could owe it, nothing changes and the reason says why', () => {
    const now = noon('2026-12-01');
    const lines = ['line-1', 'line-2'].map((id) => ({ subscriptionId: id, ledgerSubscription: null, item: 'FIBER' }));
    for (const present of ['active', 'isolated'] as const) {
      const decided = decideAccess(line({ present, lines, ledger: owing({ subscription: null }, now) }), policy, now);
      expect([decided.desired.state, decided.reason.code]).toEqual([present, 'ambiguous_invoice']);
    }
  });

  it('R4: a new prepaid line is pending until its first bill is paid, and never again', () => {
    const now = noon('2026-11-25');
    const fresh = { billingMode: 'prepaid', activatedBefore: false, present: null } as const;
    expect(stateAt(line({ ...fresh, ledger: ledger() }), now)).toBe('pending');
    expect(stateAt(line({ ...fresh, ledger: owing({ dueDate: '2026-12-01' }) }), now)).toBe('pending');
    expect(stateAt(line({ ...fresh, ledger: ledger({ invoices: [invoice({ outstanding: 0n })] }) }), now)).toBe(
      'active',
    );
    expect(stateAt(line({ ...fresh, ledger: ledger({ invoices: [invoice()], receipts: [receipt()] }) }), now)).toBe(
      'active',
    );
    expect(stateAt(line({ billingMode: 'prepaid', activatedBefore: true, ledger: ledger() }), now)).toBe('active');
  });

  it('C9: holds, missing installation and the end of a subscription stand above every bill', () => {
    const now = noon('2026-11-25');
    expect(stateAt(line({ hold: { reason: 'fraud' } }), now)).toBe('suspended');
    expect(stateAt(line({ installed: false }), now)).toBe('pending');
    expect(stateAt(line({ terminated: true, hold: { reason: 'fraud' } }), now)).toBe('terminated');
  });

  it('C9: the group follows the state, and a fixed address only the plan', () => {
    const reply = [{ attribute: 'Framed-IP-Address', op: '=', value: '10.0.0.9' }];
    const decided = (over: Partial<LineFacts>) =>
      decideAccess(line({ reply, ...over }), policy, noon('2026-11-25')).desired;
    expect(decided({})).toMatchObject({ group: 't1a2b3c4d:home', reply });
    expect(decided({ hold: { reason: 'x' } })).toMatchObject({ group: 't1a2b3c4d:isolir', reply: [] });
    expect(decided({ terminated: true })).toMatchObject({ group: 't1a2b3c4d:terminated', reply: [] });
  });

  const anyInvoice = fc
    .record({
      name: fc.constantFrom('INV-1', 'INV-2', 'INV-3', 'INV-4'),
      subscription: fc.constantFrom('SUB-1', 'SUB-2', null),
      day: fc.integer({ min: -40, max: 40 }),
      total: fc.integer({ min: 1, max: 300_000 }),
      paid: fc.integer({ min: 0, max: 300_000 }),
      submitted: fc.boolean(),
    })
    .map(({ name, subscription, day, total, paid, submitted }) => {
      const dueDate = addDays('2026-11-20', day);
      const outstanding = BigInt(Math.max(0, total - paid));
      return invoice({
        name,
        subscription,
        dueDate,
        total: BigInt(total),
        outstanding,
        submitted,
        terms: [{ dueDate, amount: BigInt(total) }],
      });
    });
  const invoices = fc.uniqueArray(anyInvoice, { maxLength: 4, selector: (one) => one.name });
  const present = fc.constantFrom<AccessState | null>('active', 'isolated', 'pending', 'suspended', null);

  it('P-g: money that comes in never moves a line into the walled garden', () => {
    fc.assert(
      fc.property(invoices, present, fc.bigInt({ min: 1n, max: 400_000n }), (bills, was, unallocated) => {
        const now = noon('2026-11-21');
        const before = line({ present: was, ledger: ledger({ invoices: bills, readAt: now }) });
        const after = line({
          present: was,
          ledger: ledger({ invoices: bills, readAt: now, receipts: [receipt({ unallocated })] }),
        });
        if (stateAt(before, now) === 'active') expect(stateAt(after, now)).toBe('active');
      }),
      { numRuns: 1_000 },
    );
  });

  it('P-d: without a fresh reading no served line is ever cut', () => {
    fc.assert(
      fc.property(
        invoices,
        fc.constantFrom<AccessState | null>('active', null),
        fc.integer({ min: 60_001, max: 10 ** 9 }),
        (bills, was, age) => {
          const now = noon('2026-11-21');
          expect(stateAt(line({ present: was, ledger: ledger({ invoices: bills, readAt: now - age }) }), now)).toBe(
            'active',
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('the decision settles: deciding again from what was decided changes nothing', () => {
    fc.assert(
      fc.property(invoices, present, (bills, was) => {
        const now = noon('2026-11-21');
        const facts = line({ present: was, ledger: ledger({ invoices: bills, readAt: now }) });
        const first = decideAccess(facts, policy, now);
        expect(decideAccess({ ...facts, present: first.desired.state }, policy, now).desired).toEqual(first.desired);
      }),
      { numRuns: 1_000 },
    );
  });
});
