import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { creditBooked, spendBooked } from '#journeys/move-deposit.ts';
import { addTenant } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';

let bridge: TestBridge;
let tenantId: string;
const now = Date.parse('2025-02-10T03:00:00Z');
const mover = () => ({ tenantId, correlationId: 'c', by: null, now });

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  tenantId = (await addTenant(bridge)).id;
});
afterAll(() => bridge.close());

const reseller = async (): Promise<string> => {
  const [row] = await bridge.look<{ id: string }>(
    'insert into resellers (tenant_id, name) values ($1, $2) returning id',
    [tenantId, randomUUID()],
  );
  return row?.id ?? '';
};
const deed = (resellerId: string, amount: bigint) => {
  const id = randomUUID();
  return { resellerId, amount, sourceId: id, idemKey: id, memo: '' };
};
const topUp = (resellerId: string, amount: bigint) =>
  bridge.db.tenant(tenantId, (tx) =>
    creditBooked(tx, mover(), { ...deed(resellerId, amount), kind: 'top_up', other: [{ account: 'cash', amount }] }),
  );
const spend = (resellerId: string, amount: bigint) =>
  bridge.db.tenant(tenantId, (tx) =>
    spendBooked(tx, mover(), {
      ...deed(resellerId, amount),
      kind: 'vouchers',
      other: [{ account: 'unearned', amount: -amount }],
    }),
  );

describe('a deposit', () => {
  it('is what came in less what was spent, and never less than nothing', async () => {
    const r = await reseller();
    expect((await topUp(r, 100n)).balance).toBe(100n);
    expect((await topUp(r, 50n)).balance).toBe(150n);
    expect((await spend(r, 120n)).balance).toBe(30n);
    await expect(spend(r, 31n)).rejects.toMatchObject({ code: 'CONFLICT', details: { reason: 'deposit_too_low' } });
    expect((await spend(r, 30n)).balance).toBe(0n);
    await expect(
      bridge.db.tenant(tenantId, (tx) => sql`update deposits set balance = 5 where reseller_id = ${r}`.execute(tx)),
    ).rejects.toMatchObject({ constraint: 'deposits_moved' });
  });
});
