import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { exportSPKI, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '#platform/routing.ts';
import { type AccessTokens, accessSeconds, createAccessTokens } from './access-tokens.ts';
import { readSigningKey, type SigningKey } from './signing-key.ts';

const issuer = 'https://hub.example.net';
const caller: Caller = { userId: randomUUID(), tenantId: randomUUID(), role: 'admin' };
let folder: string;
let key: SigningKey;
let foreign: SigningKey;
let now = Date.parse('2026-03-01T00:00:00Z');
let tokens: AccessTokens;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jbt-key-'));
  key = await readSigningKey(join(folder, 'keys', 'signing.key'));
  foreign = await readSigningKey(join(folder, 'foreign.key'));
  tokens = createAccessTokens(key, () => now, issuer);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const seconds = (): number => Math.floor(now / 1000);
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

type Draft = { header?: object; claims?: object; signer?: SigningKey };
function forge({ header = {}, claims = {}, signer = key }: Draft): Promise<string> {
  const good = { sub: caller.userId, tenant: caller.tenantId, role: 'admin', iss: issuer, aud: 'jembatan-api' };
  const times = { iat: seconds(), nbf: seconds(), exp: seconds() + 60 };
  return new SignJWT({ ...good, ...times, ...claims })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: key.id, ...header })
    .sign(signer.privateKey);
}

describe('access tokens', () => {
  it('I1: say who asks, for 15 minutes and not a second longer [P4]', async () => {
    const token = await tokens.issue(caller);
    expect(await tokens.verify(token)).toEqual(caller);
    const start = now;
    now = start + (accessSeconds - 1) * 1000;
    expect(await tokens.verify(token)).toEqual(caller);
    now = start + accessSeconds * 1000;
    expect(await tokens.verify(token)).toBeNull();
    now = start;
    expect(await tokens.verify(token)).toEqual(caller);
  });

  it('the drafts of this test are good where nothing is wrong with them', async () => {
    expect(await tokens.verify(await forge({}))).toEqual(caller);
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
    ];
    for (const draft of drafts) {
      const { header, claims } = draft;
      expect(await tokens.verify(await forge(draft)), JSON.stringify({ header, claims })).toBeNull();
    }
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
    const token = await tokens.issue(caller);
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

  it('the key is made once, is the same for whoever reads it, and is readable by its owner only', async () => {
    const file = join(folder, 'raced', 'signing.key');
    const made = await Promise.all(Array.from({ length: 4 }, () => readSigningKey(file)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect((await readSigningKey(file)).id).toBe(made[0]?.id);
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect(await readFile(file, 'utf8')).toContain('BEGIN PRIVATE KEY');
  });
});
