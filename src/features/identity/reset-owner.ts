import { randomBytes } from 'node:crypto';
import { record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import { Refusal } from '#platform/refusal.ts';
import type { Passwords } from './passwords.ts';
import { ownerRole } from './schema.ts';
import { findByEmail, replacePassword } from './store.ts';

const ownerEmails = async (tx: Tx): Promise<readonly string[]> => {
  const rows = await tx.selectFrom('users').where('role', '=', ownerRole).select('email').orderBy('email').execute();
  return rows.map(({ email }) => email);
};

/**
 * Gives a platform owner another password, told this once, and ends all its sessions: for whoever holds the hub's own
 * machine, since no mail leads back in. A second factor stays. `email` null: the only owner there is.
 */
export async function resetOwner(
  db: Database,
  passwords: Pick<Passwords, 'hash'>,
  email: string | null,
  correlationId: string,
): Promise<{ readonly email: string; readonly password: string; readonly hasTotp: boolean }> {
  const password = randomBytes(15).toString('base64url');
  const passwordHash = await passwords.hash(password);
  return db.gate(async (tx) => {
    const known = await ownerEmails(tx);
    const wanted = email ?? (known.length === 1 ? known[0] : undefined);
    if (wanted === undefined) throw new Refusal('NOT_FOUND', `Say which platform owner: ${known.join(', ')}.`);
    const account = await findByEmail(tx, wanted.trim().toLowerCase(), {});
    if (!account) throw new Refusal('NOT_FOUND', `No platform owner has the e-mail address ${wanted}.`);
    await replacePassword(tx, account.id, passwordHash);
    const caller = { userId: account.id, tenantId: null, role: ownerRole };
    const who = { tenantId: null, caller, correlationId, address: 'the command line' };
    const [before, after] = [{ password: 'old' }, { password: 'new' }];
    await record(tx, who, { action: 'update', entity: 'user', id: account.id, before, after });
    return { email: account.email, password, hasTotp: account.has_totp };
  });
}
