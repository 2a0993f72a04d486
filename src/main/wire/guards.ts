import { lookup } from 'node:dns/promises';
import { type AddressGuard, createAddressGuard } from '#connectors/kit/address-guard.ts';
import { type Networks, parseNetworks } from '#connectors/kit/address-kind.ts';
import type { Databases } from '#main/databases.ts';
import { type Config, ConfigError } from '#platform/config.ts';

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');

/** A name without an address is no way in: the hub itself cannot reach it either, and says so when it tries. */
async function addressesOf(host: string): Promise<readonly string[]> {
  if (host === '') return [];
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}

/** Where the hub's own databases lie, as their names resolve when it starts. */
async function ownServices(urls: readonly string[]): Promise<Networks> {
  const addresses = new Set((await Promise.all(urls.map((url) => addressesOf(hostOf(url))))).flat());
  return { contains: (address) => addresses.has(address) };
}

/**
 * Where the hub may go (SEC-17): routers stand in private networks, a tenant's other systems only where its admin says
 * so, and nothing that a tenant names leads to the hub's own services unless the installation allows that.
 */
export async function openGuards(
  config: Config,
  { bridgeUrl, radiusUrl }: Databases,
): Promise<(allowPrivate: boolean) => AddressGuard> {
  const allow = parseNetworks(config.outboundAllow);
  if (!allow.ok)
    throw new ConfigError(`JEMBATAN_OUTBOUND_ALLOW: ${allow.error} is no network; write 10.0.0.0/8, 192.0.2.7 …`);
  const { redisUrl } = config;
  const own = await ownServices([bridgeUrl, radiusUrl, ...(redisUrl === undefined ? [] : [redisUrl])]);
  const open = createAddressGuard({ allow: allow.value, own, allowPrivate: true });
  const strict = createAddressGuard({ allow: allow.value, own, allowPrivate: false });
  return (allowPrivate) => (allowPrivate ? open : strict);
}
