import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UserAccess } from '#ports/enforcer/port.ts';
import { type Cells, diffRows, type StoredRow } from './diff.ts';
import { readRadiusMapping } from './mapping.ts';
import { groupFault, otherTenant, type StoredUser, userChange, userFault } from './rows.ts';

const mapping = readRadiusMapping();

const user = (parts: Partial<UserAccess> = {}): UserAccess => ({
  username: 'budi',
  generation: 1n,
  group: 't1a2b3c4d:10-mbps',
  password: 'Abc123xy',
  mac: null,
  reply: [],
  ...parts,
});

const stored = (...cells: Cells[]): readonly StoredRow[] =>
  cells.map((row, index) => ({ id: index + 1, owner: 'budi', cells: row }));

const nothing: StoredUser = { check: [], reply: [], groups: [] };

const applyDiff = (rows: readonly StoredRow[], desired: readonly Cells[]): readonly Cells[] => {
  const change = diffRows(rows, desired, (cells) => cells[0]);
  const kept = rows.filter((row) => !change.deletes.includes(row.id));
  const updated = kept.map((row) => change.updates.find((update) => update.id === row.id)?.cells ?? row.cells);
  return [...updated, ...change.inserts];
};

const sorted = (rows: readonly Cells[]): readonly string[] => rows.map((row) => JSON.stringify(row)).sort();

describe('the difference of rows', () => {
  const row = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(':=', '='), fc.constantFrom('1', '2'));

  it('P-a: from any rows to any others, and none once they are there', () => {
    fc.assert(
      fc.property(fc.array(row), fc.array(row), (before, desired) => {
        expect(sorted(applyDiff(stored(...before), desired))).toEqual(sorted(desired));
        const settled = diffRows(stored(...desired), desired, (cells) => cells[0]);
        expect(settled).toEqual({ deletes: [], updates: [], inserts: [] });
      }),
      { numRuns: 1_000 },
    );
  });

  it('changes a row of the same slot in place instead of deleting and inserting', () => {
    const change = diffRows(stored(['a', ':=', '1']), [['a', ':=', '2']], (cells) => cells[0]);
    expect(change).toEqual({ deletes: [], updates: [{ id: 1, cells: ['a', ':=', '2'] }], inserts: [] });
  });
});

describe('the rows of a user', () => {
  it('one password row stays of several, whatever kind they were', () => {
    const check = stored(
      ['NT-Password', ':=', 'abc'],
      ['Cleartext-Password', '==', 'old'],
      ['cleartext-password', ':=', 'older'],
    );
    const change = userChange(user(), { ...nothing, check }, mapping).check;
    expect(change).toEqual({
      deletes: [1, 3],
      updates: [{ id: 2, cells: ['Cleartext-Password', ':=', 'Abc123xy'] }],
      inserts: [],
    });
  });

  it('law 7: a group of the same tenant is changed in place, its twins go, foreign ones stay', () => {
    const groups = stored(['daloRADIUS-Disabled-Users', '-1'], ['t1a2b3c4d:isolir', '1'], ['t1a2b3c4d:20-mbps', '0']);
    const change = userChange(user(), { ...nothing, groups }, mapping).groups;
    expect(change).toEqual({ deletes: [3], updates: [{ id: 2, cells: ['t1a2b3c4d:10-mbps', '1'] }], inserts: [] });
  });

  it("goes in front of a rival's group only, and a group that locks out keeps its place", () => {
    const priority = (...groups: Cells[]) =>
      userChange(user(), { ...nothing, groups: stored(...groups) }, mapping).groups.inserts[0]?.[1];
    expect(priority()).toBe('1');
    expect(priority(['10M', '5'])).toBe('1');
    expect(priority(['10M', '1'])).toBe('0');
    expect(priority(['10M', '0'], ['vip', '3'])).toBe('-1');
    expect(priority(['daloRADIUS-Disabled-Users', '-1'])).toBe('1');
  });

  it('X9: knows another tenant by its namespace, and no other group for one', () => {
    expect(otherTenant(user(), { ...nothing, groups: stored(['t99999999:isolir', '1']) })).toBe('t99999999');
    const own = stored(['t1a2b3c4d:isolir', '1'], ['10M', '1'], ['t123:plan', '1']);
    expect(otherTenant(user(), { ...nothing, groups: own })).toBeNull();
  });

  it.each([
    ['a password in back quotes, which FreeRADIUS would run', { password: '`id`' }],
    ['a password in quotation marks, which FreeRADIUS would strip', { password: '"abc"' }],
    ['an empty password', { password: '' }],
    ['a password with a line break', { password: 'abc\ndef' }],
    ['a MAC in small letters, which would lock everybody out', { mac: 'aa:bb:cc:dd:ee:ff' }],
    ['a group without a tenant', { group: 'isolir' }],
    ["somebody else's reply attribute", { reply: [{ attribute: 'Session-Timeout', op: ':=', value: '60' }] }],
    ['an address that is none', { reply: [{ attribute: 'Framed-IP-Address', op: ':=', value: '10.0.0' }] }],
    ['an operator that compares, in a reply', { reply: [{ attribute: 'Framed-Pool', op: '==', value: 'x' }] }],
  ])('%s is refused', (_what, parts) => {
    const fault = userFault(user(parts), mapping);
    expect(fault).toBeTypeOf('string');
    if ('password' in parts && parts.password) expect(fault).not.toContain(parts.password);
  });

  it('what the hub itself makes of a line is accepted', () => {
    const reply = [
      { attribute: 'Framed-IP-Address', op: ':=', value: '10.20.30.40' },
      { attribute: 'Framed-Route', op: '+=', value: '10.1.0.0/24 0.0.0.0 1' },
      { attribute: 'Delegated-IPv6-Prefix', op: ':=', value: '2001:db8::/56' },
    ];
    expect(userFault(user({ mac: 'AA:BB:CC:DD:EE:FF', reply }), mapping)).toBeNull();
  });
});

describe('the rows of a group', () => {
  const group = { group: 't1a2b3c4d:10-mbps', generation: 1n, check: [] };
  const reply = (attribute: string, value: string) => ({ ...group, reply: [{ attribute, op: ':=', value }] });

  it.each([
    ['an attribute that no dictionary knows', reply('Mikrotik-Ratelimit', '1M/1M')],
    ['a number in words', reply('Session-Timeout', '1 hour')],
    ['a number too large for RADIUS', reply('Session-Timeout', '4294967296')],
    [
      'a check that lets everybody in',
      { ...reply('Framed-Pool', 'x'), check: [{ attribute: 'Auth-Type', op: ':=', value: 'Accept' }] },
    ],
    ['no reply row', { ...group, reply: [] }],
    ['a name over 32 characters', { ...reply('Framed-Pool', 'x'), group: `t1a2b3c4d:${'x'.repeat(23)}` }],
    ['a name with characters that FreeRADIUS escapes', { ...reply('Framed-Pool', 'x'), group: 't1a2b3c4d:a+b' }],
  ])('%s is refused: one such row would reject all members', (_what, wrong) => {
    expect(groupFault(wrong, mapping)).toBeTypeOf('string');
  });
});
