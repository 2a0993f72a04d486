import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encodeAttributes } from './attributes.ts';
import { digest, withAuthenticator } from './authenticator.ts';
import { codes } from './codes.ts';
import { buildDisconnectRequest } from './hashed-request.ts';
import { emptyMessageAuthenticator, signMessage } from './message-authenticator.ts';
import { assemble } from './packet.ts';
import { encodeRaw } from './raw-attribute.ts';
import { buildResponse, verifyResponse } from './response.ts';

const secret = 'jembatan-test';

function value<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string },
): T {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

const request = value(
  buildDisconnectRequest({
    identifier: 7,
    secret,
    attributes: [
      { name: 'User-Name', value: 'ckp123' },
      { name: 'Acct-Session-Id', value: '81d00001' },
    ],
    signed: true,
  }),
);

const nak = (signed: boolean): Buffer =>
  value(
    buildResponse({
      code: codes.disconnectNak,
      request,
      secret,
      attributes: [{ name: 'Error-Cause', value: 503 }],
      signed,
    }),
  );
const ack = value(buildResponse({ code: codes.disconnectAck, request, secret, attributes: [], signed: false }));
const responses = [ack, nak(false), nak(true)];

/** Small, seeded and repeatable (xorshift32): a failure is found again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

function flipped(packet: Buffer, at: number, mask: number): Buffer {
  const copy = Buffer.from(packet);
  copy[at] = (copy[at] ?? 0) ^ mask;
  return copy;
}

const accepted = (datagram: Uint8Array): boolean => verifyResponse(datagram, request, secret).ok;

/** The control: right arithmetic, but the digests are compared after they were turned into text. */
function acceptedByTextComparison(datagram: Buffer): boolean {
  const expected = createHash('md5')
    .update(withAuthenticator(datagram, request.subarray(4, 20)))
    .update(secret)
    .digest();
  return datagram.subarray(4, 20).toString('utf8') === expected.toString('utf8');
}

/** A response that is signed rightly by a holder of the secret, whatever its attribute bytes are. */
function signedRightly(attributes: Buffer, code: number = codes.disconnectAck): Buffer {
  const plain = value(assemble(code, 7, request.subarray(4, 20), attributes));
  return withAuthenticator(plain, digest(plain, request.subarray(4, 20), secret));
}

describe('forged responses', () => {
  it('SEC-7: the untouched responses are accepted', () => {
    expect(responses.map(accepted)).toEqual([true, true, true]);
  });

  it('SEC-7: no single flipped bit is accepted, every bit of every response', () => {
    for (const response of responses) {
      for (let bit = 0; bit < response.length * 8; bit += 1) {
        expect(accepted(flipped(response, bit >> 3, 1 << (bit & 7))), `bit ${bit}`).toBe(false);
      }
    }
  });

  it('SEC-7: 0 of 100,000 changed bytes and random authenticators are accepted', () => {
    const random = randomFrom(0x5ec7);
    const forged = Array.from({ length: 100_000 }, (_, turn) => {
      const response = responses[turn % responses.length] ?? ack;
      const changed = flipped(response, Math.floor(random() * response.length), 1 + Math.floor(random() * 255));
      if (turn % 3 === 0) for (let at = 4; at < 20; at += 1) changed[at] = Math.floor(random() * 256);
      return changed;
    });
    expect(forged.filter(accepted)).toHaveLength(0);
  });

  it('SEC-7 control: a comparison of digests as text accepts flips of the authenticator', () => {
    const flips = responses.flatMap((response) =>
      Array.from({ length: 128 }, (_, bit) => flipped(response, 4 + (bit >> 3), 1 << (bit & 7))),
    );
    const fooled = flips.filter(acceptedByTextComparison);
    expect(fooled.length).toBeGreaterThan(flips.length / 10);
    expect(fooled.filter(accepted)).toHaveLength(0);
  });

  it('SEC-7: truncated at any byte it is dropped', () => {
    for (const response of responses) {
      for (let length = 0; length < response.length; length += 1) {
        expect(accepted(response.subarray(0, length)), `${length} bytes`).toBe(false);
      }
    }
  });

  it('SEC-7: a length field beyond the datagram, below 20 or above 4096 is dropped', () => {
    for (const length of [0, 1, 19, 21, 255, 4096, 4097, 65535]) {
      const changed = Buffer.from(ack);
      changed.writeUInt16BE(length, 2);
      expect(accepted(changed), `length ${length}`).toBe(false);
    }
  });

  it('a datagram over 4096 bytes is dropped though its digest is right', () => {
    const attributes = Buffer.concat(Array.from({ length: 20 }, () => encodeRaw(18, Buffer.alloc(253, 0x61))));
    const plain = Buffer.concat([Buffer.from([41, 7, 0, 0]), request.subarray(4, 20), attributes]);
    plain.writeUInt16BE(plain.length, 2);
    const long = withAuthenticator(plain, digest(plain, request.subarray(4, 20), secret));
    expect(long.length).toBeGreaterThan(4096);
    expect(verifyResponse(long, request, secret)).toEqual({ ok: false, error: 'length' });
  });

  it('RFC 2865 §3: bytes behind the length are padding, and change nothing', () => {
    expect(accepted(Buffer.concat([ack, Buffer.from('padding')]))).toBe(true);
  });

  it.each([
    ['attribute length 0', Buffer.from([101, 0, 0, 0, 1, 247])],
    ['attribute length 1', Buffer.from([101, 1, 0, 0, 1, 247])],
    ['attribute length 255 beyond the end', Buffer.from([101, 255, 0, 0, 1, 247])],
    ['a lone type byte', Buffer.from([101])],
  ])('SEC-7: %s is dropped though the digest is right', (_, attributes) => {
    expect(verifyResponse(signedRightly(attributes), request, secret)).toEqual({ ok: false, error: 'attributes' });
  });

  it('SEC-7: two Message-Authenticators, or a short one, are dropped though the digest is right', () => {
    const short = encodeRaw(80, Buffer.alloc(8));
    const twice = Buffer.concat([emptyMessageAuthenticator, emptyMessageAuthenticator]);
    const half = signMessage(value(assemble(codes.disconnectAck, 7, request.subarray(4, 20), twice)), secret);
    const dropped = { ok: false, error: 'message_authenticator' };
    expect(verifyResponse(signedRightly(half.subarray(20)), request, secret)).toEqual(dropped);
    expect(verifyResponse(signedRightly(short), request, secret)).toEqual(dropped);
    expect(verifyResponse(signedRightly(emptyMessageAuthenticator), request, secret)).toEqual(dropped);
  });

  it('SEC-7: another code, another id and another secret are dropped', () => {
    expect(verifyResponse(signedRightly(Buffer.alloc(0), codes.coaAck), request, secret)).toEqual({
      ok: false,
      error: 'code',
    });
    expect(verifyResponse(flipped(ack, 1, 1), request, secret)).toEqual({ ok: false, error: 'identifier' });
    expect(verifyResponse(ack, request, 'other')).toEqual({ ok: false, error: 'authenticator' });
  });

  it('RFC 3579 §3.2: a right Message-Authenticator is accepted wherever it stands', () => {
    const cause = value(encodeAttributes([{ name: 'Error-Cause', value: 503 }]));
    const seed = request.subarray(4, 20);
    const plain = value(assemble(codes.disconnectNak, 7, seed, Buffer.concat([cause, emptyMessageAuthenticator])));
    plain.set(createHmac('md5', secret).update(plain).digest(), plain.length - 16);
    const last = withAuthenticator(plain, digest(plain, seed, secret));
    expect(verifyResponse(last, request, secret)).toMatchObject({ ok: true, value: { message: 'valid' } });
  });
});
