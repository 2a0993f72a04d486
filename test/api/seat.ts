import { randomBytes } from 'node:crypto';
import { rolePermissions } from '#domain/permissions.ts';
import { type Ask, asker } from './ask.ts';
import { addCustomer, addLead } from './furnish.ts';
import { good, type Kind, password, type Tenant } from './tenant.ts';

/** A tenant as one of its resellers meets it: with a canary and things of its own. */
export type Seat = Tenant & {
  /** In the reseller's name; of the tenant's own seat, its admin's. */
  readonly ask: Ask;
  readonly resellerId: string;
};

type By = 'reseller' | 'key' | 'tenant';

async function askOf(at: Tenant, by: By, resellerId: string, canary: string): Promise<Ask> {
  if (by === 'tenant') return at.admin;
  if (by === 'key') {
    const scopes = rolePermissions.reseller.filter((scope) => scope !== 'self:write');
    const body = { name: `Kunci ${canary}`, scopes, reseller_id: resellerId };
    const made = good(await at.admin({ method: 'POST', path: '/api/v1/api-keys', body }));
    return asker(at.hub.url, String(made.key));
  }
  const login = { email: `kasir@${canary}.example`, password, subdomain: at.subdomain };
  const user = { ...login, tenant_id: at.id, name: `Kasir ${canary}`, role: 'reseller', reseller_id: resellerId };
  const { subdomain: _, ...body } = user;
  good(await at.admin({ method: 'POST', path: '/api/v1/auth/register', body }));
  const told = await asker(at.hub.url, null)({ method: 'POST', path: '/api/v1/auth/login', body: login });
  return asker(at.hub.url, String(good(told).access_token));
}

/** What a reseller may not do for itself, the tenant's admin does for it. */
const helped =
  (ask: Ask, admin: Ask): Ask =>
  async (request) => {
    const told = await ask(request);
    return told.status === 403 ? admin(request) : told;
  };

/** A seat for somebody of a furnished tenant's: one of each kind that is its own, the rest the tenant's. */
export async function openSeat(at: Tenant, by: By): Promise<Seat> {
  const canary = `kanari${by}${randomBytes(3).toString('hex')}`;
  const body = { name: `Warung ${canary}` };
  const resellerId = String(good(await at.admin({ method: 'POST', path: '/api/v1/resellers', body })).id);
  const things = new Map<Kind, string>([['plan', at.the('plan')]]);
  const kinds = new Map<string, Kind>([[at.the('plan'), 'plan']]);
  const ask = await askOf(at, by, resellerId, canary);
  const seat: Seat = {
    ...at,
    ...{ canary, things, kinds, ask, resellerId, admin: helped(ask, at.admin) },
    as: (role) => (role === 'reseller' && by !== 'tenant' ? Promise.resolve(ask) : at.as(role)),
    keep: (kind, value) => {
      const text = String(value);
      if (!things.has(kind)) things.set(kind, text);
      kinds.set(text, kind);
      return text;
    },
    the: (kind) => things.get(kind) ?? at.the(kind),
    name: (word) => `${word} ${canary} ${at.next()}`,
  };
  await addCustomer(seat);
  await addLead(seat);
  return seat;
}
