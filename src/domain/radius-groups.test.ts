import { describe, expect, it } from 'vitest';
import { isolirGroupRows, planGroupRows, terminatedGroupRows } from '#domain/radius-groups.ts';

const values = (rows: readonly { attribute: string; value: string }[]) =>
  Object.fromEntries(rows.map((row) => [row.attribute, row.value]));

describe('RADIUS groups', () => {
  it('R2: a plan limits the rate from the router point of view, upload first', () => {
    const rows = planGroupRows({ downKbps: 20_000, upKbps: 5_000 });
    expect(values(rows.reply)).toEqual({ 'Mikrotik-Rate-Limit': '5M/20M', 'Acct-Interim-Interval': '300' });
    expect(values(rows.check)).toEqual({ 'Simultaneous-Use': '1' });
  });

  it('C1: pool and session limit of a plan arrive, and a line may override the pool', () => {
    const rows = planGroupRows({ downKbps: 1000, upKbps: 1000 }, { addressPool: 'home', maxSessions: 3 });
    expect(rows.reply).toContainEqual({ attribute: 'Framed-Pool', op: '=', value: 'home' });
    expect(values(rows.check)).toEqual({ 'Simultaneous-Use': '3' });
  });

  it('R2: isolir is slow, short, in its own pool and on its own list, and nothing a line has of its own beats it', () => {
    const { reply } = isolirGroupRows();
    expect(values(reply)).toEqual({
      'Framed-Pool': 'isolir',
      'Mikrotik-Address-List': 'isolir',
      'Mikrotik-Rate-Limit': '512k/512k',
      'Session-Timeout': '1800',
      'Acct-Interim-Interval': '300',
    });
    expect(reply.every((row) => row.op === ':=')).toBe(true);
  });

  it('R2: a terminated line is rejected', () => {
    expect(terminatedGroupRows().check).toEqual([{ attribute: 'Auth-Type', op: ':=', value: 'Reject' }]);
  });
});
