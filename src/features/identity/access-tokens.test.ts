import { createHmac, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { exportSPKI, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '#platform/routing.ts';
import { type AccessTokens, accessSeconds, createAccessTokens } from './access-tokens.ts';
import { createKeyRing } from './key-ring.ts';
import { makeSigningKey, type SigningKey } from './signing-key.ts';

const issuer = 'https://hub.example.net';
const caller: Caller = { userId: randomUUID(), tenantId: randomUUID(), role: 'admin' };
const claimed = { caller, epoch: 3 };
let key: SigningKey;
let foreign: SigningKey;
let now = Date.parse('2026-03-01T00:00:00Z');
let tokens: AccessTokens;

const clock = () => now;
const ringOf = (signer: SigningKey) => createKeyRing(async () => [{ key: signer, madeAt: 0, retiredAt: null }], clock);

beforeAll(async () => {
  key = await makeSigningKey();
  foreign = await makeSigningKey();
  tokens = createAccessTokens(ringOf(key), clock, issuer);
});

const seconds = (): number => Math.floor(now / 1000);
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

type Draft = { header?: object; claims?: object; signer?: SigningKey };
function forge({ header = {}, claims = {}, signer = key }: Draft): Promise<string> {
  const good = {
    sub: caller.userId,
    tenant: caller.tenantId,
    role: 'admin',
    epoch: 3,
    iss: issuer,
    aud: 'jembatan-api',
  };
  const times = { iat: seconds(), nbf: seconds(), exp: seconds() + 60 };
  return new SignJWT({ ...good, ...times, ...claims })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: key.id, ...header })
    .sign(signer.privateKey);
}

describe('access tokens', () => {
  it('I1: say who asks, for 15 minutes and not a second longer [P4]', async () => {
    const token = await tokens.issue(caller, 3);
    expect(await tokens.verify(token)).toEqual(claimed);
    const start = now;
    now = start + (accessSeconds - 1) * 1000;
    expect(await tokens.verify(token)).toEqual(claimed);
    now = start + accessSeconds * 1000;
    expect(await tokens.verify(token)).toBeNull();
    now = start;
    expect(await tokens.verify(token)).toEqual(claimed);
  });

  it('the drafts of this test are good where nothing is wrong with them', async () => {
    expect(await tokens.verify(await forge({}))).toEqual(claimed);
  });

  it('SEC-11: forged headers, claims, times and keys are refused', async () => {
    const drafts: readonly Draft[] = [
      { header: { typ: 'JWT' } },
      { header: { kid: 'another' } },
      { header: { kid: '../../etc/passwd' } },
      { header: { kid: undefined } },
      { header: { alg: 'RS512' } },
      { header: { alg: 'PS256' } },
      { header: { jku: 'https://evil.example/keys', kid: 'evil' } },
      { signer: foreign },
      { signer: foreign, header: { kid: foreign.id } },
      { claims: { iss: 'https://other.example' } },
      { claims: { aud: 'jembatan-refresh' } },
      { claims: { aud: undefined } },
      { claims: { exp: seconds() - 1 } },
      { claims: { exp: undefined } },
      { claims: { nbf: seconds() + 30 } },
      { claims: { nbf: undefined } },
      { claims: { sub: 'root' } },
      { claims: { sub: undefined } },
      { claims: { tenant: undefined } },
      { claims: { tenant: 'alpha' } },
      { claims: { role: '' } },
      { claims: { epoch: undefined } },
      { claims: { epoch: '3' } },
    ];
    for (const draft of drafts) {
      const { header, claims } = draft;
      expect(await tokens.verify(await forge(draft)), JSON.stringify({ header, claims })).toBeNull();
    }
  });

  it('P4: an expired token is refused, however long ago it expired', async () => {
    const start = now;
    const token = await tokens.issue(caller, 3);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 400 * 86_400 }), async (late) => {
        now = start + (accessSeconds + late) * 1000;
        expect(await tokens.verify(token)).toBeNull();
      }),
      { numRuns: 100 },
    );
    now = start;
    expect(await tokens.verify(token)).toEqual(claimed);
  });

  it('SEC-11: of 200 forgeries none is accepted', async () => {
    const wrong = fc.oneof(
      fc.record({ header: fc.record({ kid: fc.string() }) }),
      fc.record({ header: fc.record({ alg: fc.constantFrom('RS384', 'RS512', 'PS256', 'PS512') }) }),
      fc.record({ header: fc.record({ typ: fc.constantFrom('JWT', 'refresh+jwt', '') }) }),
      fc.record({ claims: fc.record({ iss: fc.webUrl() }) }),
      fc.record({ claims: fc.record({ aud: fc.constantFrom('jembatan', 'refresh', '*') }) }),
      fc.record({ claims: fc.record({ exp: fc.integer({ min: -1_000, max: 1_000_000 }) }) }),
      fc.record({ claims: fc.record({ sub: fc.string() }) }),
      fc.record({ signer: fc.constant(foreign), header: fc.record({ kid: fc.constantFrom(key.id, foreign.id) }) }),
    );
    await fc.assert(
      fc.asyncProperty(wrong, async (draft) => {
        fc.pre(!('header' in draft && 'kid' in draft.header && draft.header.kid === key.id && !('signer' in draft)));
        expect(await tokens.verify(await forge(draft))).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it('SEC-11: no algorithm, and the public key taken for an HMAC secret, are refused', async () => {
    const [, claims = ''] = (await forge({})).split('.');
    const none = `${part({ alg: 'none', typ: 'at+jwt', kid: key.id })}.${claims}.`;
    const head = `${part({ alg: 'HS256', typ: 'at+jwt', kid: key.id })}.${claims}`;
    const mac = createHmac('sha256', await exportSPKI(key.publicKey))
      .update(head)
      .digest('base64url');
    for (const token of [none, `${head}.${mac}`, '', 'a.b.c', '..', claims]) {
      expect(await tokens.verify(token)).toBeNull();
    }
  });

  it('SEC-11: no edited claim and no changed character of a token is accepted', async () => {
    const token = await tokens.issue(caller, 3);
    const [head, , signature] = token.split('.');
    const edited = part({ sub: caller.userId, tenant: null, role: 'platform_owner', iss: issuer, aud: 'jembatan-api' });
    expect(await tokens.verify(`${head}.${edited}.${signature}`)).toBeNull();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    // The last character of a part carries bits that base64url leaves unused; changing those changes nothing.
    const inner = [...token].map((_, at) => at).filter((at) => token[at] !== '.' && token[at + 1] !== '.');
    const place = fc.constantFrom(...inner.slice(0, -1));
    await fc.assert(
      fc.asyncProperty(place, fc.constantFrom(...alphabet), async (at, character) => {
        fc.pre(token[at] !== character);
        expect(await tokens.verify(token.slice(0, at) + character + token.slice(at + 1))).toBeNull();
      }),
      { numRuns: 200 },
    );
  });
});
