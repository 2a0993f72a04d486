import { type RecordingName, recording } from '#sandbox/erpnext/recorded/recording.ts';
import { frappeSignature } from '#sandbox/erpnext/webhooks/signature.ts';

/** What ERPNext sends in a billing night, in equal parts; 1.4 to 7.1 kB each. */
const mix: readonly RecordingName[] = [
  'sales-invoice.on_submit.unpaid',
  'sales-invoice.on_change.paid',
  'payment-entry.on_submit',
  'subscription.on_update.unpaid',
];

type Template = { readonly body: string; readonly name: string };

const templates: readonly Template[] = mix.map((one) => {
  const body = recording(one).raw_body;
  const { doc } = JSON.parse(body) as { doc: { name: string } };
  return { body, name: doc.name };
});

/** An HTTP/1.1 request as it goes over the wire, from a sender that keeps its connection. */
function request(path: string, secret: string, body: string): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'User-Agent: python-requests/2.28.1',
    'Accept-Encoding: gzip, deflate',
    'Accept: */*',
    'Connection: keep-alive',
    `X-Frappe-Webhook-Signature: ${frappeSignature(secret, body)}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** `count` signed deliveries; no two have the same body, and `series` tells them from those of other rounds. */
export function deliveries(path: string, secret: string, series: string, count: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, i) => {
    const { body, name } = templates[i % templates.length] ?? { body: '{}', name: '' };
    return request(path, secret, body.replaceAll(`"${name}"`, `"${name}-${series}-${i}"`));
  });
}
