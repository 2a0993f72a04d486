import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecipients, maskedEmail } from './recipients.ts';
import { createVault } from './secrets.ts';
import { createUnsubscribeLinks } from './unsubscribe-links.ts';

const vault = createVault(randomBytes(32));
const links = createUnsubscribeLinks(vault, 'https://hub.example.net/');
const tokenOf = (url: string): string => url.slice('https://hub.example.net/u/'.length);

describe('links that end messages', () => {
  it('lead back to the message that they were in', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (tenantId, messageId) => {
        expect(links.read(tokenOf(links.urlFor({ tenantId, messageId })))).toEqual({ tenantId, messageId });
      }),
      { numRuns: 200 },
    );
  });

  it('no flipped bit of one is accepted, nor one of another installation', () => {
    const token = tokenOf(links.urlFor({ tenantId: randomUUID(), messageId: randomUUID() }));
    const bytes = Buffer.from(token, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(links.read(flipped.toString('base64url'))).toBeNull();
    }
    const elsewhere = createUnsubscribeLinks(createVault(randomBytes(32)), 'https://hub.example.net');
    expect(elsewhere.read(token)).toBeNull();
    for (const nonsense of ['', 'x', `${token}A`, token.slice(1), '../../etc/passwd'])
      expect(links.read(nonsense)).toBeNull();
  });
});

describe('recipients', () => {
  it('are the same in every spelling of an address, and another in every tenant and installation', () => {
    const recipients = createRecipients(vault);
    const [one, two] = [randomUUID(), randomUUID()];
    const hash = recipients.hash(one, 'email', 'budi@example.net');
    expect(recipients.hash(one, 'email', ' Budi@Example.NET ')).toEqual(hash);
    expect(recipients.hash(two, 'email', 'budi@example.net')).not.toEqual(hash);
    expect(createRecipients(createVault(randomBytes(32))).hash(one, 'email', 'budi@example.net')).not.toEqual(hash);
  });

  it.each([
    ['budi@example.net', 'b***@example.net'],
    ['b@x.id', 'b***@x.id'],
    ['@x.id', '***'],
    ['budi', '***'],
  ])('%j is shown as %j', (address, shown) => {
    expect(maskedEmail(address)).toBe(shown);
  });
});
