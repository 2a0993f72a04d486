import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountingContract } from './accounting/contract.ts';
import {
  applyGroups,
  type EnforcerSubject,
  freshUsername,
  good,
  isolir,
  nextGeneration,
  otherTenantsGroup,
  planGroup,
  plans,
  userAccess,
} from './contract-subject.ts';
import { departureContract } from './departure/contract.ts';
import { inspectionContract } from './inspection/contract.ts';
import { lifecycleContract } from './lifecycle/contract.ts';
import { routerContract } from './routers/contract.ts';
import { sessionContract } from './sessions/contract.ts';

/** Every implementation of `Enforcer` passes this suite; `makeSubject` gives an empty system. */
export function enforcerContract(name: string, makeSubject: () => Promise<EnforcerSubject>): void {
  describe(`enforcer contract: ${name}`, () => {
    let subject: EnforcerSubject;
    beforeAll(async () => {
      subject = await makeSubject();
      await applyGroups(subject);
    });
    afterAll(() => subject.close());
    const given = () => subject;
    fenceContract(given);
    refusalContract(given);
    lifecycleContract(given);
    routerContract(given);
    sessionContract(given);
    departureContract(given);
    inspectionContract(given);
    accountingContract(given);
  });
}

function fenceContract(given: () => EnforcerSubject): void {
  it('P-a: the same wish a second time changes no row', async () => {
    const { enforcer } = given();
    const user = userAccess(freshUsername(), { mac: 'AA:BB:CC:DD:EE:FF' });
    expect(good(await enforcer.applyUsers([user]))[0]).toMatchObject({ outcome: 'written' });
    const again = [user, { ...user, generation: nextGeneration() }];
    for (const wish of again) {
      expect(good(await enforcer.applyUsers([wish]))).toMatchObject([{ outcome: 'unchanged', rowsChanged: 0 }]);
    }
  });

  it('REL-5: in whatever order wishes come, the newest generation is what stands', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 5 }),
        async (offsets) => {
          const { enforcer } = given();
          const username = freshUsername();
          const base = nextGeneration() * 1_000n;
          let newest = -1;
          for (const offset of offsets) {
            const wish = userAccess(username, { generation: base + BigInt(offset), password: `secret${offset}` });
            const [applied] = good(await enforcer.applyUsers([wish]));
            expect(applied?.outcome).toBe(offset > newest ? 'written' : 'superseded');
            newest = Math.max(newest, offset);
          }
          const rows = good(await enforcer.readUser(username));
          expect(rows?.generation).toBe(base + BigInt(newest));
          expect(rows?.check.map((row) => row.value)).toEqual([`secret${newest}`]);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('answers in the order asked, and of two wishes for one name the newer counts', async () => {
    const { enforcer } = given();
    const [a, b] = [freshUsername(), freshUsername()];
    const old = userAccess(b, { password: 'older123' });
    const wishes = [userAccess(b, { password: 'newer123' }), userAccess(a), old];
    const outcomes = good(await enforcer.applyUsers(wishes)).map((applied) => applied.outcome);
    expect(outcomes).toEqual(['written', 'written', 'superseded']);
    expect(good(await enforcer.readUser(b))?.check.map((row) => row.value)).toEqual(['newer123']);
  });

  it('a group follows its newest generation, and a second identical call changes nothing', async () => {
    const { enforcer, groupRows } = given();
    const group = planGroup('fence-test');
    const reply = (value: string) => [{ attribute: 'Mikrotik-Rate-Limit', op: ':=', value }];
    const [older, newer] = [nextGeneration(), nextGeneration()];
    const wish = { group, generation: newer, check: [], reply: reply('1M/2M') };
    expect(good(await enforcer.applyGroup(wish)).outcome).toBe('written');
    expect(good(await enforcer.applyGroup(wish))).toMatchObject({ outcome: 'unchanged', rowsChanged: 0 });
    const late = await enforcer.applyGroup({ group, generation: older, check: [], reply: reply('9M/9M') });
    expect(good(late).outcome).toBe('superseded');
    expect((await groupRows(group)).reply).toContainEqual(reply('1M/2M')[0]);
  });
}

function refusalContract(given: () => EnforcerSubject): void {
  it('law 7: a user whose group has no reply rows comes too early, and its fence stays where it was', async () => {
    const { enforcer } = given();
    const username = freshUsername();
    const early = userAccess(username);
    const refused = await enforcer.applyUsers([userAccess(username, { group: planGroup('never-written') })]);
    expect(refused).toMatchObject({ ok: false, error: { reason: 'premature', refused: [username] } });
    expect(good(await enforcer.readUser(username))).toBeNull();
    expect(good(await enforcer.applyUsers([early]))).toMatchObject([{ outcome: 'written' }]);
  });

  it('one refused user refuses the call, is named, and leaves the others unwritten', async () => {
    const { enforcer } = given();
    const [served, bad] = [freshUsername(), freshUsername()];
    const wishes = [userAccess(served), userAccess(bad, { group: planGroup('never-written') })];
    expect(await enforcer.applyUsers(wishes)).toMatchObject({ ok: false, error: { refused: [bad] } });
    expect(good(await enforcer.readUser(served))).toBeNull();
  });

  it('whoever only comes too early is not named beside one that is refused for good', async () => {
    const { enforcer } = given();
    const [stolen, early] = [freshUsername(), freshUsername()];
    good(await enforcer.applyUsers([userAccess(stolen)]));
    const wishes = [
      userAccess(stolen, { group: otherTenantsGroup }),
      userAccess(early, { group: planGroup('never-written') }),
    ];
    const refused = await enforcer.applyUsers(wishes);
    expect(refused).toMatchObject({ ok: false, error: { reason: 'rejected', refused: [stolen] } });
  });

  it('law 7: a group without reply rows is refused', async () => {
    const group = { group: planGroup('empty'), generation: nextGeneration(), check: [], reply: [] };
    expect(await given().enforcer.applyGroup(group)).toMatchObject({ ok: false, error: { reason: 'rejected' } });
  });

  it.each(['Budi', ' budi', 'budi ', 'bu di', '', `${'x'.repeat(33)}`, 'bu\u0000di', 'ｂudi'])(
    'X9: the username %j is no canonical one and is refused',
    async (username) => {
      const answer = await given().enforcer.applyUsers([userAccess(username)]);
      expect(answer).toMatchObject({ ok: false, error: { reason: 'rejected' } });
    },
  );

  it("X9: a user of one tenant is never moved into another tenant's group", async () => {
    const { enforcer } = given();
    const username = freshUsername();
    good(await enforcer.applyUsers([userAccess(username)]));
    const stolen = await enforcer.applyUsers([userAccess(username, { group: otherTenantsGroup })]);
    expect(stolen).toMatchObject({ ok: false, error: { reason: 'rejected' } });
    expect(good(await enforcer.readUser(username))?.groups).toEqual([planGroup(plans[0])]);
  });

  it('P-f: whatever is done to a user, the rows of others stay as they were', async () => {
    const rows = fc.array(
      fc.record({
        attribute: fc.constantFrom('Expiration', 'Framed-Protocol', 'Service-Type', 'Session-Timeout', 'WISPr-Volume'),
        op: fc.constantFrom(':=', '=', '=='),
        value: fc.stringMatching(/^[a-zA-Z0-9 ]{0,11}[a-z0-9]$/),
      }),
      { maxLength: 4 },
    );
    const groups = fc.uniqueArray(fc.constantFrom('daloRADIUS-Disabled-Users', 'vip', '10M'), { maxLength: 2 });
    const steps = fc.array(fc.constantFrom(...plans.map(planGroup), isolir), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(rows, rows, groups, steps, async (check, reply, foreignGroups, targets) => {
        const { enforcer, putForeign } = given();
        const username = freshUsername();
        const foreign = { groups: foreignGroups, check, reply };
        await putForeign(username, foreign);
        for (const group of targets) good(await enforcer.applyUsers([userAccess(username, { group })]));
        const stored = good(await enforcer.readUser(username));
        expect(stored?.foreign).toEqual(foreign);
        expect(stored?.groups).toEqual(targets.slice(-1));
      }),
      { numRuns: 100 },
    );
  });
}
