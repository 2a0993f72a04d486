import type { Context, Handler } from 'hono';
import { createDeadlines } from '#http/deadlines.ts';
import { answerRefusal } from '#http/errors.ts';
import { deliveryOf, type IncomingDelivery } from '#http/incoming-delivery.ts';
import type { HttpMetrics } from '#http/metrics.ts';
import type { Received, Receiver } from '#inbox/receive.ts';
import type { Log } from '#platform/log.ts';
import { Refusal } from '#platform/refusal.ts';

export type WebhookDoor = {
  readonly receiver: Receiver;
  readonly webhooks: HttpMetrics['webhooks'];
  readonly log: Log;
  /** A sender that waits longer gives up by itself (ERPNext after 5 s), so it is told to come back before. */
  readonly deadlineMs: number;
  /** What stands before the subdomain. */
  readonly path: string;
  /** What this sender takes for a good answer. */
  readonly thank: (c: Context, stored: { readonly eventId: bigint; readonly fresh: boolean }) => Response;
};

type Deadlines = ReturnType<typeof createDeadlines>;
type Told = { readonly outcome: string; readonly refusal: Refusal };

/** Not a subdomain: no tenant has it, and the database need not be asked. */
const subdomainForm = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

// A stranger must not learn which tenants there are: the same words for both.
const notKnown = new Refusal('UNAUTHORIZED', 'The signature does not match any secret of this address.');
const told = {
  unknown_tenant: notKnown,
  bad_signature: notKnown,
  deactivated: new Refusal('FORBIDDEN', 'This tenant is deactivated.'),
  too_large: new Refusal('PAYLOAD_TOO_LARGE', 'A delivery may have 1 MB at most.'),
  broken_off: new Refusal('VALIDATION_ERROR', 'The body ended early.'),
  failed: new Refusal('UNAVAILABLE', 'The delivery could not be stored. Send it again.'),
} as const;

const refused = (outcome: keyof typeof told): Told => ({ outcome, refusal: told[outcome] });

/** Answers in time although the work goes on: a row that is stored too late is a duplicate of the next try. */
function inTime<T>(deadlines: Deadlines, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const isOver = deadlines.begin(() => reject(new Error('The delivery was not stored in time.')));
    work.then(
      (answer) => {
        isOver();
        resolve(answer);
      },
      (error: unknown) => {
        isOver();
        reject(error);
      },
    );
  });
}

type Accepted = Extract<Received, { accepted: true }>;

async function take(
  door: WebhookDoor,
  deadlines: Deadlines,
  subdomain: string,
  request: IncomingDelivery,
): Promise<Accepted | Told> {
  const body = await request.read();
  if (!body.ok) return refused(body.why);
  if (!subdomainForm.test(subdomain)) return refused('unknown_tenant');
  try {
    const received = await inTime(deadlines, door.receiver(subdomain, body.bytes, request.headers));
    return received.accepted ? received : refused(received.why);
  } catch (error) {
    // Whatever it was, nothing was promised: the sender keeps the delivery and comes again.
    door.log.error('a delivery could not be stored', { path: `${door.path}/${subdomain}`, error });
    return refused('failed');
  }
}

/** ERPNext's: 202 after the commit that holds the delivery, 200 for a duplicate. */
export const thankErpnext: WebhookDoor['thank'] = (c, { eventId, fresh }) =>
  c.json({ event_id: String(eventId) }, fresh ? 202 : 200);

/** InvenTree's event plugin: what it named is kept. */
export const thankInventree: WebhookDoor['thank'] = (c, { eventId }) => c.json({ units: Number(eventId) }, 202);

/** Payment gateways': 200 whatever it was, with the body that Tripay wants to see. */
export const thankGateway: WebhookDoor['thank'] = (c) => c.json({ success: true }, 200);

/**
 * `POST /webhooks/erpnext/{subdomain}`, `…/inventree/{subdomain}`, `…/payments/{gateway}/{subdomain}`: answered after the commit that
 * holds the delivery. It stands before every other middleware: no limits, no authentication but the signature, no body
 * parsing (spec B2, I5).
 */
export function webhookDoor(door: WebhookDoor): Handler {
  const deadlines = createDeadlines(door.deadlineMs);
  const counted = { stored: door.webhooks.labels('stored'), duplicate: door.webhooks.labels('duplicate') };
  return async (c: Context) => {
    const subdomain = c.req.param('subdomain') ?? '';
    const taken = await take(door, deadlines, subdomain, deliveryOf(c));
    if ('refusal' in taken) {
      door.webhooks.inc({ outcome: taken.outcome });
      door.log.info('a delivery was refused', { path: `${door.path}/${subdomain}`, outcome: taken.outcome });
      return answerRefusal(c, taken.refusal);
    }
    const { eventId, fresh, correlationId } = taken;
    const outcome = fresh ? 'stored' : 'duplicate';
    counted[outcome].inc();
    const event_id = String(eventId);
    // What came in stands in the inbox under its id; a line each would be most of a busy log.
    door.log.debug('a delivery came in', { event_id, correlation_id: correlationId, outcome });
    return door.thank(c, taken);
  };
}
