import { describe, expect, it } from 'vitest';
import { md4 } from './md4.ts';
import { authenticatorResponse, msChap2Response, ntResponse } from './ms-chap.ts';

describe('MD4', () => {
  it.each([
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    ['message digest', 'd9130a8164549fe818874806e1c7014b'],
    ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
    ['1234567890'.repeat(8), 'e33b4ddc9c38f2199c3e7b164fcc0536'],
  ])('RFC 1320 §A.5: "%s"', (text, hex) => {
    expect(md4(Buffer.from(text)).toString('hex')).toBe(hex);
  });

  it('no length around a block border makes two messages equal', () => {
    const digests = Array.from({ length: 200 }, (_, length) => md4(Buffer.alloc(length)).toString('hex'));
    expect(new Set(digests).size).toBe(200);
  });
});

describe('MS-CHAPv2', () => {
  const input = {
    username: 'User',
    password: 'clientPass',
    challenge: Buffer.from('5b5d7c7d7b3f2f3e3c2c602132262628', 'hex'),
    peerChallenge: Buffer.from('21402324255e262a28295f2b3a337c7e', 'hex'),
  };
  const expected = '82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df';

  it('RFC 2759 §9.2: NT-Response and authenticator response of the example', () => {
    expect(ntResponse(input).toString('hex')).toBe(expected);
    expect(authenticatorResponse(input)).toBe('S=407A5589115FD0D6209F510FE9C04566932CDA56');
  });

  it('RFC 2548 §2.3.2: the attribute holds 50 bytes in order', () => {
    const value = msChap2Response(7, input);
    expect(value.toString('hex')).toBe(`0700${input.peerChallenge.toString('hex')}${'00'.repeat(8)}${expected}`);
  });

  it('the user name is hashed as it is written: another letter case is another response', () => {
    expect(ntResponse({ ...input, username: 'user' }).toString('hex')).not.toBe(expected);
  });
});
