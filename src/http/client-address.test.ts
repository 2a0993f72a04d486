import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { createClientAddress } from './client-address.ts';

async function seen(trusted: readonly string[], socket: string, forwarded?: string): Promise<string> {
  const addressOf = createClientAddress(trusted);
  const app = new Hono();
  app.get('/', (c) => c.text(addressOf(c)));
  const headers = forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded };
  const env = { incoming: { socket: { remoteAddress: socket } } };
  return (await app.request('/', { headers }, env)).text();
}

describe('the address of a client', () => {
  it('is the socket’s, whatever a header claims, where no proxy is trusted', async () => {
    expect(await seen([], '203.0.113.9', '198.51.100.1')).toBe('203.0.113.9');
    expect(await seen(['10.0.0.0/8'], '203.0.113.9', '198.51.100.1')).toBe('203.0.113.9');
  });

  it('is the last untrusted hop behind trusted proxies: what stands before it may be made up', async () => {
    expect(await seen(['10.0.0.0/8'], '10.0.0.2', '1.1.1.1, 198.51.100.1, 10.0.0.7')).toBe('198.51.100.1');
    expect(await seen(['10.0.0.2'], '::ffff:10.0.0.2', '198.51.100.1')).toBe('198.51.100.1');
    expect(await seen(['fd00::/8'], 'fd00::1', '2001:db8::5')).toBe('2001:db8::5');
  });

  it('is the proxy’s where it forwards nothing usable', async () => {
    expect(await seen(['10.0.0.0/8'], '10.0.0.2')).toBe('10.0.0.2');
    expect(await seen(['10.0.0.0/8'], '10.0.0.2', 'unknown')).toBe('10.0.0.2');
  });

  it('a network that is none is refused when the hub starts', () => {
    expect(() => createClientAddress(['proxy.local'])).toThrow('JEMBATAN_TRUSTED_PROXIES');
  });
});
