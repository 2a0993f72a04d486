import { AsyncLocalStorage } from 'node:async_hooks';
import { sql } from 'kysely';
import { hasWritten } from '#db/has-written.ts';
import type { Tx } from '#db/role-pool.ts';

/** The try that works on a request with an Idempotency-Key; `tenantId` null: a platform owner's. */
export type Claim = { readonly id: string; readonly holder: string; readonly tenantId: string | null };

const current = new AsyncLocalStorage<Claim>();

/** Runs `work`, whose transactions mark the claim as done together with what they write. */
export const underClaim = <T>(claim: Claim, work: () => Promise<T>): Promise<T> => current.run(claim, work);

/** Another process took the request over while this one stood still; what this one was about to write is rolled back. */
export class ClaimLost extends Error {
  constructor() {
    super('Another process has taken over the request with this Idempotency-Key.');
    this.name = 'ClaimLost';
  }
}

/** The claim of the request that is worked on, where it is this tenant's; null: there is none. */
export function claimOf(tenantId: string | null): Claim | null {
  const claim = current.getStore();
  return claim && claim.tenantId === tenantId ? claim : null;
}

/** Marks the claims of requests as done, in the transaction that has the effects of all of them. */
export async function stampAll(tx: Tx, claims: readonly Claim[]): Promise<void> {
  if (claims.length === 0) return;
  const { rows } = await sql`
    update idempotency_keys k set state = 'done' from unnest(${claims.map(({ id }) => id)}::uuid[],
      ${claims.map(({ holder }) => holder)}::uuid[]) as c (id, holder)
    where k.id = c.id and k.holder = c.holder returning k.id`.execute(tx);
  if (rows.length < claims.length) throw new ClaimLost();
}

async function stamp(tx: Tx, claim: Claim): Promise<void> {
  if (await hasWritten(tx)) await stampAll(tx, [claim]);
}

/**
 * `work`, after which the claim of the request that it is done for (if there is one, of the same tenant) is marked as
 * done in the same transaction: effect and key are committed together or not at all (law 5). A transaction that wrote
 * nothing marks nothing.
 */
export function stamped<T>(tenantId: string | null, work: (tx: Tx) => Promise<T>): (tx: Tx) => Promise<T> {
  const claim = claimOf(tenantId);
  if (!claim) return work;
  return async (tx) => {
    const answer = await work(tx);
    await stamp(tx, claim);
    return answer;
  };
}
