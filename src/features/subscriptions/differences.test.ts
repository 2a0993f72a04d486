import { describe, expect, it } from 'vitest';
import { macLock } from '#domain/mac.ts';
import { differences, withoutSecrets } from './differences.ts';

const password = { attribute: 'Cleartext-Password', op: ':=', value: 'Rahasia1' };
const lock = macLock('AA:BB:CC:DD:EE:FF');
const address = { attribute: 'Framed-IP-Address', op: ':=', value: '10.1.1.1' };
const none = { groups: [], check: [], reply: [] };

const desired = { state: 'active', group: 't1:home', mac: 'AA:BB:CC:DD:EE:FF', reply: [address] } as const;
const held = { groups: ['t1:home'], check: [password, lock], reply: [address], foreign: none, generation: 3n };

describe('what RADIUS holds and what was decided', () => {
  it('B6: nothing is told where they agree', () => {
    expect(differences(desired, held)).toEqual([]);
  });

  it('B6: each row that is missing, or stands there without being wanted, is told', () => {
    expect(differences(desired, null)).toEqual(['RADIUS does not know the user']);
    expect(differences(desired, { ...held, groups: ['t1:isolir'] })).toEqual([
      'RADIUS lacks group t1:home',
      'RADIUS has group t1:isolir, which nobody wants',
    ]);
    expect(differences({ ...desired, mac: null, reply: [] }, { ...held, check: [lock] })).toEqual([
      'RADIUS lacks the password',
      `RADIUS has check row Calling-Station-Id =~ ${lock.value}, which nobody wants`,
      'RADIUS has reply row Framed-IP-Address := 10.1.1.1, which nobody wants',
    ]);
  });

  it('SEC-22: a password is told to be there, never what it is', () => {
    expect(withoutSecrets([password, lock])).toEqual([{ ...password, value: '(hidden)' }, lock]);
  });
});
