import { z } from 'zod';
import { err, ok, type Result } from '#domain/result.ts';
import type { Delivery, WebhookSource } from '#ports/webhook-source/port.ts';
import { doctypes } from './doctypes.ts';
import { invoiceDoctype } from './invoice.ts';
import { signatureHeader, signer } from './signature.ts';

/** Frappe's own limits: names and doctypes are varchar(140). NUL and lone surrogates cannot be stored or asked for. */
const name = z
  .string()
  .min(1)
  .max(140)
  .refine((text) => !/\p{Surrogate}/u.test(text) && !text.includes('\0'), 'holds a character that no name has');
const text = (max: number): z.ZodString => z.string().min(1).max(max);

/** Names are numbers where a doctype counts its rows. */
const document = z.object({
  name: z.union([name, z.int().transform(String)]),
  modified: text(40),
  customer: name.optional().catch(undefined),
  outstanding_amount: z.number().optional().catch(undefined),
});
const envelope = z.object({ event: text(60), doctype: name });
const delivery = z.union([
  envelope.extend({ doc: document }).transform(({ event, doctype, doc }) => ({ event, doctype, ...doc })),
  envelope.extend(document.shape),
]);

const wanted =
  'the webhook’s body must read like {"event": "on_change", "doctype": "Sales Invoice", "doc": {{ doc | json }} }';

/** Webhooks as Frappe sends them: no content type, JSON, base64 HMAC over the raw bytes. */
export const createErpnextWebhookSource = (): WebhookSource => ({
  verify: (body, headers, secrets) => signer(body, headers.get(signatureHeader), secrets),

  parse(body) {
    const json = readJson(body);
    if (!json.ok) return json;
    const parsed = delivery.safeParse(json.value);
    if (!parsed.success) return err(`event, doctype, name or modified is missing or malformed; ${wanted}`);
    const { customer, outstanding_amount: open = 0, ...rest } = parsed.data;
    const isOpenBill = rest.doctype === invoiceDoctype && open > 0 && customer !== undefined;
    return ok<Delivery>({ ...rest, known: doctypes.has(rest.doctype), ...(isOpenBill ? { debtor: customer } : {}) });
  },
});

function readJson(body: Uint8Array): Result<unknown, string> {
  try {
    return ok(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)));
  } catch {
    return err(`the body is no JSON in UTF-8; ${wanted}`);
  }
}
