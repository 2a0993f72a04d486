import type { Tx } from '#db/database.ts';
import { notFound } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { MessagesDeps } from './verbs.ts';

/** Whom a link speaks of, in the words of the page behind it. */
export type Reader = { readonly company: string; readonly language: 'id' | 'en'; readonly hasOptedOut: boolean };

type Found = Reader & { readonly tenantId: string; readonly hash: Buffer };

async function find(tx: Tx, tenantId: string, messageId: string): Promise<Found> {
  const row = await tx
    .selectFrom('messages as m')
    .innerJoin('tenants as t', 't.id', 'm.tenant_id')
    .leftJoin('opt_outs as o', (join) =>
      join
        .onRef('o.tenant_id', '=', 'm.tenant_id')
        .onRef('o.channel', '=', 'm.channel')
        .onRef('o.recipient_hash', '=', 'm.recipient_hash'),
    )
    .where('m.tenant_id', '=', tenantId)
    .where('m.id', '=', messageId)
    .select(['t.name', 't.settings', 'm.recipient_hash', 'm.language', 'o.created_at as opted_out_at'])
    .executeTakeFirst();
  if (!row) throw notFound('link');
  return {
    tenantId,
    hash: row.recipient_hash,
    company: readTenantSettings(row.settings).branding.name ?? row.name,
    language: row.language === 'en' ? 'en' : 'id',
    hasOptedOut: row.opted_out_at !== null,
  };
}

const withReader = <T>(
  { db, unsubscribeLinks }: MessagesDeps,
  token: string,
  work: (tx: Tx, found: Found) => Promise<T>,
) => {
  const subject = unsubscribeLinks.read(token);
  if (!subject) throw notFound('link');
  return db.tenant(subject.tenantId, async (tx) => work(tx, await find(tx, subject.tenantId, subject.messageId)));
};

/** Looks only: mail scanners follow every link, and must not opt anybody out. */
export const readerOf = (deps: MessagesDeps, token: string): Promise<Reader> =>
  withReader(deps, token, async (_tx, reader) => reader);

/** No more messages of this tenant to this address, but those that answer what its owner did; or all of them again. */
export const choose = (deps: MessagesDeps, token: string, wantsMore: boolean): Promise<Reader> =>
  withReader(deps, token, async (tx, found) => {
    const { tenantId, hash } = found;
    if (wantsMore)
      await tx
        .deleteFrom('opt_outs')
        .where('tenant_id', '=', tenantId)
        .where('channel', '=', 'email')
        .where('recipient_hash', '=', hash)
        .execute();
    else
      await tx
        .insertInto('opt_outs')
        .values({ tenant_id: tenantId, channel: 'email', recipient_hash: hash })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    return { ...found, hasOptedOut: !wantsMore };
  });
