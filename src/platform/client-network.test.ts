import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkOf } from './client-network.ts';

describe('the network that requests are counted for', () => {
  it('is the address itself for IPv4, and for what is no address at all', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => networkOf(address) === address),
      { numRuns: 100 },
    );
    expect(networkOf('')).toBe('');
  });

  it('is the first 64 bits of IPv6, however the address is written', () => {
    for (const same of ['2001:db8::1', '2001:0db8:0000:0000:ffff::', '2001:DB8:0:0:1:2:3:4', '2001:db8::%eth0']) {
      expect(networkOf(same)).toBe('2001:db8:0:0::/64');
    }
    expect(networkOf('::1')).toBe('0:0:0:0::/64');
    expect(networkOf('fe80:1:2:3::')).toBe('fe80:1:2:3::/64');
  });

  it('I5: whoever has a /64 is one client: the last 64 bits never matter, the first ones do', () => {
    const groups = (count: number) =>
      fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: count, maxLength: count });
    const written = (parts: readonly number[]) => parts.map((part) => part.toString(16)).join(':');
    fc.assert(
      fc.property(groups(4), groups(4), groups(4), (head, a, b) => {
        expect(networkOf(written([...head, ...a]))).toBe(networkOf(written([...head, ...b])));
        const other = [((head[0] ?? 0) + 1) % 0x10000, ...head.slice(1)];
        expect(networkOf(written([...other, ...a]))).not.toBe(networkOf(written([...head, ...a])));
      }),
      { numRuns: 200 },
    );
  });
});
