import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AttributeRow } from '#domain/access.ts';
import { macLock } from '#domain/mac.ts';
import {
  type EnforcerSubject,
  freshUsername,
  good,
  isolir,
  planGroup,
  plans,
  terminated,
  userAccess,
} from '../contract-subject.ts';
import type { UserAccess } from '../port.ts';

const octet = fc.integer({ min: 0, max: 255 });
const mac = fc
  .uint8Array({ minLength: 6, maxLength: 6 })
  .map((bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':'));
const fixedAddress = fc.tuple(octet, octet).map(
  ([a, b]): AttributeRow => ({
    attribute: 'Framed-IP-Address',
    op: ':=',
    value: `10.20.${a}.${b}`,
  }),
);

/** A line as it is served: password, modem or none, plan, a fixed address or none. */
const line = fc.record({
  password: fc.stringMatching(/^[A-Za-z0-9]{8}$/),
  mac: fc.option(mac),
  group: fc.constantFrom(...plans.map(planGroup)),
  reply: fc.option(fixedAddress).map((row) => (row ? [row] : [])),
});
type Line = Pick<UserAccess, 'password' | 'mac' | 'group' | 'reply'>;

/** What a line's life asks of the enforcer, in terms that each implementation can be held to (spec P25 to P28). */
export function lifecycleContract(given: () => EnforcerSubject): void {
  const property = (name: string, prove: (username: string, line: Line) => Promise<void>): void => {
    it(name, async () => {
      const run = async (anyLine: Line) => {
        const username = freshUsername();
        good(await given().enforcer.applyUsers([userAccess(username, anyLine)]));
        await prove(username, anyLine);
      };
      await fc.assert(fc.asyncProperty(line, run), { numRuns: 100 });
    });
  };
  const move = async (username: string, next: Line) =>
    good(await given().enforcer.applyUsers([userAccess(username, next)]));
  const stored = async (username: string) => good(await given().enforcer.readUser(username));

  property(
    'P25: activation: the account exists with its password, its modem and its plan',
    async (username, active) => {
      const rows = await stored(username);
      expect(rows?.groups).toEqual([active.group]);
      expect(rows?.check).toContainEqual({ attribute: 'Cleartext-Password', op: ':=', value: active.password });
      const locks = rows?.check.filter((row) => row.attribute === 'Calling-Station-Id').map((row) => row.value);
      expect(locks).toEqual(active.mac === null ? [] : [macLock(active.mac).value]);
      expect(rows?.reply).toEqual(active.reply);
    },
  );

  property('P26: plan change: the one group follows, and nothing else moves', async (username, active) => {
    const before = await stored(username);
    for (const group of plans.map(planGroup)) {
      await move(username, { ...active, group });
      const rows = await stored(username);
      expect(rows?.groups).toEqual([group]);
      expect(rows).toMatchObject({ check: before?.check, reply: before?.reply });
    }
  });

  property('P27: suspension: isolir without an address of its own, and back as it was', async (username, active) => {
    const before = await stored(username);
    await move(username, { ...active, group: isolir, reply: [] });
    const isolated = await stored(username);
    expect(isolated?.groups).toEqual([isolir]);
    expect(isolated?.reply).toEqual([]);
    expect(isolated?.check).toEqual(before?.check);
    const { reply } = await given().groupRows(isolir);
    expect(reply).toContainEqual({ attribute: 'Mikrotik-Address-List', op: ':=', value: 'isolir' });
    await move(username, active);
    expect(await stored(username)).toMatchObject({ groups: before?.groups, reply: before?.reply });
  });

  property('P28: termination: the account is rejected', async (username, active) => {
    await move(username, { ...active, group: terminated, reply: [] });
    expect((await stored(username))?.groups).toEqual([terminated]);
    const { check } = await given().groupRows(terminated);
    expect(check).toEqual([{ attribute: 'Auth-Type', op: ':=', value: 'Reject' }]);
  });

  property('R3: a new modem moves the lock, and taking the lock away frees the line', async (username, active) => {
    await move(username, { ...active, mac: '02:00:00:00:00:01' });
    const locks = (await stored(username))?.check.filter((row) => row.attribute === 'Calling-Station-Id');
    expect(locks).toEqual([macLock('02:00:00:00:00:01')]);
    await move(username, { ...active, mac: null });
    expect((await stored(username))?.check.map((row) => row.attribute)).toEqual(['Cleartext-Password']);
  });
}
