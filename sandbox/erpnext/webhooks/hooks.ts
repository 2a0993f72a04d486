import { type Doc, number, rows, text } from '../site/document.ts';
import type { Change, Site } from '../site/site.ts';
import { bodyTemplate, renderBody } from './body-template.ts';
import type { Outgoing } from './delivery.ts';
import { type DeliveryFaults, faultDice } from './fault-dice.ts';
import type { SendQueue } from './send-queue.ts';
import { frappeSignature } from './signature.ts';

export type Hooks = {
  faults(faults: DeliveryFaults): void;
  /** What `work` changes sends no webhook, as raw SQL, Data Import and patches send none. */
  quiet<T>(work: () => T | Promise<T>): Promise<T>;
};

/** How far apart reordered deliveries are spread, and how late a stale one comes; in milliseconds. */
const spreadMs = 60;

/** Turns committed changes into deliveries, by the enabled Webhook documents of the site. */
export function startHooks(site: Site, queue: SendQueue): Hooks {
  let dice = faultDice({});
  let quiet = 0;
  const sendAll = (change: Change): void => {
    for (const hook of site.all('Webhook')) {
      if (!listensTo(hook, change)) continue;
      const outgoing = compose(site, hook, change);
      if (!outgoing) continue;
      const copies = dice.copies();
      if (copies === 0) queue.drop(outgoing);
      for (let copy = 0; copy < copies; copy += 1) {
        queue.push(outgoing, { extraDelayMs: dice.delay(spreadMs) + (change.late ? spreadMs : 0) });
      }
    }
  };
  site.onCommit((changes) => {
    if (quiet === 0) for (const change of changes) sendAll(change);
  });
  return {
    faults: (faults) => {
      dice = faultDice(faults);
    },
    quiet: async (work) => {
      quiet += 1;
      try {
        return await work();
      } finally {
        quiet -= 1;
      }
    },
  };
}

const listensTo = (hook: Doc, change: Change): boolean =>
  hook.enabled === 1 && hook.webhook_doctype === change.doctype && hook.webhook_docevent === change.event;

function compose(site: Site, hook: Doc, change: Change): Outgoing | null {
  const body = renderBody(text(hook, 'webhook_json'), site.meta(change.doctype), change.doc);
  if (body === null) return null;
  const signed = number(hook, 'enable_security') === 1;
  return {
    event: change.event,
    doctype: change.doctype,
    name: change.name,
    url: text(hook, 'request_url'),
    method: text(hook, 'request_method'),
    headers: Object.fromEntries(rows(hook, 'webhook_headers').map((row) => [text(row, 'key'), text(row, 'value')])),
    body,
    signature: signed ? frappeSignature(text(hook, 'webhook_secret'), body) : null,
  };
}

const submittableEvents = ['on_submit', 'on_cancel', 'on_change'] as const;
const masterEvents = ['after_insert', 'on_change', 'on_trash'] as const;

/** The doctypes of the stand-in whose events the hub asks for, and those events. */
export const usualWebhooks: Readonly<Record<string, readonly string[]>> = {
  'Sales Invoice': submittableEvents,
  'Payment Entry': submittableEvents,
  'Journal Entry': submittableEvents,
  Customer: masterEvents,
  Subscription: masterEvents,
  Item: masterEvents,
};

/** The Webhook document that registers one event; to be inserted like any other document. */
export const webhookDocument = (
  doctype: string,
  event: string,
  url: string,
  secret: string,
): Record<string, unknown> => ({
  name: `${doctype} ${event} ${url}`,
  webhook_doctype: doctype,
  webhook_docevent: event,
  request_url: url,
  request_method: 'POST',
  request_structure: 'JSON',
  webhook_json: bodyTemplate(event, doctype),
  enable_security: 1,
  webhook_secret: secret,
  enabled: 1,
});
