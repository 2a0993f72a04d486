import { AsyncLocalStorage } from 'node:async_hooks';
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

async function stamp(tx: Tx, claim: Claim): Promise<void> {
  if (!(await hasWritten(tx))) return;
  const mine = await tx
    .updateTable('idempotency_keys')
    .set({ state: 'done' })
    .where('id', '=', claim.id)
    .where('holder', '=', claim.holder)
    .returning('id')
    .executeTakeFirst();
  if (!mine) throw new ClaimLost();
}

/**
 * `work`, after which the claim of the request that it is done for (if there is one, of the same tenant) is marked as
 * done in the same transaction: effect and key are committed together or not at all (law 5). A transaction that wrote
 * nothing marks nothing.
 */
export function stamped<T>(tenantId: string | null, work: (tx: Tx) => Promise<T>): (tx: Tx) => Promise<T> {
  const claim = current.getStore();
  if (!claim || claim.tenantId !== tenantId) return work;
  return async (tx) => {
    const answer = await work(tx);
    await stamp(tx, claim);
    return answer;
  };
}
