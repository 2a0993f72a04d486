import { createHmac } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { type Arriving, type Signed, signedCallbacks } from './signed-callbacks.ts';

const signed = await signedCallbacks();
const flips = Math.max(2_000, Math.round(100_000 * Number(process.env.JEMBATAN_FAULT_SCALE ?? '0.1')));

/** Headers as a server hands them on, whatever bytes they hold. */
const read = ({ gateway }: Signed, { body, headers }: Arriving) =>
  gateway.readCallback(body, { get: (name) => headers[name.toLowerCase()] ?? null });

/** What is no signature of this callback. */
const wrong: readonly (readonly [string, (one: Signed) => string | null])[] = [
  ['none', () => null],
  ['empty', () => ''],
  ['a prefix of it', ({ signature }) => signature.slice(0, 10)],
  ['one character short', ({ signature }) => signature.slice(0, -1)],
  ['one character more', ({ signature }) => `${signature}0`],
  ['with a blank behind it', ({ signature }) => `${signature} `],
  ['with a blank inside', ({ signature }) => `${signature.slice(0, 8)} ${signature.slice(8)}`],
  [
    'in the other case',
    ({ signature }) => signature.replace(/[a-z]/gi, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())),
  ],
  ['prefixed by an algorithm', ({ signature }) => `sha256=${signature}`],
  ['quoted', ({ signature }) => `"${signature}"`],
  ['twice with a comma', ({ signature }) => `${signature}, ${signature}`],
  ['in base64', ({ signature }) => Buffer.from(signature).toString('base64')],
  ['backwards', ({ signature }) => [...signature].reverse().join('')],
  ['of another key', ({ signedBy }) => signedBy('another key')],
  ['of the key with a line end', ({ signedBy, secret }) => signedBy(`${secret}\n`)],
  ['of the empty key', ({ signedBy }) => signedBy('')],
  ['asterisks', () => '********'],
  ['zeros', ({ signature }) => '0'.repeat(signature.length)],
];

afterAll(() => {
  for (const { gateway } of signed) gateway.close();
});

describe.each(signed)('SEC-6: $name', (one) => {
  it('its genuine callback is read', () => {
    expect(read(one, one.genuine)).toMatchObject({ ok: true, value: { status: 'paid' } });
    expect(read(one, one.with(one.signature))).toMatchObject({ ok: true });
    expect(one.signedBy(one.secret)).toBe(one.signature);
  });

  it.each(wrong)('a signature that is wrong: %s', (_what, forge) => {
    expect(forge(one)).not.toBe(one.signature);
    expect(read(one, one.with(forge(one)))).toEqual({ ok: false, error: 'unsigned' });
  });

  it(`0 of ${flips} flipped bits of what its scheme covers are accepted`, () => {
    const body = Uint8Array.from(one.genuine.body);
    const places = one.covered.flatMap((text) => {
      const from = one.genuine.body.indexOf(text);
      expect(from).toBeGreaterThanOrEqual(0);
      return Array.from({ length: Buffer.byteLength(text) }, (_, i) => from + i);
    });
    const isInHeader = Object.values(one.genuine.headers).includes(one.signature);
    let state = 20261121;
    const below = (limit: number): number => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % limit;
    };
    let accepted = 0;
    for (let run = 0; run < flips; run += 1) {
      if (isInHeader && (run % 2 === 0 || places.length === 0)) {
        const characters = Buffer.from(one.signature, 'latin1');
        const at = below(characters.length);
        characters[at] = (characters[at] ?? 0) ^ (1 << below(8));
        if (read(one, one.with(characters.toString('latin1'))).ok) accepted += 1;
        continue;
      }
      const at = places[below(places.length)] ?? 0;
      const before = body[at] ?? 0;
      body[at] = before ^ (1 << below(8));
      if (read(one, { ...one.genuine, body: Buffer.from(body) }).ok) accepted += 1;
      body[at] = before;
    }
    expect(accepted).toBe(0);
    expect(read(one, { ...one.genuine, body: Buffer.from(body) }).ok).toBe(true);
  });
});

const of = (name: string): Signed => {
  const found = signed.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
};

describe('SEC-6: what each scheme leaves open', () => {
  it('Tripay signs raw bytes: whoever signs JSON that was read and written again refuses the genuine callback', () => {
    const { genuine, signature, secret } = of('tripay');
    const again = JSON.stringify(JSON.parse(genuine.body.toString()));
    expect(createHmac('sha256', secret).update(again).digest('hex')).not.toBe(signature);
  });

  it('Midtrans signs the amount as text: 150000.00 is not 150000', () => {
    const midtrans = of('midtrans');
    const told = JSON.parse(midtrans.genuine.body.toString());
    expect(told.gross_amount).toBe('150000.00');
    const body = Buffer.from(JSON.stringify({ ...told, gross_amount: 150_000 }));
    expect(read(midtrans, { ...midtrans.genuine, body }).ok).toBe(false);
  });

  it('Midtrans and Duitku sign without separators: characters moved from one field to the next name an order of nobody', () => {
    const midtrans = of('midtrans');
    const told = JSON.parse(midtrans.genuine.body.toString());
    const moved = {
      ...told,
      order_id: told.order_id.slice(0, -1),
      status_code: told.order_id.slice(-1) + told.status_code,
    };
    const answer = read(midtrans, { ...midtrans.genuine, body: Buffer.from(JSON.stringify(moved)) });
    expect(answer).toMatchObject({ ok: true, value: { orderId: told.order_id.slice(0, -1) } });
  });

  it('Duitku does not sign the result, nor Xendit anything: a forged "paid" is read, and is why the gateway is asked', () => {
    const duitku = of('duitku');
    const form = new URLSearchParams(duitku.genuine.body.toString());
    form.set('resultCode', '01');
    expect(read(duitku, { ...duitku.genuine, body: Buffer.from(form.toString()) })).toMatchObject({ ok: true });
    const xendit = of('xendit');
    const told = { ...JSON.parse(xendit.genuine.body.toString()), paid_amount: 1 };
    expect(read(xendit, { ...xendit.genuine, body: Buffer.from(JSON.stringify(told)) })).toMatchObject({ ok: true });
  });
});
