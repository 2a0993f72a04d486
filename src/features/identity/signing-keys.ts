import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import type { Vault } from '#platform/secrets.ts';
import { makeSigningKey, pemOf, type SigningKey, signingKeyOf } from './signing-key.ts';

export type KeyDeps = { readonly db: Database; readonly vault: Pick<Vault, 'installation'>; readonly clock: Clock };

/** A key as it is kept: null in `retiredAt` is the one that signs. */
export type KeptKey = { readonly key: SigningKey; readonly madeAt: number; readonly retiredAt: number | null };

/** The scheduler makes a new key when the current one is so old. */
const maxAgeMs = 90 * 86_400_000;
/** A retired key verifies what it signed: 15 minutes of a token's life, and a minute in which others still signed with it. */
const verifiesMs = 20 * 60_000;

const place = (id: string) => ({ table: 'signing_keys', column: 'private_key', row: id });

/** One at a time: of two processes that start or rotate together, the second finds what the first made. */
const oneAtATime = (tx: Tx) => sql`select pg_advisory_xact_lock(hashtextextended('signing keys', 3))`.execute(tx);

async function insert({ vault, clock }: KeyDeps, tx: Tx, key: SigningKey): Promise<void> {
  await tx
    .insertInto('signing_keys')
    .values({
      id: key.id,
      private_key: vault.installation.seal(pemOf(key), place(key.id)),
      public_key: key.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      created_at: new Date(clock()),
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

async function replace(deps: KeyDeps, tx: Tx): Promise<string> {
  const key = await makeSigningKey();
  const now = new Date(deps.clock());
  await tx.updateTable('signing_keys').set({ retired_at: now }).where('retired_at', 'is', null).execute();
  await tx
    .deleteFrom('signing_keys')
    .where('retired_at', '<', new Date(now.getTime() - verifiesMs))
    .execute();
  await insert(deps, tx, key);
  return key.id;
}

/** The keys that sign or still verify, newest first. */
export async function readSigningKeys({ db, vault, clock }: KeyDeps): Promise<readonly KeptKey[]> {
  const rows = await db.gateOnce((tx) =>
    tx
      .selectFrom('signing_keys')
      .selectAll()
      .where((is) => is.or([is('retired_at', 'is', null), is('retired_at', '>', new Date(clock() - verifiesMs))]))
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .execute(),
  );
  return Promise.all(
    rows.map(async ({ id, private_key, created_at, retired_at }) => ({
      key: await signingKeyOf(vault.installation.open(private_key, place(id))),
      madeAt: created_at.getTime(),
      retiredAt: retired_at?.getTime() ?? null,
    })),
  );
}

/** Sees to it that there is a key: `earlier` (what a file of an earlier version held) becomes the first, else a new one. */
export function ensureSigningKey(deps: KeyDeps, earlier: SigningKey | null): Promise<void> {
  return deps.db.gate(async (tx) => {
    await oneAtATime(tx);
    const any = await tx.selectFrom('signing_keys').select('id').limit(1).executeTakeFirst();
    if (!any) await insert(deps, tx, earlier ?? (await makeSigningKey()));
  });
}

/** Makes a new key, which signs from now on in every process within a minute; answers its id. */
export const rotateSigningKey = (deps: KeyDeps): Promise<string> =>
  deps.db.gate(async (tx) => {
    await oneAtATime(tx);
    return replace(deps, tx);
  });

/** What the scheduler calls daily: a new key where the current one is 90 days old. Null: it is not. */
export const rotateSigningKeyWhenDue = (deps: KeyDeps): Promise<string | null> =>
  deps.db.gate(async (tx) => {
    await oneAtATime(tx);
    const young = await tx
      .selectFrom('signing_keys')
      .select('id')
      .where('retired_at', 'is', null)
      .where('created_at', '>', new Date(deps.clock() - maxAgeMs))
      .executeTakeFirst();
    return young ? null : replace(deps, tx);
  });
