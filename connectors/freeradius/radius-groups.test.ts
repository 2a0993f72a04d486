import { describe, expect, it } from 'vitest';
import { groupName } from '#domain/groups.ts';
import { isolirGroupRows, planGroupRows, terminatedGroupRows } from '#domain/radius-groups.ts';
import { readRadiusMapping } from './mapping.ts';
import { groupFault } from './rows.ts';

describe('the groups that the hub makes', () => {
  const full = planGroupRows(
    { downKbps: 50_000, upKbps: 10_000, priority: 3 },
    { addressPool: 'home', delegatedIpv6Pool: 'home6', maxSessions: 2 },
  );
  it.each([
    ['a plan', full],
    ['isolir', isolirGroupRows()],
    ['terminated', terminatedGroupRows()],
  ])('R2: %s stands in the dictionary with every attribute', (_what, rows) => {
    const group = groupName('1a2b3c4d-0000-4000-8000-000000000001', { plan: 'x'.repeat(22) });
    expect(groupFault({ group, generation: 1n, ...rows }, readRadiusMapping())).toBeNull();
  });
});
