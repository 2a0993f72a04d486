import { isIPv6 } from 'node:net';

/** The four groups that an IPv6 address begins with; `::` stands for as many zeros as are missing. */
function firstGroups(address: string): string {
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - rest.length;
  const all = [...groups, ...Array.from({ length: missing }, () => '0'), ...rest];
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

/**
 * Whom an address belongs to when requests are counted: IPv4 as it stands, of IPv6 the first 64 bits, since whoever has
 * one address there has the 2^64 beside it.
 */
export const networkOf = (address: string): string =>
  isIPv6(address) ? `${firstGroups(address.split('%')[0] ?? address)}::/64` : address;
