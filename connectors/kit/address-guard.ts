import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { promisify } from 'node:util';
import { err, ok, type Result } from '#domain/result.ts';
import { type AddressKind, classifyAddress, type Networks } from './address-kind.ts';

export type AddressGuardOptions = {
  /** `JEMBATAN_OUTBOUND_ALLOW`. */
  readonly allow: Networks;
  /** Whether this tenant's systems may stand in private networks. */
  readonly allowPrivate: boolean;
  /** Addresses of the hub's own services (its databases): closed as loopback is. */
  readonly own?: Networks;
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
};

export type RefusedAddress = { readonly reason: 'refused' | 'unresolved'; readonly detail: string };

/**
 * Decides where connectors may connect (SEC-17). A name is resolved once and the connection goes to the very address
 * that was judged, so that a second answer of the same name server cannot lead elsewhere.
 */
export type AddressGuard = {
  /** Judges one IP address. */
  check(address: string): Result<string, RefusedAddress>;
  /** The addresses of a name (or of an address) that may be connected to; at least one. */
  resolve(host: string): Promise<Result<readonly LookupAddress[], RefusedAddress>>;
  /** `resolve` as an `Agent` wants it. Fails with `AddressRefused`. */
  readonly lookup: LookupFunction;
};

/** How a refusal travels through the socket layer, which knows errors only. */
export class AddressRefused extends Error {
  readonly refusal: RefusedAddress;
  constructor(refusal: RefusedAddress) {
    super(refusal.detail);
    this.name = 'AddressRefused';
    this.refusal = refusal;
  }
}

const resolveAll = promisify(dnsLookup);

export function createAddressGuard(options: AddressGuardOptions): AddressGuard {
  const { allow, allowPrivate, own, resolve: ask = (host: string) => resolveAll(host, { all: true }) } = options;

  function check(address: string): Result<string, RefusedAddress> {
    const kind = classifyAddress(address);
    if (kind === null) return err({ reason: 'refused', detail: `${address} is not an IP address` });
    if (allow.contains(address)) return ok(address);
    if (own?.contains(address)) return err(refusal(address, 'own'));
    if (kind === 'public' || (kind === 'private' && allowPrivate)) return ok(address);
    return err(refusal(address, kind));
  }

  async function resolve(host: string): Promise<Result<readonly LookupAddress[], RefusedAddress>> {
    const name = host.replace(/^\[(.*)\]$/, '$1');
    const found = await answers(name, ask);
    if (!found.ok) return found;
    const judged = found.value.map((entry) => ({ entry, verdict: check(entry.address) }));
    const open = judged.filter(({ verdict }) => verdict.ok).map(({ entry }) => entry);
    if (open.length > 0) return ok(open);
    const first = judged[0]?.verdict;
    return first && !first.ok ? first : err({ reason: 'unresolved', detail: `${name} has no address` });
  }

  const lookup: LookupFunction = (host, lookupOptions, done) => {
    const family =
      lookupOptions.family === 'IPv4' ? 4 : lookupOptions.family === 'IPv6' ? 6 : (lookupOptions.family ?? 0);
    void resolve(host).then((resolved) => {
      if (!resolved.ok) return done(new AddressRefused(resolved.error), []);
      const fit = resolved.value.filter((entry) => family === 0 || entry.family === family);
      const [first] = fit;
      if (!first) return done(new AddressRefused({ reason: 'unresolved', detail: `${host} has no such address` }), []);
      return lookupOptions.all ? done(null, fit) : done(null, first.address, first.family);
    });
  };

  return { check, resolve, lookup };
}

async function answers(
  name: string,
  ask: (host: string) => Promise<readonly LookupAddress[]>,
): Promise<Result<readonly LookupAddress[], RefusedAddress>> {
  const family = isIP(name);
  if (family !== 0) return ok([{ address: name, family }]);
  try {
    return ok(await ask(name));
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    return err({ reason: 'unresolved', detail: `the name ${name} was not resolved: ${why}` });
  }
}

function refusal(address: string, kind: AddressKind | 'own'): RefusedAddress {
  const what = kind === 'own' ? "is one of the hub's own services" : `is a ${kind} address`;
  const tenant =
    kind === 'private'
      ? ' and this tenant may not reach private networks (its admin can allow them in the settings)'
      : '';
  const network = `${address}/${isIP(address) === 4 ? 32 : 128}`;
  const advice = `an operator can allow it by adding its network to JEMBATAN_OUTBOUND_ALLOW (for example ${network})`;
  return { reason: 'refused', detail: `${address} ${what}${tenant}: the hub does not connect there; ${advice}` };
}
