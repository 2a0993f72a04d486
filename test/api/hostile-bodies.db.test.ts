import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileBodies } from '#test/pipeline/hostile-bodies.ts';
import { firstOf, openStage, type Stage } from './stage.ts';
import type { Tenant } from './tenant.ts';

/** 50 times each at full length; the webhook door gets the same bodies in test/pipeline. */
const rounds = Math.max(2, Math.round(50 * Number(process.env.JEMBATAN_FAULT_SCALE ?? '0.1')));

const doors = [
  { method: 'POST', path: '/api/v1/customers' },
  { method: 'POST', path: '/api/v1/auth/login' },
  { method: 'PATCH', path: '/api/v1/settings' },
] as const;

let stage: Stage;
let at: Tenant;

beforeAll(async () => {
  stage = await openStage('h');
  at = firstOf(stage);
}, 180_000);
afterAll(() => stage?.close());

describe('bodies that have broken programs before', { timeout: 300_000 }, () => {
  it(`REL-24: ${hostileBodies.length} kinds, ${rounds} times each, at three doors of the API: each is refused or understood`, async () => {
    const faults: string[] = [];
    for (const { name, body } of hostileBodies) {
      for (const door of doors) {
        for (let round = 0; round < rounds; round++) {
          const headers = round % 2 === 0 ? {} : { 'content-encoding': 'gzip' };
          const { status, text } = await at.admin({ ...door, body, headers });
          const isTold = status < 300 || typeof Object(JSON.parse(text)).code === 'string';
          if (![200, 400, 401, 413].includes(status) || !isTold) faults.push(`${door.path} ${name}: ${status} ${text}`);
        }
      }
    }
    expect(faults).toEqual([]);
  });

  it('REL-24: what they leave behind is a hub that is well, and objects that are as they were', async () => {
    expect((await stage.nobody({ method: 'GET', path: '/readyz' })).status).toBe(200);
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('is_admin');
    expect((await at.admin({ method: 'GET', path: '/api/v1/customers' })).status).toBe(200);
  });
});
