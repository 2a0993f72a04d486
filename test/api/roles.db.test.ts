import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '#domain/permissions.ts';
import { isPublic, type Operation } from './operations.ts';
import { requestOf } from './recipe.ts';
import { type Prepared, prepared } from './recipes.ts';
import { narrower, roles, rolesOf, rolesPage } from './role-matrix.ts';
import { firstOf, openStage, type Stage } from './stage.ts';
import type { Tenant } from './tenant.ts';

const page = fileURLToPath(new URL('../../docs/roles.md', import.meta.url));

/** Reviewed one by one: what may be asked by nobody in particular. Each is how one becomes somebody. */
const reviewed = [
  'post /api/v1/auth/login',
  'post /api/v1/auth/logout',
  'post /api/v1/auth/password-reset',
  'post /api/v1/auth/password-reset/confirm',
  'post /api/v1/auth/refresh',
];

let stage: Stage;
let guarded: readonly Operation[];

beforeAll(async () => {
  stage = await openStage('r');
  guarded = stage.callable.filter((operation) => operation['x-permission'] !== undefined);
}, 180_000);
afterAll(() => stage?.close());

/** What one role is answered where its call is good in all but, perhaps, the role. */
async function answerTo(tenant: Tenant, role: Role, operation: Operation, { parts, ask }: Prepared): Promise<number> {
  // A call that would change the asker's own account goes out with an empty body: the door to it is what is tried here.
  const isOwn = parts.ask === ask && parts.body !== undefined;
  return (await (await tenant.as(role))(requestOf(operation, isOwn ? { ...parts, body: {} } : parts))).status;
}

describe('roles', { timeout: 300_000 }, () => {
  it('SEC-20: every route names its permission, or is on the reviewed list of public ones', () => {
    const open = stage.operations.filter((operation) => operation['x-permission'] === undefined);
    expect(open.map(({ at }) => at).filter((at) => !reviewed.includes(at))).toEqual([]);
    expect(open.filter((operation) => !isPublic(operation)).map(({ at }) => at)).toEqual([]);
  });

  it('SEC-20: docs/roles.md is what the routes and the table of roles say', () => {
    const now = rolesPage(stage.operations);
    if (process.env.UPDATE_ROLES === '1') writeFileSync(page, now);
    expect(readFileSync(page, 'utf8')).toBe(now);
  });

  it('P7, SEC-20: for every role and route, 403 is answered where the matrix has no mark, and only there', async () => {
    const tenant = firstOf(stage);
    const differences: string[] = [];
    for (const operation of guarded) {
      const good = await prepared(operation, tenant);
      for (const role of roles) {
        const status = await answerTo(tenant, role, operation, good);
        const isAllowed = rolesOf(operation).includes(role) && !narrower.includes(`${role} ${operation.at}`);
        if (isAllowed === (status === 403) || status === 401 || status >= 500) {
          differences.push(`${role} ${operation.at}: ${status}, ${isAllowed ? 'allowed' : 'not allowed'}`);
        }
      }
    }
    expect(differences).toEqual([]);
  });
});
