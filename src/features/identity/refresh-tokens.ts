import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/** Spec I1; each new token of a family has the whole time again. */
const refreshMs = 7 * 86_400_000;

/** Whose token it is, and the family that it was rotated in since the login. */
export type Holder = {
  readonly userId: string;
  readonly tenantId: string | null;
  readonly familyId: string;
  /** The user's at the time; where the user's is another one by now, the token was ended. */
  readonly epoch: number;
  /** When the login was; left out: now. */
  readonly beganAt?: Date;
};

/** Where a token is asked for. */
type From = { readonly address: string; readonly device?: string | undefined };

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Writes a new token of a family and answers it; only its hash is kept (SEC-12). */
export async function issueRefreshToken(tx: Tx, holder: Holder, from: From, now: number): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await tx
    .insertInto('refresh_tokens')
    .values({
      user_id: holder.userId,
      tenant_id: holder.tenantId,
      family_id: holder.familyId,
      epoch: holder.epoch,
      token_hash: hashOf(token),
      created_at: new Date(now),
      expires_at: new Date(now + refreshMs),
      began_at: holder.beganAt ?? new Date(now),
      address: from.address,
      device: from.device ?? null,
    })
    .execute();
  return token;
}

export const lockFamily = (tx: Tx, familyId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${familyId}, 3))`.execute(tx);

/** The family of a token, locked until the transaction ends: a reuse must not miss a token that is just being issued. */
async function familyOf(tx: Tx, token: string): Promise<string | null> {
  const row = await tx
    .selectFrom('refresh_tokens')
    .where('token_hash', '=', hashOf(token))
    .select('family_id')
    .executeTakeFirst();
  if (row) await lockFamily(tx, row.family_id);
  return row?.family_id ?? null;
}

export async function revokeFamily(tx: Tx, familyId: string, now: number): Promise<void> {
  await tx
    .updateTable('refresh_tokens')
    .set({ revoked_at: new Date(now) })
    .where('family_id', '=', familyId)
    .where('revoked_at', 'is', null)
    .execute();
}

async function wasUsed(tx: Tx, token: string): Promise<boolean> {
  const row = await tx
    .selectFrom('refresh_tokens')
    .where('token_hash', '=', hashOf(token))
    .where('used_at', 'is not', null)
    .select('id')
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Uses a token up: of many that try at once one gets the holder. Null: unknown, expired, revoked, or used before; the last
 * means that two have it, one of them a thief, so the whole family ends.
 */
export async function spendRefreshToken(tx: Tx, token: string, now: number): Promise<Holder | null> {
  const familyId = await familyOf(tx, token);
  if (familyId === null) return null;
  const at = new Date(now);
  const spent = await tx
    .updateTable('refresh_tokens')
    .set({ used_at: at })
    .where('token_hash', '=', hashOf(token))
    .where('used_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', at)
    .returning(['user_id', 'tenant_id', 'epoch', 'began_at'])
    .executeTakeFirst();
  if (spent) {
    const { user_id, tenant_id, epoch, began_at } = spent;
    return { userId: user_id, tenantId: tenant_id, familyId, epoch, beganAt: began_at };
  }
  if (await wasUsed(tx, token)) await revokeFamily(tx, familyId, now);
  return null;
}

/** Ends the family of a token, whatever state it is in, and answers whose it was; an unknown one is no news: null. */
export async function endRefreshToken(tx: Tx, token: string, now: number): Promise<string | null> {
  const familyId = await familyOf(tx, token);
  if (familyId === null) return null;
  await revokeFamily(tx, familyId, now);
  const { user_id } = await tx
    .selectFrom('refresh_tokens')
    .where('token_hash', '=', hashOf(token))
    .select('user_id')
    .executeTakeFirstOrThrow();
  return user_id;
}
