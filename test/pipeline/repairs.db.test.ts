import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { markDocuments } from '#access/mark-dirty.ts';
import { groupName } from '#domain/groups.ts';
import { addDays, localDate } from '#domain/local-time.ts';
import { type DriftStage, openDriftStage } from './drift-stage.ts';
import { type TestLine, zone } from './test-hub.ts';

const lineCount = 5;
const amount = 150_000n;
const hourMs = 3_600_000;

let stage: DriftStage;
/** What each line owes: the name of its open bill; null: nothing. */
const owed = new Map<string, string | null>();
let bills = 0;

beforeAll(async () => {
  stage = await openDriftStage(inject('postgresUrl'), inject('postgresUrl'), lineCount);
  await stage.look(`update tenants set settings = '{"brake_minimum": 100000}' where id = $1`, [stage.tenantId]);
});
afterAll(() => stage.leave());

const lineAt = (n: number): TestLine => {
  const line = stage.lines[n % lineCount];
  if (!line) throw new Error('there are no lines');
  return line;
};
const rightGroup = ({ username }: TestLine): string =>
  groupName(stage.tenantId, owed.get(username) ? 'isolir' : { plan: 'home' });

/** The bill as it is in the ledger from now on, and the hub told of it. */
async function tellBill({ customer }: TestLine, name: string, outstanding: bigint): Promise<void> {
  const dueDate = addDays(localDate(stage.time.now, zone), -3);
  stage.ledger.put({
    ...{
      kind: 'invoice',
      name,
      customer,
      subscription: customer,
      submitted: true,
      isReturn: false,
      returnAgainst: null,
    },
    ...{ dueDate, total: amount, outstanding, terms: [{ dueDate, amount }], items: ['FIBER'] },
  });
  await stage.db.worker(stage.tenantId, (tx) =>
    markDocuments(tx, stage.tenantId, [{ doctype: 'Sales Invoice', name, correlationId: 'told' }]),
  );
  await stage.settle();
}

async function owe(line: TestLine): Promise<void> {
  if (owed.get(line.username)) return;
  bills += 1;
  const name = `INV-${bills}`;
  owed.set(line.username, name);
  await tellBill(line, name, amount);
}

async function pay(line: TestLine): Promise<void> {
  const name = owed.get(line.username);
  if (!name) return;
  owed.set(line.username, null);
  await tellBill(line, name, 0n);
}

/** What another hand does to a line in RADIUS: it frees debtors, walls payers in, and breaks what it can. */
const hands: Readonly<Record<string, (line: TestLine) => Promise<unknown>>> = {
  free: ({ username }) =>
    stage.radius('update radusergroup set groupname = ? where username = ?', [
      groupName(stage.tenantId, { plan: 'home' }),
      username,
    ]),
  cut: ({ username }) =>
    stage.radius('update radusergroup set groupname = ? where username = ?', [
      groupName(stage.tenantId, 'isolir'),
      username,
    ]),
  ungroup: ({ username }) => stage.radius('delete from radusergroup where username = ?', [username]),
  double: ({ username }) =>
    stage.radius(
      `insert into radusergroup (username, groupname, priority)
       select username, groupname, priority from radusergroup where username = ?`,
      [username],
    ),
  forget: ({ username }) => stage.radius('delete from radcheck where username = ?', [username]),
  retype: ({ username }) => stage.radius(`update radcheck set value = 'x' where username = ?`, [username]),
  fence: ({ username }) =>
    stage.radius(`update hub_fence set gen = gen + 3 where kind = 'user' and name = ?`, [username]),
};

const act = fc.oneof(
  fc.record({ what: fc.constantFrom(...Object.keys(hands)), who: fc.nat(lineCount) }),
  fc.record({ what: fc.constantFrom('owe', 'pay'), who: fc.nat(lineCount) }),
  fc.record({ what: fc.constantFrom('reconcile', 'sweep', 'decide', 'dispatch'), who: fc.constant(0) }),
);
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;

async function perform({ what, who }: Act): Promise<void> {
  const line = lineAt(who);
  if (what === 'owe') return owe(line);
  if (what === 'pay') return pay(line);
  if (what === 'reconcile') return void (await stage.reconcile());
  if (what === 'sweep') return void (await stage.sweep());
  if (what === 'decide') return void (await stage.steps.decide());
  if (what === 'dispatch') return void (await stage.steps.dispatch());
  await hands[what]?.(line);
}

/** Intents since `after`, each with what it does to whom. */
const intentsAfter = (after: string) =>
  stage.look<{ id: string; subscription_id: string; group: string }>(
    `select id::text, subscription_id, intent -> 'desired' ->> 'group' as group from outbox
     where tenant_id = $1 and kind = 'access.apply' and id > $2::bigint order by id`,
    [stage.tenantId, after],
  );

it('X1: no repair frees a debtor or cuts a payer, whatever another hand writes and whenever the sweep comes', async () => {
  let last = '0';
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 9 }), async (acts) => {
      stage.time.now += 2 * hourMs;
      last = (await intentsAfter(last)).at(-1)?.id ?? last;
      for (const one of acts) {
        await perform(one);
        for (const { id, subscription_id: subject, group } of await intentsAfter(last)) {
          const line = stage.lines.find(({ subscriptionId }) => subscriptionId === subject);
          expect(line && group, JSON.stringify(acts)).toBe(line && rightGroup(line));
          last = id;
        }
      }
      // A sweep leaves a line alone whose repair is on its way, so what is on its way arrives first.
      await stage.settle();
      await stage.reconcile();
      for (const line of stage.lines) {
        const groups = await stage.radius('select groupname from radusergroup where username = ?', [line.username]);
        expect(groups, JSON.stringify(acts)).toEqual([{ groupname: rightGroup(line) }]);
      }
      expect(await stage.reconcile()).toEqual({});
    }),
    { numRuns: 100 },
  );
}, 180_000);
