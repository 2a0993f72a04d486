import type { Context, MiddlewareHandler } from 'hono';
import { refuseBlocked } from '#http/limits.ts';
import type { Limits } from '#platform/limits.ts';
import { Refusal } from '#platform/refusal.ts';
import type { Caller, RouteEnv } from '#platform/routing.ts';
import { suspicion } from '#platform/suspects.ts';

/** A caller whose token or key was found good, and the subdomain of its tenant (null: the platform owner). */
export type Authenticated = { readonly caller: Caller; readonly subdomain: string | null };

/**
 * `credential` is an access token or an API key, `address` where it came from. Null: it is not ours, not valid any more,
 * or its user or tenant has been deactivated.
 */
export type Authenticate = (credential: string, address: string) => Promise<Authenticated | null>;

const bearer = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i;
/** What a key looks like; nothing else is taken from `X-API-Key`. */
const key = /^jbt_[A-Za-z0-9_-]{43}$/;

function credentialOf(c: Context): string {
  const token = bearer.exec(c.req.header('Authorization') ?? '')?.[1];
  if (token !== undefined) return token;
  const sent = c.req.header('X-API-Key');
  if (sent !== undefined && key.test(sent)) return sent;
  if (sent !== undefined) throw new Refusal('UNAUTHORIZED', 'The X-API-Key is none of ours: they begin with jbt_.');
  throw new Refusal('UNAUTHORIZED', 'Log in first, and send Authorization: Bearer <access token>, or X-API-Key.');
}

/** The label before the hub's own host name: `alpha` in `alpha.hub.example.net`. */
function subdomainOf(host: string, hubHost: string): string | null {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const label = name.endsWith(`.${hubHost}`) ? name.slice(0, -hubHost.length - 1) : '';
  return label === '' || label.includes('.') ? null : label;
}

/** The token says whose request it is; what else names a tenant may repeat that, never change it (spec T2). */
function refuseContradiction(c: Context, { caller, subdomain }: Authenticated, hubHost: string): void {
  const header = c.req.header('X-Tenant-ID')?.trim().toLowerCase();
  const label = subdomainOf(c.req.header('Host') ?? '', hubHost);
  const isOther = (header !== undefined && header !== caller.tenantId) || (label !== null && label !== subdomain);
  if (isOther) throw new Refusal('FORBIDDEN', 'The request names another tenant than its access token.');
}

/** Lets in who brings a good token or key; `publicUrl` tells which host names carry a tenant's subdomain. */
export function requireCredential(
  authenticate: Authenticate,
  publicUrl: string,
  limits: Limits,
): MiddlewareHandler<RouteEnv> {
  const hubHost = new URL(publicUrl).hostname.toLowerCase();
  return async (c, next) => {
    const address = c.get('address');
    const known = await authenticate(credentialOf(c), address);
    if (!known) {
      await limits.suspects.failed(address, suspicion.badCredential);
      await refuseBlocked(limits, address);
      throw new Refusal('UNAUTHORIZED', 'The access token or key is not valid, or not valid any more.');
    }
    refuseContradiction(c, known, hubHost);
    c.set('caller', known.caller);
    await next();
  };
}
