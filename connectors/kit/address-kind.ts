import { BlockList, isIP } from 'node:net';
import { err, ok, type Result } from '#domain/result.ts';

/** What an address is for whoever connects to it. Only `public`, and `private` where a tenant may, are open to connectors. */
export type AddressKind =
  | 'public'
  | 'private'
  | 'loopback'
  | 'link-local'
  | 'metadata'
  | 'unspecified'
  | 'multicast'
  | 'reserved'
  | 'embedded IPv4';

/** Networks of one configuration setting. IPv4 entries never match an IPv6 spelling of the same address. */
export type Networks = { contains(address: string): boolean };

/** First match counts: the clouds' metadata services lie inside link-local, CGNAT and unique-local space. */
const kinds: readonly (readonly [AddressKind, readonly string[]])[] = [
  ['metadata', ['169.254.169.254', '169.254.170.2', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254']],
  ['unspecified', ['0.0.0.0/8', '::/128']],
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['link-local', ['169.254.0.0/16', 'fe80::/10']],
  ['multicast', ['224.0.0.0/4', 'ff00::/8']],
  ['reserved', ['240.0.0.0/4', '192.0.0.0/24', '100::/64']],
  // Mapped, compatible, NAT64, 6to4 and Teredo forms would carry a forbidden IPv4 address past an IPv6 rule.
  [
    'embedded IPv4',
    ['::ffff:0:0/96', '::ffff:0:0:0/96', '::/96', '64:ff9b::/96', '64:ff9b:1::/48', '2002::/16', '2001::/32'],
  ],
  [
    'private',
    ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15', 'fc00::/7', 'fec0::/10'],
  ],
];

/** CIDR blocks or single addresses; the error is the first entry that is neither. */
export function parseNetworks(entries: readonly string[]): Result<Networks, string> {
  // Node matches IPv4 rules against mapped IPv6 addresses and the other way round, so each family has its own list.
  const lists = { 4: new BlockList(), 6: new BlockList() };
  for (const entry of entries) {
    const [address = '', bits, ...rest] = entry.trim().split('/');
    const family = isIP(address);
    const size = family === 4 ? 32 : 128;
    const prefix = bits === undefined ? size : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
    if ((family !== 4 && family !== 6) || rest.length > 0 || !(prefix <= size)) return err(entry);
    lists[family].addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  }
  return ok({
    contains(address) {
      const family = isIP(address);
      if (family === 4) return lists[4].check(address, 'ipv4');
      return family === 6 && lists[6].check(withoutZone(address), 'ipv6');
    },
  });
}

/** Null when the text is no IP address in its usual notation. */
export function classifyAddress(address: string): AddressKind | null {
  if (isIP(address) === 0) return null;
  return kindNetworks.find(([, networks]) => networks.contains(address))?.[0] ?? 'public';
}

const withoutZone = (address: string): string => address.split('%')[0] ?? address;

const nothing: Networks = { contains: () => false };

const kindNetworks = kinds.map(([kind, entries]) => {
  const networks = parseNetworks(entries);
  return [kind, networks.ok ? networks.value : nothing] as const;
});
