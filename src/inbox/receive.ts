import { hash } from 'node:crypto';
import type { Result } from '#domain/result.ts';
import type { Sender, Senders } from '#inbox/senders.ts';
import type { Arrival, Stored } from '#inbox/store.ts';
import { newCorrelationId } from '#platform/log.ts';
import type { Delivery, DeliveryHeaders, WebhookSource } from '#ports/webhook-source/port.ts';

export type { DeliveryHeaders } from '#ports/webhook-source/port.ts';

export type Refusal = 'unknown_tenant' | 'bad_signature' | 'deactivated';
export type Received =
  | { readonly accepted: true; readonly eventId: bigint; readonly fresh: boolean; readonly correlationId: string }
  | { readonly accepted: false; readonly why: Refusal };

export type Receiver = (subdomain: string, body: Buffer, headers: DeliveryHeaders) => Promise<Received>;

/** Text that PostgreSQL can hold; the raw bytes are kept beside it as they came. */
const storable = (text: string): string => text.replaceAll('\u0000', '').toWellFormed().slice(0, 500);

function arrivalOf(tenantId: string, source: string, body: Buffer, parsed: Result<Delivery, string>): Arrival {
  const nothing = { doctype: '', name: '', event: '', modified: '' };
  const { doctype, name, event, modified } = parsed.ok ? parsed.value : nothing;
  return {
    tenantId,
    source,
    dedup: hash('sha256', body, 'buffer'),
    raw: body,
    doctype: storable(doctype),
    name: storable(name),
    event: storable(event),
    modified: storable(modified),
    state: parsed.ok ? (parsed.value.known ? 'new' : 'ignored') : 'dead',
    error: parsed.ok ? null : storable(parsed.error),
    correlationId: newCorrelationId(),
    ...(parsed.ok && parsed.value.debtor !== undefined ? { debtor: parsed.value.debtor } : {}),
  };
}

/**
 * The way in of a signed webhook (spec B2): who sends it, is it signed, store it, and only then say so. What it contains
 * decides nothing; signed nonsense is stored too, as dead, where a person sees it.
 */
export function createReceiver(
  source: { readonly name: string; readonly webhooks: WebhookSource },
  senders: Senders,
  store: (arrival: Arrival) => Promise<Stored>,
): Receiver {
  const isSigned = (sender: Sender, body: Buffer, headers: DeliveryHeaders): boolean =>
    source.webhooks.verify(body, headers, sender.secrets) !== null;

  return async (subdomain, body, headers) => {
    let sender = await senders.find(subdomain);
    // The secret may have been set a moment ago, in another process.
    if (sender && !isSigned(sender, body, headers)) {
      sender = await senders.find(subdomain, true);
      if (sender && !isSigned(sender, body, headers)) return { accepted: false, why: 'bad_signature' };
    }
    if (!sender) return { accepted: false, why: 'unknown_tenant' };
    if (!sender.isActive) return { accepted: false, why: 'deactivated' };
    const arrival = arrivalOf(sender.tenantId, source.name, body, source.webhooks.parse(body));
    const { eventId, fresh } = await store(arrival);
    return { accepted: true, eventId, fresh, correlationId: arrival.correlationId };
  };
}
