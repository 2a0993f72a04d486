import { describe, expect, it } from 'vitest';
import type { Result } from '#domain/result.ts';
import { decodeAttributes } from './attributes.ts';
import { errorCause } from './error-cause.ts';
import { buildCoaRequest, buildDisconnectRequest } from './hashed-request.ts';
import { verifyRequest } from './request.ts';
import { verifyResponse } from './response.ts';

const secret = 'jembatan-test';
const disconnectHex = '2807002e54a404db93da6222e60dda4df2f688445012cb4e868fccdef1d8b710d8248b9f05d6010475332c046e33';
const disconnectAckHex = '290700140b377817047a655a9e9f663a0f5a4027';
const unsignedHex = '2807001caf4e75117b742f978b27125950ec2d88010475332c046e33';
const unknownHex = '2809002e967f04789e9b35660a308dd8ac109f5150126d06970b5a75de83eef0d155e2e32de2010475332c047a7a';
const unknownNakHex = '2a09001a082fa96cd36186fa1a3c1c45029aca276506000001f7';
const coaHex =
  '2b08003f4ed46c2054c42a83b6a8975d4b49759c50126be95278b6845c873d118a1a1b2208cc' +
  '010475332c046e331a1100003a8c080b3531326b2f3531326b';

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const session = (id: string) => [
  { name: 'User-Name', value: 'u3' } as const,
  { name: 'Acct-Session-Id', value: id } as const,
];

function hex(built: Result<Buffer, string>): string {
  return built.ok ? built.value.toString('hex') : built.error;
}

describe('packets that a FreeRADIUS 3.2.1 answered, byte by byte', () => {
  it('SEC-7: Disconnect-Request with Message-Authenticator', () => {
    const built = buildDisconnectRequest({ identifier: 7, secret, attributes: session('n3'), signed: true });
    expect(hex(built)).toBe(disconnectHex);
  });

  it('SEC-7: Disconnect-Request without Message-Authenticator', () => {
    const built = buildDisconnectRequest({ identifier: 7, secret, attributes: session('n3'), signed: false });
    expect(hex(built)).toBe(unsignedHex);
  });

  it('SEC-7: Disconnect-Request of an unknown session', () => {
    const built = buildDisconnectRequest({ identifier: 9, secret, attributes: session('zz'), signed: true });
    expect(hex(built)).toBe(unknownHex);
  });

  it('SEC-7: CoA-Request with a MikroTik attribute', () => {
    const attributes = [...session('n3'), { name: 'Mikrotik-Rate-Limit', value: '512k/512k' } as const];
    expect(hex(buildCoaRequest({ identifier: 8, secret, attributes, signed: true }))).toBe(coaHex);
  });

  it('SEC-7: the recorded ACK and NAK are accepted, and the NAK says 503', () => {
    const ack = verifyResponse(bytes(disconnectAckHex), bytes(disconnectHex), secret);
    expect(ack).toMatchObject({ ok: true, value: { packet: { code: 41 }, message: 'absent' } });
    const nak = verifyResponse(bytes(unknownNakHex), bytes(unknownHex), secret);
    expect(nak.ok && errorCause(nak.value.packet)).toBe(503);
  });

  it('the recorded requests are read by a receiver, Message-Authenticator checked', () => {
    const read = verifyRequest(bytes(coaHex), secret);
    if (!read.ok) throw new Error(read.error);
    expect(read.value.message).toBe('valid');
    expect(decodeAttributes(read.value.packet.attributes)).toMatchObject({
      'User-Name': ['u3'],
      'Acct-Session-Id': ['n3'],
      'Mikrotik-Rate-Limit': ['512k/512k'],
    });
    expect(verifyRequest(bytes(unsignedHex), secret)).toMatchObject({ ok: true, value: { message: 'absent' } });
  });

  it('a receiver with another secret refuses them', () => {
    expect(verifyRequest(bytes(coaHex), 'other')).toEqual({ ok: false, error: 'authenticator' });
  });
});
