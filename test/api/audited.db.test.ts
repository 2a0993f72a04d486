import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPublic, type Operation, writes } from './operations.ts';
import { called } from './recipes.ts';
import { firstOf, openStage, type Stage } from './stage.ts';

/** Reviewed: a POST because of what it does outside or how it is asked, which changes no entity of the hub. */
const changesNothing: readonly string[] = [
  'post /api/v1/connections/{system}/test',
  'post /api/v1/dry-runs',
  'post /api/v1/reseller/coverage',
];

let stage: Stage;

beforeAll(async () => {
  stage = await openStage('t');
}, 180_000);
afterAll(() => stage?.close());

type Entry = {
  readonly action: string;
  readonly entity_type: string;
  readonly entity_id: string;
  readonly actor_id: string;
};

/** What the audit log says of the request that an operation's recipe makes. */
async function entriesOf(operation: Operation): Promise<readonly Entry[]> {
  const tenant = firstOf(stage);
  const told = await called(operation, tenant);
  expect(told.status, `${operation.at} ${told.text}`).toBeLessThan(300);
  return stage.hub.look<Entry>(
    'select action, entity_type, entity_id, actor_id from audit_logs where correlation_id = $1 and address <> $2',
    [told.headers.get('X-Request-Id'), ''],
  );
}

describe('the audit log', { timeout: 300_000 }, () => {
  it('P45: every route that writes leaves an entry with action, type, id, person and address', async () => {
    const missing: string[] = [];
    const writing = stage.callable.filter((operation) => writes(operation) && !isPublic(operation));
    for (const operation of writing.filter(({ at }) => !changesNothing.includes(at))) {
      const entries = await entriesOf(operation);
      if (entries.length === 0) missing.push(operation.at);
      for (const entry of entries) {
        for (const part of Object.values(entry)) expect(part, `${operation.at} ${JSON.stringify(entry)}`).not.toBe('');
      }
    }
    expect(missing).toEqual([]);
  });
});
