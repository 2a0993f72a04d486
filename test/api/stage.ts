import { inject } from 'vitest';
import { type RunningHub, startRunningHub } from '#test/pipeline/running-hub.ts';
import { type Ask, asker } from './ask.ts';
import { furnish } from './furnish.ts';
import { type Document, type Operation, operationsOf } from './operations.ts';
import { recipes } from './recipes.ts';
import { askOwner, openTenant, type Tenant } from './tenant.ts';

/** A whole hub with furnished tenants, and what it says of itself. */
export type Stage = {
  readonly hub: RunningHub;
  readonly owner: Ask;
  readonly nobody: Ask;
  readonly tenants: readonly Tenant[];
  readonly document: Document;
  /** The operations under `/api/v1`. */
  readonly operations: readonly Operation[];
  /** Those that have a recipe; `everything-once.db.test.ts` sees to it that these are all. */
  readonly callable: readonly Operation[];
  close(): Promise<void>;
};

/** `letters`: one furnished tenant for each. */
export async function openStage(...letters: readonly string[]): Promise<Stage> {
  const postgresUrl = inject('postgresUrl');
  const hub = await startRunningHub({ postgresUrl, flavor: 'postgres', radiusServerUrl: postgresUrl });
  const owner = await askOwner(hub);
  const nobody = asker(hub.url, null);
  const tenants: Tenant[] = [];
  for (const letter of letters) tenants.push(await furnish(await openTenant(hub, owner, letter)));
  const document = (await nobody({ method: 'GET', path: '/openapi.json' })).json as Document;
  const operations = operationsOf(document).filter(({ path }) => path.startsWith('/api/'));
  const callable = operations.filter(({ at }) => recipes[at] !== undefined);
  return { hub, owner, nobody, tenants, document, operations, callable, close: () => hub.close() };
}

/** The stage's first tenant. */
export function firstOf({ tenants: [first] }: Pick<Stage, 'tenants'>): Tenant {
  if (!first) throw new Error('the stage has no tenant');
  return first;
}
