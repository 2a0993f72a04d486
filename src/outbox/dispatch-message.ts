import { sql } from 'kysely';
import { z } from 'zod';
import type { Tx } from '#db/database.ts';
import type { MessageState } from '#db/tables/messages.ts';
import type { Intent } from '#domain/intents.ts';
import { letter } from '#domain/letter.ts';
import { isTransactional, type MessageEvent, messageEvents } from '#domain/message-events.ts';
import { messageBackOffMs, messageTries } from '#domain/retry.ts';
import { contentPlace, hasOptedOut, recipientPlace } from '#outbox/append-message.ts';
import { type Claimed, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt } from '#outbox/dispatching.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { Notice, NotifierFailure } from '#ports/notifier/port.ts';

type MessageIntent = Extract<Intent, { kind: 'message.send' }>;

const Content = z.object({ subject: z.string(), text: z.string() });
const Language = z.enum(['id', 'en']);

/** While nobody carries its messages a tenant may still connect somebody; older news are of no use to their readers. */
const noCarrierMs = 24 * 3_600_000;
const noCarrierWaitMs = 60_000;

/** What becomes of a message and of its intent. `tried` says whether the try counts. */
type Outcome = {
  readonly verdict: Verdict;
  readonly message: { readonly state: MessageState; readonly error: string | null; readonly providerId?: string };
  readonly tried: boolean;
};

const isKnown = (event: string): event is MessageEvent => messageEvents.some((known) => known === event);

async function readMessage(tx: Tx, tenantId: string, messageId: string) {
  return tx
    .selectFrom('messages as m')
    .innerJoin('tenants as t', 't.id', 'm.tenant_id')
    .where('m.tenant_id', '=', tenantId)
    .where('m.id', '=', messageId)
    .select([
      'm.event',
      'm.language',
      'm.recipient',
      'm.recipient_hash',
      'm.content',
      'm.state',
      'm.attempts',
      'm.created_at',
    ])
    .select(['t.name as company', 't.settings'])
    .executeTakeFirst();
}
type Row = NonNullable<Awaited<ReturnType<typeof readMessage>>>;

const save = (tx: Tx, claimed: Claimed, messageId: string, { message, tried }: Outcome) =>
  tx
    .updateTable('messages')
    .set({
      state: message.state,
      error: message.error,
      ...(message.state === 'sent' && { sent_at: new Date(), provider_id: message.providerId ?? null }),
      ...(!tried && { attempts: sql<number>`greatest(attempts - 1, 0)` }),
    })
    .where('tenant_id', '=', claimed.tenantId)
    .where('id', '=', messageId)
    .where('state', '=', 'queued')
    .execute();

const givenUp = (state: 'failed' | 'bounced', error: string): Outcome => ({
  verdict: { state: 'dead', error },
  message: { state, error },
  tried: true,
});

/** Four tries for what may be better later; what is refused for good is not repeated (spec P60). */
function outcomeOf(failure: NotifierFailure, attempts: number): Outcome {
  const error = failure.detail;
  const waits = (waitMs: number, tried: boolean): Outcome => ({
    verdict: { state: 'later', error, waitMs },
    message: { state: 'queued', error },
    tried,
  });
  if (failure.reason === 'resting') return waits(failure.waitMs, false);
  if (failure.reason === 'no_recipient') return givenUp('bounced', error);
  if (failure.reason === 'rejected' || attempts >= messageTries) return givenUp('failed', error);
  return waits(messageBackOffMs(attempts, Math.random()), true);
}

/** Counted before it is tried: a process that dies in a try has used it up, so that nobody gets a fifth one. */
async function countTry(d: Dispatching, claimed: Claimed, { messageId }: MessageIntent): Promise<Row | Outcome> {
  return d.db.worker(claimed.tenantId, async (tx) => {
    const row = await readMessage(tx, claimed.tenantId, messageId);
    const superseded: Verdict = { state: 'superseded' };
    if (row?.state !== 'queued')
      return { verdict: superseded, message: { state: row?.state ?? 'failed', error: null }, tried: true };
    if (row.attempts >= messageTries) return givenUp('failed', 'the hub stopped while it was sent, four times');
    const isFree = isKnown(row.event) && !isTransactional(row.event);
    if (isFree && (await hasOptedOut(tx, claimed.tenantId, row.recipient_hash)))
      return { verdict: superseded, message: { state: 'suppressed', error: 'the recipient opted out' }, tried: true };
    await tx
      .updateTable('messages')
      .set({ attempts: row.attempts + 1 })
      .where('tenant_id', '=', claimed.tenantId)
      .where('id', '=', messageId)
      .execute();
    return { ...row, attempts: row.attempts + 1 };
  });
}

async function noticeOf(d: Dispatching, tenantId: string, messageId: string, row: Row): Promise<Notice> {
  const vault = await d.vaultOf(tenantId);
  const { subject, text } = Content.parse(JSON.parse(vault.open(row.content, contentPlace(messageId))));
  const { branding } = readTenantSettings(row.settings);
  const language = Language.catch('id').parse(row.language);
  const canEnd = isKnown(row.event) && !isTransactional(row.event);
  const unsubscribeUrl = canEnd ? d.mail.unsubscribeLinks.urlFor({ tenantId, messageId }) : null;
  const company = branding.name ?? row.company;
  return {
    to: vault.open(row.recipient, recipientPlace(messageId)),
    subject,
    ...letter(text, { company, colour: branding.colour, language, unsubscribeUrl }),
    messageId,
    language,
    ...(unsubscribeUrl !== null && { unsubscribeUrl }),
  };
}

async function attempt(d: Dispatching, claimed: Claimed, intent: MessageIntent): Promise<Outcome> {
  const { tenantId } = claimed;
  const notifier = await d.mail.notifierOf(tenantId);
  if (!notifier) {
    const error = 'no mail server is connected: PUT connections/smtp, or JEMBATAN_SMTP_URL for all tenants';
    if (Date.now() - claimed.createdAt.getTime() > noCarrierMs) return givenUp('failed', error);
    const verdict: Verdict = { state: 'later', error, waitMs: noCarrierWaitMs };
    return { verdict, message: { state: 'queued', error }, tried: true };
  }
  const row = await countTry(d, claimed, intent);
  if ('verdict' in row) return row;
  const sent = await notifier.send(await noticeOf(d, tenantId, intent.messageId, row));
  if (!sent.ok) return outcomeOf(sent.error, row.attempts);
  const message = { state: 'sent', error: null, providerId: sent.value.providerId } as const;
  return { verdict: { state: 'done' }, message, tried: true };
}

/** Sends one message. A crash between the sending and its record may send it twice, under the same Message-ID (law 5). */
export async function dispatchMessage(d: Dispatching, claimed: Claimed, intent: MessageIntent): Promise<void> {
  const outcome = await attempt(d, claimed, intent);
  await d.db.worker(claimed.tenantId, async (tx) => {
    await save(tx, claimed, intent.messageId, outcome);
    await settleIntent(tx, claimed, outcome.verdict);
  });
  // What a mail server says may name people; the message's own row keeps it.
  const { verdict } = outcome;
  logAttempt(d.log, claimed, 'error' in verdict ? { ...verdict, error: `message ${outcome.message.state}` } : verdict);
}
