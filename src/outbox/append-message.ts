import { randomUUID } from 'node:crypto';
import type { Tx } from '#db/database.ts';
import type { MessageState } from '#db/tables/messages.ts';
import { isTransactional, type MessageEvent, type MessageValues } from '#domain/message-events.ts';
import { fill, oneLine, type Template } from '#domain/message-template.ts';
import type { Language } from '#domain/reason.ts';
import { appendIntents, urgency } from '#outbox/append.ts';
import { defaultTemplate } from '#platform/message-templates.ts';
import { maskedEmail, type Recipients } from '#platform/recipients.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';

/** One message to one person. `values` fill the placeholders of the event's template. */
export type NewMessage<E extends MessageEvent> = {
  readonly event: E;
  readonly to: { readonly email: string; readonly customerId?: string; readonly userId?: string };
  readonly language: Language;
  readonly values: MessageValues<E>;
  readonly correlationId: string;
};

/**
 * Writes a message in the caller's transaction, which must be a tenant's (`db.tenant`, `db.worker`): rendered in the
 * tenant's own words, sealed, and with the intent that sends it once the transaction has committed (spec M1, B10).
 * Answers its id. Whoever opted out gets it only where it is transactional; it is kept as `suppressed` otherwise.
 */
export type AppendMessage = <E extends MessageEvent>(
  tx: Tx,
  tenantId: string,
  message: NewMessage<E>,
) => Promise<string>;

export type MessageWriting = {
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  readonly recipients: Recipients;
};

/** What a message says, as it is sealed in `messages.content`. */
export type MessageContent = { readonly subject: string; readonly text: string };

export const recipientPlace = (id: string) => ({ table: 'messages', column: 'recipient', row: id });
export const contentPlace = (id: string) => ({ table: 'messages', column: 'content', row: id });

type Words = { readonly template: Template; readonly company: string; readonly isEnabled: boolean };

async function wordsFor(tx: Tx, tenantId: string, event: MessageEvent, language: Language): Promise<Words> {
  const row = await tx
    .selectFrom('tenants as t')
    .leftJoin('message_templates as m', (join) =>
      join.onRef('m.tenant_id', '=', 't.id').on('m.event', '=', event).on('m.language', '=', language),
    )
    .where('t.id', '=', tenantId)
    .select(['t.name', 't.settings', 'm.subject', 'm.body', 'm.is_enabled'])
    .executeTakeFirstOrThrow();
  const { subject, body } = row;
  return {
    template: subject === null || body === null ? defaultTemplate(event, language) : { subject, body },
    company: readTenantSettings(row.settings).branding.name ?? row.name,
    isEnabled: row.is_enabled ?? true,
  };
}

/** Whether this recipient wants no more messages of this tenant. */
export async function hasOptedOut(tx: Tx, tenantId: string, recipientHash: Buffer): Promise<boolean> {
  const row = await tx
    .selectFrom('opt_outs')
    .where('tenant_id', '=', tenantId)
    .where('channel', '=', 'email')
    .where('recipient_hash', '=', recipientHash)
    .select('channel')
    .executeTakeFirst();
  return row !== undefined;
}

type Standing = { readonly state: MessageState; readonly error: string | null };

async function standingOf(
  tx: Tx,
  tenantId: string,
  event: MessageEvent,
  isEnabled: boolean,
  hash: Buffer,
): Promise<Standing> {
  if (isTransactional(event)) return { state: 'queued', error: null };
  if (!isEnabled) return { state: 'suppressed', error: 'messages about this are turned off' };
  if (await hasOptedOut(tx, tenantId, hash)) return { state: 'suppressed', error: 'the recipient opted out' };
  return { state: 'queued', error: null };
}

/** Has a message sent: after it was written, or once more. */
export const appendSending = (tx: Tx, tenantId: string, messageId: string, correlationId: string) =>
  appendIntents(tx, tenantId, [
    {
      intent: { kind: 'message.send', messageId },
      key: messageId,
      subscriptionId: null,
      // Nobody comes late with an older message: each is an object of its own.
      generation: 0n,
      urgency: urgency.other,
      correlationId,
    },
  ]);

/** Made once, with the installation's keys; see `AppendMessage`. */
export function createAppendMessage({ vaultOf, recipients }: MessageWriting): AppendMessage {
  return async (tx, tenantId, { event, to, language, values, correlationId }) => {
    const vault = await vaultOf(tenantId);
    const { template, company, isEnabled } = await wordsFor(tx, tenantId, event, language);
    const filling = { ...values, company };
    const content: MessageContent = {
      subject: oneLine(fill(template.subject, filling)),
      text: fill(template.body, filling).trim(),
    };
    const id = randomUUID();
    const address = to.email.trim();
    const hash = recipients.hash(tenantId, 'email', address);
    const standing = await standingOf(tx, tenantId, event, isEnabled, hash);
    await tx
      .insertInto('messages')
      .values({
        id,
        tenant_id: tenantId,
        event,
        channel: 'email',
        language,
        customer_id: to.customerId ?? null,
        user_id: to.userId ?? null,
        recipient: vault.seal(address, recipientPlace(id)),
        recipient_masked: maskedEmail(address),
        recipient_hash: hash,
        content: vault.seal(JSON.stringify(content), contentPlace(id)),
        correlation_id: correlationId,
        ...standing,
      })
      .execute();
    if (standing.state === 'queued') await appendSending(tx, tenantId, id, correlationId);
    return id;
  };
}
