import { readFileSync } from 'node:fs';

/** A delivery as an ERPNext 15.90 really sent it; `raw_body` is to be used byte for byte. */
export type Recording = {
  readonly secret: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly raw_body: string;
};

export const recordingNames = [
  'customer.after_insert',
  'item.after_insert',
  'payment-entry.on_cancel',
  'payment-entry.on_submit',
  'sales-invoice.on_cancel',
  'sales-invoice.on_change.paid',
  'sales-invoice.on_submit.stale-one-post-draft',
  'sales-invoice.on_submit.unpaid',
  'subscription.after_insert',
  'subscription.on_update.cancelled',
  'subscription.on_update.unpaid',
] as const;

export type RecordingName = (typeof recordingNames)[number];

export const recording = (name: RecordingName): Recording =>
  JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8')) as Recording;
