import { randomBytes } from 'node:crypto';
import type { Database } from '#db/database.ts';
import type { Config } from '#platform/config.ts';
import type { Passwords } from './passwords.ts';
import { ownerRole } from './schema.ts';
import { insertUser, ownerExists } from './store.ts';

/** A platform owner that was made just now; `password` is null where the environment gave it. */
export type NewOwner = { readonly email: string; readonly password: string | null };

const defaultEmail = 'owner@jembatan.local';

/**
 * Makes the installation's first platform owner, with the environment's e-mail address and password or generated ones
 * (contract, Environment). Null: there is one. The password is told this once and never again.
 */
export async function ensureOwner(
  db: Database,
  passwords: Passwords,
  { email = defaultEmail, password }: { readonly [K in keyof Config['owner']]?: Config['owner'][K] },
): Promise<NewOwner | null> {
  if (await db.gate(ownerExists)) return null;
  const generated = password === undefined ? randomBytes(15).toString('base64url') : null;
  const address = email.trim().toLowerCase();
  const passwordHash = await passwords.hash(password ?? generated ?? '');
  const owner = { tenant_id: null, email: address, name: 'Platform owner', role: ownerRole };
  // Of two processes that start together one inserts; the other has nothing to tell.
  const made = await db.gate((tx) => insertUser(tx, owner, passwordHash));
  return made ? { email: address, password: generated } : null;
}
