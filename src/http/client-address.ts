import { BlockList, isIP } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

/** The plain form of an address: IPv4 that came over an IPv6 socket is IPv4. */
const plain = (address: string): string => address.trim().replace(/^::ffff:(?=\d+\.)/i, '');

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const version = isIP(address);
    if (version === 0) throw new Error(`JEMBATAN_TRUSTED_PROXIES: ${network} is no network such as 10.0.0.0/8.`);
    const family = version === 4 ? 'ipv4' : 'ipv6';
    list.addSubnet(address, prefix === undefined ? (version === 4 ? 32 : 128) : Number(prefix), family);
  }
  return list;
}

/**
 * Who asks: the socket's address, or, where that is a trusted proxy, the last address in `X-Forwarded-For` that is not
 * one (what stands before it may have been made up by the client).
 */
export function createClientAddress(trustedProxies: readonly string[]): (c: Context) => string {
  const trusted = listOf(trustedProxies);
  const isTrusted = (address: string): boolean => {
    const version = isIP(address);
    return version !== 0 && trusted.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
  return (c) => {
    const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
    const socket = plain(incoming?.socket.remoteAddress ?? '');
    if (!isTrusted(socket)) return socket;
    const hops = (c.req.header('X-Forwarded-For') ?? '')
      .split(',')
      .map(plain)
      .filter((hop) => isIP(hop) !== 0);
    return hops.findLast((hop) => !isTrusted(hop)) ?? hops[0] ?? socket;
  };
}
