import { describe, expect, it } from 'vitest';
import { classifyUsers, type RadiusUsersSnapshot } from './import-candidates.ts';
import { readRadiusMapping } from './mapping.ts';

const row = (username: string, attribute: string, op: string, value: string) => ({ username, attribute, op, value });
const member = (username: string, groupname: string, priority = 1) => ({ username, groupname, priority });
const password = (username: string) => row(username, 'Cleartext-Password', ':=', 'rahasia1');

function classify(parts: Partial<RadiusUsersSnapshot>) {
  return classifyUsers({ check: [], reply: [], groups: [], ...parts }, readRadiusMapping());
}

describe('adopting users', () => {
  it('a usual daloRADIUS user is adopted as it is, password unchanged', () => {
    const [budi] = classify({
      check: [
        password('Budi'),
        row('Budi', 'Calling-Station-Id', '==', 'aa-bb-cc-dd-ee-ff'),
        row('Budi', 'Expiration', ':=', '1 Jan 2030'),
      ],
      reply: [row('Budi', 'Framed-IP-Address', ':=', '10.0.0.9'), row('Budi', 'Framed-Protocol', ':=', 'PPP')],
      groups: [member('Budi', '10M', 0)],
    });
    expect(budi).toEqual({
      username: 'Budi',
      canonical: 'budi',
      password: { kind: 'clear', attribute: 'Cleartext-Password', value: 'rahasia1' },
      groups: [{ name: '10M', priority: 0 }],
      mac: 'AA:BB:CC:DD:EE:FF',
      reply: [{ attribute: 'Framed-IP-Address', op: ':=', value: '10.0.0.9' }],
      foreign: [
        { attribute: 'Expiration', op: ':=', value: '1 Jan 2030' },
        { attribute: 'Framed-Protocol', op: ':=', value: 'PPP' },
      ],
      bridged: false,
      problems: [],
    });
  });

  it.each([
    ['two spellings of one name', { check: [password('budi'), password('BUDI ')] }, 'case_twin'],
    ['a name with a blank in it', { check: [password('bu di')] }, 'unusable_name'],
    ['a name over 32 characters', { check: [password('x'.repeat(33))] }, 'unusable_name'],
    ['a hashed password only', { check: [row('budi', 'NT-Password', ':=', '0cb6')] }, 'hashed_password'],
    ['no password', { groups: [member('budi', '10M')] }, 'no_password'],
    ['two passwords', { check: [password('budi'), password('budi')] }, 'several_passwords'],
    ['a password by ==', { check: [row('budi', 'Cleartext-Password', '==', 'x')] }, 'password_never_accepted'],
    ['User-Password', { check: [row('budi', 'User-Password', ':=', 'x')] }, 'password_never_accepted'],
    ['a lock that is no MAC', { check: [row('budi', 'Calling-Station-Id', '==', 'line 7')] }, 'unreadable_mac_lock'],
    [
      'a lock by a pattern',
      { check: [row('budi', 'Calling-Station-Id', '=~', 'AA:BB:CC:DD:EE:FF')] },
      'unreadable_mac_lock',
    ],
    ['no group', { check: [password('budi')] }, 'no_group'],
    ['two groups', { groups: [member('budi', '10M'), member('budi', 'vip')] }, 'several_groups'],
    ['a locked user', { groups: [member('budi', 'daloRADIUS-Disabled-Users', -1)] }, 'blocked'],
  ])('%s is told', (_what, parts, problem) => {
    for (const candidate of classify(parts)) expect(candidate.problems).toContain(problem);
    expect(classify(parts).length).toBeGreaterThan(0);
  });

  it("a user in one of the hub's groups is bridged already", () => {
    expect(classify({ groups: [member('budi', 't1a2b3c4d:isolir')] })[0]?.bridged).toBe(true);
  });
});
