import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAccessRequest } from './access-request.ts';
import { chapPassword } from './chap-password.ts';
import { buildAccountingRequest } from './hashed-request.ts';
import { messageState } from './message-authenticator.ts';
import { parsePacket } from './packet.ts';
import { verifyRequest } from './request.ts';
import { hidePassword, revealPassword } from './user-password.ts';

describe('requests of a NAS', () => {
  it('RFC 2865 §7.1: its Access-Request example is reproduced byte by byte', () => {
    const secret = 'xyzzy5461';
    const authenticator = Buffer.from('0f403f9473978057bd83d5cb98f4227a', 'hex');
    const hidden = hidePassword('arctangent', secret, authenticator);
    if (!hidden.ok) throw new Error(hidden.error);
    const built = buildAccessRequest({
      identifier: 0,
      authenticator,
      secret,
      signed: false,
      attributes: [
        { name: 'User-Name', value: 'nemo' },
        { name: 'User-Password', value: hidden.value },
        { name: 'NAS-IP-Address', value: '192.168.1.16' },
        { name: 'NAS-Port', value: 3 },
      ],
    });
    expect(built.ok && built.value.toString('hex')).toBe(
      '010000380f403f9473978057bd83d5cb98f4227a01066e656d6f02120dbe708d93d413ce3196e43f782a0aee0406c0a80110050600000003',
    );
  });

  it('the Message-Authenticator stands first, and is computed with the random authenticator in place', () => {
    const authenticator = Buffer.alloc(16, 9);
    const input = { identifier: 1, authenticator, secret: 's', signed: true };
    const built = buildAccessRequest({ ...input, attributes: [{ name: 'User-Name', value: 'nemo' }] });
    const packet = built.ok ? parsePacket(built.value) : built;
    if (!packet.ok) throw new Error(packet.error);
    expect(packet.value.attributes[0]?.type).toBe(80);
    expect(messageState(packet.value, authenticator, 's')).toBe('valid');
    expect(messageState(packet.value, authenticator, 't')).toBe('invalid');
  });

  it('an Accounting-Request is hashed over a zeroed authenticator', () => {
    const attributes = [{ name: 'Acct-Status-Type', value: 7 } as const];
    const built = buildAccountingRequest({ identifier: 3, secret: 's', attributes, signed: false });
    expect(built.ok && verifyRequest(built.value, 's').ok).toBe(true);
    expect(built.ok && verifyRequest(built.value, 't').ok).toBe(false);
  });

  it('any password up to 128 bytes can be read again by a holder of the secret', () => {
    const password = fc.string({ unit: 'grapheme', maxLength: 128 }).filter((one) => {
      return Buffer.byteLength(one) <= 128 && !one.endsWith('\0');
    });
    fc.assert(
      fc.property(password, fc.uint8Array({ minLength: 16, maxLength: 16 }), (text, authenticator) => {
        const hidden = hidePassword(text, 'secret', authenticator);
        expect(hidden.ok && hidden.value.length % 16).toBe(0);
        expect(hidden.ok && revealPassword(hidden.value, 'secret', authenticator)).toBe(text);
      }),
      { numRuns: 300 },
    );
    expect(hidePassword('x'.repeat(129), 'secret', Buffer.alloc(16))).toEqual({ ok: false, error: 'value_too_long' });
  });

  it('RFC 1994 §4.1: a CHAP response carries its identifier and changes with password, identifier and challenge', () => {
    const challenge = Buffer.alloc(16, 42);
    const response = chapPassword(22, 'arctangent', challenge);
    expect(response).toHaveLength(17);
    expect(response[0]).toBe(22);
    const hash = response.subarray(1).toString('hex');
    const others = [
      chapPassword(22, 'arctangenu', challenge),
      chapPassword(23, 'arctangent', challenge),
      chapPassword(22, 'arctangent', Buffer.alloc(16, 43)),
    ];
    expect(others.map((other) => other.subarray(1).toString('hex'))).not.toContain(hash);
  });
});
