import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { canonicalUsername } from '#domain/username.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { openOffice } from '#test/setup/office.ts';

let bridge: TestBridge;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());

const name = fc.string({ unit: fc.constantFrom(...'aAbB0.@_-'), minLength: 1, maxLength: 6 });
const spelt = name.chain((one) => fc.constantFrom(one, one.toUpperCase(), ` ${one}`, one.toLowerCase()));

describe('usernames of tenants who share a RADIUS database', () => {
  it('SEC-5: whoever asks for a name in whatever spelling, no two lines of any tenant have one canonical form', async () => {
    const shared = { radiusDb: randomUUID(), decides: false };
    const offices = [await openOffice(bridge, shared), await openOffice(bridge, shared)];
    const taken = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.tuple(spelt, fc.nat(1)), async ([username, which]) => {
        const office = offices[which];
        const canonical = canonicalUsername(username);
        if (!office || !canonical.ok) return;
        const { status, body } = await office.registered({ username });
        expect(status).toBe(taken.has(canonical.value) ? 409 : 201);
        if (status === 201) {
          taken.add(canonical.value);
          expect(body.subscription).toMatchObject({ username: username.trim() });
        }
      }),
      { numRuns: 200 },
    );
    const [sums] = await bridge.look<{ lines: number; names: number }>(
      `select count(*)::int as lines, count(distinct canonical_username)::int as names from subscriptions where radius_db = $1`,
      [shared.radiusDb],
    );
    expect(sums).toEqual({ lines: taken.size, names: taken.size });
  });

  it('SEC-5: MariaDB, whose collation folds case and blanks, tells 10,000 pairs of canonical names apart as the hub does', async () => {
    const maria = await createConnection({ uri: inject('mariadbUrl') });
    try {
      const pairs = fc
        .sample(fc.tuple(spelt, spelt), { numRuns: 10_000, seed: 5 })
        .map(([one, two]) => [canonicalUsername(one), canonicalUsername(two)])
        .flatMap(([a, b]) => (a?.ok && b?.ok ? [[a.value, b.value]] : []));
      expect(pairs).toHaveLength(10_000);
      for (let from = 0; from < pairs.length; from += 1_000) {
        const some = pairs.slice(from, from + 1_000);
        const columns = some.map(() => '(? collate utf8mb4_general_ci = ?)').join(', ');
        const [rows] = await maria.query({ sql: `select ${columns}`, rowsAsArray: true }, some.flat());
        expect((rows as unknown as number[][])[0]).toEqual(some.map(([a, b]) => (a === b ? 1 : 0))); // rows as arrays
      }
    } finally {
      await maria.end();
    }
  });
});
