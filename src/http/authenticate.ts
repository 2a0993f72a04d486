import type { Context, MiddlewareHandler } from 'hono';
import { Refusal } from '#platform/refusal.ts';
import type { Caller, RouteEnv } from '#platform/routing.ts';

/** A caller whose token was found good, and the subdomain of its tenant (null: the platform owner). */
export type Authenticated = { readonly caller: Caller; readonly subdomain: string | null };

/** Null: the token is not ours, not valid any more, or its user or tenant has been deactivated. */
export type Authenticate = (token: string) => Promise<Authenticated | null>;

const bearer = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i;

function tokenOf(c: Context): string {
  const token = bearer.exec(c.req.header('Authorization') ?? '')?.[1];
  if (token !== undefined) return token;
  if (c.req.header('X-API-Key') !== undefined) {
    throw new Refusal('UNAUTHORIZED', 'API keys are not accepted yet: log in and send a bearer token.');
  }
  throw new Refusal('UNAUTHORIZED', 'Log in first, and send Authorization: Bearer <access token>.');
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

/** Lets in who brings a good bearer token; `publicUrl` tells which host names carry a tenant's subdomain. */
export function requireBearer(authenticate: Authenticate, publicUrl: string): MiddlewareHandler<RouteEnv> {
  const hubHost = new URL(publicUrl).hostname.toLowerCase();
  return async (c, next) => {
    const known = await authenticate(tokenOf(c));
    if (!known) throw new Refusal('UNAUTHORIZED', 'The access token is not valid, or not valid any more.');
    refuseContradiction(c, known, hubHost);
    c.set('caller', known.caller);
    await next();
  };
}
