import type { LookupAddress } from 'node:dns';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressRefused, createAddressGuard } from './address-guard.ts';
import { classifyAddress, type Networks, parseNetworks } from './address-kind.ts';

const networks = (...entries: string[]): Networks => {
  const parsed = parseNetworks(entries);
  if (!parsed.ok) throw new Error(`no network: ${parsed.error}`);
  return parsed.value;
};

const strict = createAddressGuard({ allow: networks(), allowPrivate: false });
const usual = createAddressGuard({ allow: networks(), allowPrivate: true });

const names =
  (table: Record<string, readonly string[]>) =>
  async (host: string): Promise<LookupAddress[]> =>
    (table[host] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('SEC-17: kinds of addresses', () => {
  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['0:0:0:0:0:0:0:1', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['::', 'unspecified'],
    ['169.254.0.1', 'link-local'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['febf::1', 'link-local'],
    ['169.254.169.254', 'metadata'],
    ['169.254.170.2', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'reserved'],
    ['240.0.0.1', 'reserved'],
    ['::ffff:127.0.0.1', 'embedded IPv4'],
    ['::ffff:7f00:1', 'embedded IPv4'],
    ['0:0:0:0:0:ffff:127.0.0.1', 'embedded IPv4'],
    ['::ffff:8.8.8.8', 'embedded IPv4'],
    ['::127.0.0.1', 'embedded IPv4'],
    ['64:ff9b::7f00:1', 'embedded IPv4'],
    ['2002:7f00:1::', 'embedded IPv4'],
    ['2001:0:7f00:1::', 'embedded IPv4'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.88.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd12:3456::1', 'private'],
    ['172.32.0.1', 'public'],
    ['8.8.8.8', 'public'],
    ['126.255.255.255', 'public'],
    ['2606:4700::1', 'public'],
  ])('%s is %s', (address, kind) => {
    expect(classifyAddress(address)).toBe(kind);
  });

  it.each(['', 'localhost', '2130706433', '0x7f000001', '127.1', '0177.0.0.1', '127.0.0.1 ', '1.2.3.4.5', '[::1]'])(
    '%j is no address in its usual notation',
    (text) => {
      expect(classifyAddress(text)).toBeNull();
      expect(strict.check(text).ok).toBe(false);
    },
  );

  it('any IPv4 address hidden in a mapped IPv6 form is refused', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(usual.check(`::ffff:${address}`).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe('SEC-17: the guard', () => {
  it('refuses loopback in words that name the setting which would allow it', () => {
    const refused = usual.check('127.0.0.1');
    expect(refused).toMatchObject({ ok: false, error: { reason: 'refused' } });
    expect(refused.ok ? '' : refused.error.detail).toContain('JEMBATAN_OUTBOUND_ALLOW');
    expect(refused.ok ? '' : refused.error.detail).toContain('127.0.0.1/32');
  });

  it('opens private networks to the tenants that may reach them, and to no other', () => {
    expect(usual.check('192.168.88.1').ok).toBe(true);
    expect(strict.check('192.168.88.1').ok).toBe(false);
  });

  it('opens what JEMBATAN_OUTBOUND_ALLOW lists, and nothing beside it', () => {
    const guard = createAddressGuard({ allow: networks('127.0.0.0/8', ' 10.9.9.9 '), allowPrivate: false });
    expect(guard.check('127.0.0.5').ok).toBe(true);
    expect(guard.check('10.9.9.9').ok).toBe(true);
    expect(guard.check('10.9.9.8').ok).toBe(false);
    expect(guard.check('::1').ok).toBe(false);
    expect(guard.check('::ffff:127.0.0.5').ok).toBe(false);
  });

  it("closes the hub's own services even where private networks are open", () => {
    const guard = createAddressGuard({ allow: networks(), allowPrivate: true, own: networks('10.0.0.5') });
    expect(guard.check('10.0.0.5').ok).toBe(false);
    expect(guard.check('10.0.0.6').ok).toBe(true);
  });

  it('keeps of a name only the addresses that are allowed', async () => {
    const resolve = names({ mixed: ['127.0.0.1', '8.8.8.8', '::1'], inner: ['127.0.0.1', '169.254.169.254'] });
    const guard = createAddressGuard({ allow: networks(), allowPrivate: false, resolve });
    expect(await guard.resolve('mixed')).toEqual({ ok: true, value: [{ address: '8.8.8.8', family: 4 }] });
    expect(await guard.resolve('inner')).toMatchObject({ ok: false, error: { reason: 'refused' } });
    expect(await guard.resolve('nowhere')).toMatchObject({ ok: false, error: { reason: 'unresolved' } });
    expect(await guard.resolve('[::1]')).toMatchObject({ ok: false, error: { reason: 'refused' } });
  });

  it('judges what the system resolver makes of localhost and of a decimal address', async () => {
    for (const host of ['localhost', '2130706433', '0x7f.1']) expect((await usual.resolve(host)).ok, host).toBe(false);
  });

  it('hands a socket the judged addresses, as one or as a list', async () => {
    const guard = createAddressGuard({
      allow: networks(),
      allowPrivate: true,
      resolve: names({ erp: ['10.0.0.1', 'fd00::1'], bad: ['::1'] }),
    });
    const look = (host: string, options: object): Promise<unknown[]> =>
      new Promise((done) => guard.lookup(host, options, (...answer) => done(answer)));
    expect(await look('erp', {})).toEqual([null, '10.0.0.1', 4]);
    expect(await look('erp', { family: 6 })).toEqual([null, 'fd00::1', 6]);
    expect(await look('erp', { all: true })).toMatchObject([null, [{ address: '10.0.0.1' }, { address: 'fd00::1' }]]);
    expect((await look('bad', { all: true }))[0]).toBeInstanceOf(AddressRefused);
    expect((await look('erp', { family: 9 }))[0]).toBeInstanceOf(AddressRefused);
  });

  it.each(['10.0.0.0/33', '10.0.0.0/', 'ten', '::/129', '10.0.0.0/8/8', '10.0.0.0/-1', ''])(
    '%j is no network',
    (entry) => {
      expect(parseNetworks(['10.0.0.0/8', entry])).toEqual({ ok: false, error: entry });
    },
  );
});
