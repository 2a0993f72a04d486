import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import type { Claim } from '#db/idempotency.ts';

/** Whose key it is; a key of one user is never another's. */
export type KeyOwner = { readonly tenantId: string | null; readonly actorId: string; readonly key: string };

/** What is asked under the key. */
export type Asked = { readonly request: string; readonly fingerprint: Buffer; readonly correlationId: string };

export type StoredKey = {
  readonly id: string;
  readonly fingerprint: Buffer;
  readonly state: 'running' | 'done' | 'answered';
  readonly status: number | null;
  readonly answer: string | null;
  readonly correlation_id: string;
};

/** How long a try holds its key, in seconds: longer than any request runs. One that stopped is replaced after that. */
const lockSeconds = 60;
/** REL-17 asks for 30 at least. */
const keptDays = 31;

const within = <T>(
  db: Database,
  { tenantId }: { tenantId: string | null },
  work: (tx: Tx) => Promise<T>,
): Promise<T> => (tenantId === null ? db.gate(work) : db.tenant(tenantId, work));

const lock = sql<Date>`now() + make_interval(secs => ${lockSeconds})`;

const insert = (tx: Tx, { tenantId, actorId, key }: KeyOwner, asked: Asked, holder: string) =>
  tx
    .insertInto('idempotency_keys')
    .values({
      tenant_id: tenantId,
      actor_id: actorId,
      key,
      request: asked.request,
      fingerprint: asked.fingerprint,
      correlation_id: asked.correlationId,
      holder,
      locked_until: lock,
      expires_at: sql`now() + make_interval(days => ${keptDays})`,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();

const find = (tx: Tx, { tenantId, actorId, key }: KeyOwner): Promise<StoredKey | undefined> =>
  tx
    .selectFrom('idempotency_keys')
    .where('tenant_id', 'is not distinct from', tenantId)
    .where('actor_id', '=', actorId)
    .where('key', '=', key)
    .select(['id', 'fingerprint', 'state', 'status', 'answer', 'correlation_id'])
    .executeTakeFirst();

/** Of a try that stopped before it had any effect. */
const takeOver = (tx: Tx, { id }: StoredKey, asked: Asked, holder: string) =>
  tx
    .updateTable('idempotency_keys')
    .set({ holder, locked_until: lock, correlation_id: asked.correlationId })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .where('fingerprint', '=', asked.fingerprint)
    .where('locked_until', '<', sql<Date>`now()`)
    .returning('id')
    .executeTakeFirst();

/** The key for this try, or what stands under it already; null: it was there and is gone again. */
export const claimKey = (db: Database, owner: KeyOwner, asked: Asked): Promise<Claim | StoredKey | null> =>
  within(db, owner, async (tx) => {
    const holder = randomUUID();
    const { tenantId } = owner;
    const fresh = await insert(tx, owner, asked, holder);
    if (fresh) return { id: fresh.id, holder, tenantId };
    const stored = await find(tx, owner);
    if (!stored) return null;
    const taken = await takeOver(tx, stored, asked, holder);
    return taken ? { id: taken.id, holder, tenantId } : stored;
  });

/** Keeps a good answer, sealed, for whoever sends the same again. */
export const keepAnswer = (db: Database, claim: Claim, status: number, answer: string): Promise<void> =>
  within(db, claim, async (tx) => {
    await tx
      .updateTable('idempotency_keys')
      .set({ state: 'answered', status, answer })
      .where('id', '=', claim.id)
      .where('holder', '=', claim.holder)
      .execute();
  });

/** The request had no effect: the same key may be used again. A key whose effect is there stays. */
export const freeKey = (db: Database, claim: Claim): Promise<void> =>
  within(db, claim, async (tx) => {
    await tx
      .deleteFrom('idempotency_keys')
      .where('id', '=', claim.id)
      .where('holder', '=', claim.holder)
      .where('state', '=', 'running')
      .execute();
  });
