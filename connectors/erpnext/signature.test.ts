import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sign, signatureHeader, signer } from './signature.ts';
import { createErpnextWebhookSource } from './webhook-source.ts';

const source = createErpnextWebhookSource();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const flips = 100_000;

type Recorded = { secret: string; headers: Record<string, string>; raw_body: string };
const folder = new URL('../../sandbox/erpnext/recorded/', import.meta.url);
const recordings = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Recorded] as const);

const secret = 'jembatan-test';
/** A body of 319 bytes and the signature that Frappe 15 gave it; the escapes are literal characters. */
const vector = bytes(
  String.raw`{"event": "on_change", "doctype": "Sales Invoice", "doc": {"customer": "Toko A\u00f1u", "docstatus": 1, "doctype": "Sales Invoice", "due_date": "2026-11-28", "is_return": 0, "modified": "2026-11-21 00:18:29.777130", "name": "ACC-SINV-2026-00001", "outstanding_amount": 50.0, "remarks": "a\nb", "status": "Partly Paid"}}`,
);
const signature = 'xy7tGRE72qb3ola3MiljoZRNZ7700K+qkdIe0gN3P/c=';
const raw = Buffer.from(signature, 'base64');

describe('SEC-6: recorded deliveries', () => {
  it('there are recordings to prove it with', () => {
    expect(recordings.length).toBeGreaterThanOrEqual(10);
  });

  it.each(recordings)('%s is accepted byte for byte and parsed', (_file, { raw_body, headers, secret: theirs }) => {
    const body = bytes(raw_body);
    expect(source.verify(body, new Headers(headers), ['other', theirs])).toBe(1);
    expect(source.parse(body).ok).toBe(true);
  });

  it.each(recordings)('%s is refused with any single byte of its body changed', (_file, recorded) => {
    const body = bytes(recorded.raw_body);
    const header = new Headers(recorded.headers).get(signatureHeader);
    let accepted = 0;
    for (let at = 0; at < body.length; at += 1) {
      const before = body[at] ?? 0;
      body[at] = before ^ (1 << (at % 8));
      if (signer(body, header, [recorded.secret]) !== null) accepted += 1;
      body[at] = before;
    }
    expect(accepted).toBe(0);
  });

  it('re-serialised JSON does not verify', () => {
    for (const [, { raw_body, headers, secret: theirs }] of recordings) {
      const again = bytes(JSON.stringify(JSON.parse(raw_body)));
      expect(source.verify(again, new Headers(headers), [theirs])).toBeNull();
    }
  });
});

describe('SEC-6: what is no signature of Frappe', () => {
  it('the known body has the known signature', () => {
    expect(vector.length).toBe(319);
    expect(sign(vector, secret)).toBe(signature);
    expect(signer(vector, signature, [secret])).toBe(0);
  });

  const wrong: readonly (readonly [string, string])[] = [
    ['empty', ''],
    ['a prefix of it', signature.slice(0, 20)],
    ['one character short', signature.slice(0, -1)],
    ['one character more', `${signature}=`],
    ['without padding', signature.replace('=', '')],
    ['prefixed by its algorithm', `sha256=${signature}`],
    ['prefixed by a version', `v1,${signature}`],
    ['twice with a comma', `${signature}, ${signature}`],
    ['twice with a blank', `${signature} ${signature}`],
    ['with a foreign one before it', `${sign(vector, 'other')},${signature}`],
    ['quoted', `"${signature}"`],
    ['in hex', raw.toString('hex')],
    ['in URL-safe base64', raw.toString('base64url')],
    ['in URL-safe base64 with padding', `${raw.toString('base64url')}=`],
    ['in lower case', signature.toLowerCase()],
    ['with a blank inside', `${signature.slice(0, 10)} ${signature.slice(10)}`],
    ['with unused bits of base64 set', signature.replace('c=', 'd=')],
    ['of SHA-1 length', sign(vector, secret).slice(0, 28)],
    ['of another body', sign(bytes('{}'), secret)],
    ['of the body with a line end', sign(Buffer.concat([vector, bytes('\n')]), secret)],
    ['with the secret in base64', sign(vector, Buffer.from(secret).toString('base64'))],
    ['with the empty secret', sign(vector, '')],
    ['the secret itself', secret],
    ['the asterisks that Frappe shows for the secret', '******'],
  ];

  it.each(wrong)('%s', (_what, text) => {
    expect(text).not.toBe(signature);
    expect(source.verify(vector, new Headers({ [signatureHeader]: text }), [secret, ''])).toBeNull();
  });

  it('no header, the right value under another name, or the header sent twice', () => {
    const twice = new Headers({ [signatureHeader]: signature });
    twice.append(signatureHeader, signature);
    expect(source.verify(vector, new Headers(), [secret])).toBeNull();
    expect(source.verify(vector, new Headers({ 'X-Signature': signature }), [secret])).toBeNull();
    expect(source.verify(vector, twice, [secret])).toBeNull();
  });
});

describe('SEC-6: flips', () => {
  /** Small, seeded, good enough to spread flips: xorshift32. */
  function randomBelow(seed: number): (limit: number) => number {
    let state = seed;
    return (limit) => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % limit;
    };
  }

  it(`0 of ${flips} one-bit and one-byte flips of body or signature are accepted`, () => {
    const below = randomBelow(20261121);
    const body = Uint8Array.from(vector);
    const header = Uint8Array.from(bytes(signature));
    let accepted = 0;
    for (let run = 0; run < flips; run += 1) {
      const target = run % 2 === 0 ? body : header;
      const at = below(target.length);
      const before = target[at] ?? 0;
      target[at] = run % 4 < 2 ? before ^ (1 << below(8)) : before ^ (1 + below(255));
      const text = Buffer.from(header).toString('latin1');
      if (signer(body, text, [secret]) !== null) accepted += 1;
      target[at] = before;
    }
    expect(accepted).toBe(0);
    expect(signer(body, Buffer.from(header).toString('latin1'), [secret])).toBe(0);
  });
});
