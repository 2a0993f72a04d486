import { z } from 'zod';
import type { Database } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import type { Vault } from '#platform/secrets.ts';

/** A tenant as the webhook door knows it. */
export type Sender = { readonly tenantId: string; readonly isActive: boolean; readonly secrets: readonly string[] };

const Secrets = z.object({ webhook_secret: z.string() });

/** A secret that was replaced is still taken for a day: ERPNext's retries carry the old signature. */
const previousSecretMs = 24 * 3_600_000;
const cachedMs = 1_000;
/** Unsigned floods ask the database at most this often. */
const askedAgainMs = 100;

export type Senders = {
  /** Null: no such tenant. `again` asks the database although the answer is cached. */
  find(subdomain: string, again?: boolean): Promise<Sender | null>;
  /** After a change of the tenant or its connection in this process. */
  forgetAll(): void;
};

export function createSenders(db: Database, vault: Vault, clock: Clock): Senders {
  const cache = new Map<string, { readonly at: number; readonly sender: Sender }>();

  async function load(subdomain: string): Promise<Sender | null> {
    const row = await db.gate((tx) =>
      tx
        .selectFrom('tenants as t')
        .leftJoin('connections as c', (join) => join.onRef('c.tenant_id', '=', 't.id').on('c.system', '=', 'erpnext'))
        .where('t.subdomain', '=', subdomain)
        .select(['t.id', 't.is_active', 't.data_key', 'c.secrets', 'c.previous_webhook_secret', 'c.rotated_at'])
        .executeTakeFirst(),
    );
    if (!row) return null;
    const keys = vault.tenant(row.id, row.data_key);
    const open = (sealed: string, column: string): string =>
      keys.open(sealed, { table: 'connections', column, row: 'erpnext' });
    const secrets =
      row.secrets === null ? [] : [Secrets.parse(JSON.parse(open(row.secrets, 'secrets'))).webhook_secret];
    const recent = row.rotated_at !== null && clock() - row.rotated_at.getTime() < previousSecretMs;
    if (recent && row.previous_webhook_secret !== null)
      secrets.push(open(row.previous_webhook_secret, 'previous_webhook_secret'));
    return { tenantId: row.id, isActive: row.is_active, secrets };
  }

  return {
    async find(subdomain, again = false) {
      const known = cache.get(subdomain);
      if (known && clock() - known.at < (again ? askedAgainMs : cachedMs)) return known.sender;
      const sender = await load(subdomain);
      if (sender) cache.set(subdomain, { at: clock(), sender });
      else cache.delete(subdomain);
      return sender;
    },
    forgetAll: () => cache.clear(),
  };
}
