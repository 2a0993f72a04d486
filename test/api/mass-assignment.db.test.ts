import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseText } from './database-text.ts';
import { fieldsIn } from './fields.ts';
import { bodySchema, writes } from './operations.ts';
import { called } from './recipes.ts';
import { openStage, type Stage } from './stage.ts';
import type { Tenant } from './tenant.ts';

let stage: Stage;
let mine: Tenant;
let other: Tenant;

beforeAll(async () => {
  stage = await openStage('m', 'n');
  [mine, other] = stage.tenants as [Tenant, Tenant];
}, 180_000);
afterAll(() => stage?.close());

const planted = randomUUID();

/** What no caller may set, with values that can be found again. */
const injected = (): Record<string, unknown> => ({
  id: planted,
  tenant_id: other.id,
  role: 'platform_owner',
  balance: 987_654_321,
  status: 'ditanam',
  state: 'ditanam',
  created_by: planted,
  created_at: '1999-12-31T00:00:00.000Z',
  updated_at: '1999-12-31T00:00:00.000Z',
  deleted_at: '1999-12-31T00:00:00.000Z',
  customer_code: 'DITANAM',
  password_hash: 'ditanam',
  user_id: planted,
  reseller_id: other.id,
  generation: 987_654_321,
  token_epoch: 987_654_321,
  key_hash: 'ditanam',
  erased_at: '1999-12-31T00:00:00.000Z',
  is_deleted: true,
});

/** The hub's own work for a tenant goes on all the while. */
const restless =
  /^(dirty_|wakes|inbox|outbox|timeline|schedules|audit_|access$|webhook_deliveries|messages|usage_|cut_forecasts$)/;

/** How often a tenant stands in every table. */
async function rowsOf({ id }: Tenant): Promise<Record<string, number>> {
  const texts = await databaseText(stage.hub);
  return Object.fromEntries(
    [...texts].filter(([table]) => !restless.test(table)).map(([table, text]) => [table, text.split(id).length - 1]),
  );
}

describe('fields that no caller may set', { timeout: 300_000 }, () => {
  it('SEC-19: id, tenant_id, role, balance, status, created_by and the like in any body change nothing', async () => {
    const before = await rowsOf(other);
    const tried: string[] = [];
    for (const operation of stage.callable.filter(writes)) {
      if (!bodySchema(stage.document, operation)) continue;
      const own = Object.keys(fieldsIn(stage.document, operation));
      const extra = Object.fromEntries(Object.entries(injected()).filter(([name]) => !own.includes(name)));
      const { status, text } = await called(operation, mine, (parts) => ({
        ...parts,
        body: { ...extra, ...Object(parts.body) },
      }));
      expect(status, `${operation.at} ${text}`).toBeLessThan(500);
      expect(text, operation.at).not.toMatch(new RegExp(`"id":"${planted}"|"(status|state)":"ditanam"|987654321`));
      tried.push(operation.at);
    }
    expect(tried.length).toBeGreaterThan(15);
    const texts = await databaseText(stage.hub);
    for (const [table, text] of texts) {
      for (const value of [planted, 'ditanam', 'DITANAM', '987654321', '1999-12-31']) {
        expect(text.includes(value), `${table} holds ${value}`).toBe(false);
      }
    }
    expect(await rowsOf(other)).toEqual(before);
    expect(await stage.hub.look(`select count(*)::int as n from users where role = 'platform_owner'`)).toEqual([
      { n: 1 },
    ]);
  });
});
