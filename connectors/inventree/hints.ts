import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { isSameText } from '#connectors/kit/same-text.ts';
import { err, ok, type Result } from '#domain/result.ts';

export const hintHeader = 'X-Hub-Signature-256';

/** What InvenTree's event plugin tells: that something became of these units. Where to look, never what is true. */
export type InventreeHint = { readonly event: string; readonly refs: readonly string[] };

export type InventreeHints = {
  /** Which of the secrets signed the raw bytes; null when none did. Compared in constant time. */
  verify(body: Uint8Array, headers: Pick<Headers, 'get'>, secrets: readonly string[]): number | null;
  /** The error is for whoever set the plugin up. */
  parse(body: Uint8Array): Result<InventreeHint, string>;
};

const pk = z.int().positive();
const envelope = z.object({
  event: z.string().min(1).max(100),
  // A unit of several: `id`, or `ids` of what was made at once; a row of the history names itself, not its unit.
  kwargs: z
    .object({ id: pk.optional(), ids: z.array(pk).max(1_000).optional(), model: z.string().optional() })
    .catch({}),
});

const ofUnits = /^(stockitem\.|stock_stockitem\.)/;

/** What the plugin sends: hexadecimal HMAC-SHA256 over the raw bytes, after `sha256=`. */
export const signHint = (body: Uint8Array, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

export const createInventreeHints = (): InventreeHints => ({
  verify(body, headers, secrets) {
    const given = headers.get(hintHeader);
    const signed = secrets.map((secret) => secret !== '' && isSameText(given, signHint(body, secret)));
    const index = signed.indexOf(true);
    return index < 0 ? null : index;
  },

  parse(body) {
    let json: unknown;
    try {
      json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    } catch {
      return err('the body is no JSON in UTF-8');
    }
    const read = envelope.safeParse(json);
    if (!read.success) return err('the body must read like {"event": "stockitem.moved", "kwargs": {"id": 1}}');
    const { event, kwargs } = read.data;
    const pks = ofUnits.test(event) ? [...(kwargs.ids ?? []), ...(kwargs.id === undefined ? [] : [kwargs.id])] : [];
    return ok({ event, refs: [...new Set(pks)].map(String) });
  },
});
