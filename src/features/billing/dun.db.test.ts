import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { loadOpenAfterCredit } from '#access/open-after-credit.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import { atOnce } from '#test/features/at-once.ts';
import { openTill, type Payer, type Till } from '#test/features/till.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { dun } from './dun.ts';

let bridge: TestBridge;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());

const zone = 'Asia/Jakarta';
const at = (moment: string): number => Date.parse(`${moment}:00+07:00`);
const run = ({ tenant, registering: { appendMessage } }: Till, now: number, { db } = bridge): Promise<void> =>
  dun(db, { tenantId: tenant.id, correlationId: '-', zone, now, appendMessage, openElsewhere: loadOpenAfterCredit });

/** 100 at full length. */
const worlds = Math.max(10, Math.round(100 * Number(process.env.JEMBATAN_FAULT_SCALE)));

const sent = async ({ tenant }: Till, { look } = bridge): Promise<readonly string[]> =>
  (
    await look<{ event: string }>(
      `select event from messages where tenant_id = $1 and event in ('reminder', 'payment_overdue') order by created_at`,
      [tenant.id],
    )
  ).map(({ event }) => event);
const fees = ({ tenant }: Till) =>
  bridge.look<{ total: number; due_date: string }>(
    `select total::int, due_date from invoices where tenant_id = $1 and reason = 'fee'`,
    [tenant.id],
  );

const steps = [
  { kind: 'message', from: 'due', days: -3 },
  { kind: 'message', from: 'due', days: -1 },
  { kind: 'message', from: 'due', days: 2 },
  { kind: 'fee', from: 'due', days: 3, amount: 10_000 },
];

/** Budi owes 150,000, billed on the 1st of February, due on the 20th. */
async function owing(on = bridge): Promise<readonly [Till, Payer]> {
  const till = await openTill(on, { dunning: { steps } });
  const budi = await till.payer({ email: 'budi@contoh.id' });
  await till.billed(budi, 150_000);
  return [till, budi];
}

describe('dunning', () => {
  it('L4: reminds 3 and 1 days before the due date and after it, by day, each once, and charges a fee once', async () => {
    const [till] = await owing();
    await run(till, at('2025-02-16T12:00'));
    expect(await sent(till)).toEqual([]);
    await run(till, at('2025-02-17T07:59'));
    expect(await sent(till)).toEqual([]);
    for (const moment of ['2025-02-17T08:05', '2025-02-17T09:05', '2025-02-19T08:05', '2025-02-22T08:05'])
      await run(till, at(moment));
    expect(await sent(till)).toEqual(['reminder', 'reminder', 'payment_overdue']);
    expect(await fees(till)).toEqual([]);
    for (const moment of ['2025-02-23T00:05', '2025-02-23T01:05', '2025-03-20T12:05']) await run(till, at(moment));
    expect(await fees(till)).toEqual([{ total: 10_000, due_date: '2025-03-20' }]);
  });

  it('L4: after a downtime only the latest reminder goes out, and a fee whose time is over is not charged', async () => {
    const [till] = await owing();
    await run(till, at('2025-03-10T10:00'));
    await run(till, at('2025-03-10T11:00'));
    expect(await sent(till)).toEqual(['payment_overdue']);
    expect(await fees(till)).toEqual([]);
  });

  it('L4: who has paid is neither reminded nor charged; nor is who has promised to pay', async () => {
    const [till, budi] = await owing();
    await till.paid(budi, 150_000);
    const [other, sari] = await owing();
    await bridge.look(
      `insert into promises (tenant_id, customer_id, until, recorded_by, recorded_at)
       values ($1, $2, '2025-02-25', gen_random_uuid(), now())`,
      [other.tenant.id, sari.id],
    );
    for (const one of [till, other]) await run(one, at('2025-02-24T12:00'));
    expect([await sent(till), await sent(other), await fees(till), await fees(other)]).toEqual([[], [], [], []]);
  });

  it('L4: however runs follow and overlap, each step of a bill is done once at most, and a fee bears no fee', async () => {
    const moments = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 * 24 }), fc.integer({ min: 1, max: 3 })), {
      minLength: 3,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(moments, async (hours) => {
        const [till] = await owing();
        for (const [hour, beside] of hours) {
          const now = at('2025-02-15T00:00') + hour * 3_600_000;
          await Promise.all(Array.from({ length: beside }, () => run(till, now)));
        }
        const rows = await bridge.look<{ outcome: string; message_id: unknown; fee_id: unknown }>(
          'select outcome, message_id, fee_id from dunning_steps where tenant_id = $1',
          [till.tenant.id],
        );
        const count = (outcome: string): number => rows.filter((row) => row.outcome === outcome).length;
        expect((await sent(till)).length).toBe(count('sent'));
        expect((await fees(till)).length).toBe(count('charged'));
        expect(count('charged')).toBeLessThanOrEqual(1);
        expect(count('sent')).toBeLessThanOrEqual(6);
        for (const row of rows) expect((row.message_id ?? row.fee_id) === null).toBe(row.outcome === 'skipped');
      }),
      { numRuns: worlds },
    );
  }, 600_000);

  it('L4: two at once who both find a step due do it once; control: without the step’s own key they do it twice', async () => {
    const remindedOf = async (on: TestBridge): Promise<readonly string[]> => {
      const [till, { id }] = await owing(on);
      const held = { sql: 'select from customers where id = $1 for update', values: [id] };
      const begin = () => run(till, at('2025-02-19T12:00'), on);
      await atOnce(on, held, [begin, begin]);
      return sent(till, on);
    };
    expect(await remindedOf(bridge)).toEqual(['reminder']);
    const keyless = await createTestBridge(inject('postgresUrl'));
    try {
      await keyless.look('alter table dunning_steps drop constraint dunning_steps_pkey');
      expect(await remindedOf(keyless)).toEqual(['reminder', 'reminder']);
    } finally {
      await keyless.close();
    }
  });

  it('L4: bills of ERPNext are reminded of by the same steps, less what was paid in, and bear no fee', async () => {
    const till = await openTill(bridge, {
      dunning: { steps: [...steps, { kind: 'message', from: 'issue', days: 5 }] },
    });
    const { id: tenantId } = till.tenant;
    await bridge.look(
      `insert into connections (tenant_id, system, settings, secrets) values ($1, 'erpnext', '{}', '-')`,
      [tenantId],
    );
    const document = (customer: string, doctype: string, fact: Readonly<Record<string, unknown>>) =>
      bridge.look(
        `insert into ledger_documents (tenant_id, doctype, name, customer, modified, fact, changed, fetched_at)
         values ($1, $2, $3, $4, '', $5, true, now())`,
        [tenantId, doctype, fact.name, customer, JSON.stringify({ ...fact, customer })],
      );
    const owes = async (name: string, free: string): Promise<void> => {
      const { id } = await till.payer({ email: `${name}@contoh.id` });
      await bridge.look('update customers set erp_customer = $2 where id = $1', [id, name]);
      await document(name, 'Sales Invoice', {
        ...{ kind: 'invoice', name: `SINV-${name}`, subscription: null, submitted: true, isReturn: false },
        ...{ returnAgainst: null, issuedOn: '2025-02-01', dueDate: '2025-02-20', total: '9000', outstanding: '9000' },
        ...{ terms: [{ dueDate: '2025-02-20', amount: '9000' }], items: [] },
      });
      const receipt = { kind: 'receipt', name: `PE-${name}`, submitted: true, unallocated: free, pays: [] };
      await document(name, 'Payment Entry', receipt);
    };
    await owes('budi', '2000');
    await owes('sari', '9000');
    const told: unknown[] = [];
    const { registering } = till;
    const appendMessage: AppendMessage = (tx, of, message) => {
      told.push(Object(message.values).amount);
      return registering.appendMessage(tx, of, message);
    };
    const noting = { ...till, registering: { ...registering, appendMessage } };
    for (const moment of ['2025-02-05T12:00', '2025-02-06T12:00', '2025-02-17T12:00', '2025-02-24T12:00'])
      await run(noting, at(moment));
    expect(await sent(till)).toEqual(['reminder', 'reminder', 'payment_overdue']);
    expect(new Set(told)).toEqual(new Set(['IDR 7000']));
    expect(await fees(till)).toEqual([]);
  });
});
