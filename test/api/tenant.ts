import { randomBytes } from 'node:crypto';
import type { Role } from '#domain/permissions.ts';
import type { RunningHub } from '#test/pipeline/running-hub.ts';
import { type Ask, asker, type Told } from './ask.ts';

/** What an id names: the same kind in another tenant is what an id is swapped with. */
export type Kind = string;

export type NewUser = { readonly id: string; readonly email: string; readonly ask: Ask };

/** A tenant with one of everything, every text of which holds its canary. */
export type Tenant = {
  readonly id: string;
  readonly subdomain: string;
  /** Stands in every name, note and secret of this tenant, and nowhere else. */
  readonly canary: string;
  readonly hub: RunningHub;
  /** The platform owner. */
  readonly owner: Ask;
  readonly admin: Ask;
  /** A user of the tenant in this role. */
  as(role: Role): Promise<Ask>;
  /** A further user, who may be used up. */
  addUser(role: Role): Promise<NewUser>;
  /** An id of a kind; made by the recipes' own calls the first time that it is asked for. */
  readonly things: Map<Kind, string>;
  /** What kind each id is that was ever made here. */
  readonly kinds: Map<string, Kind>;
  /** Notes an id under its kind; the first of a kind is the one that `the` answers. */
  keep(kind: Kind, id: unknown): string;
  the(kind: Kind): string;
  /** A number that was not given out before, in the whole run. */
  next(): number;
  /** A name with the canary, never the same twice. */
  name(word: string): string;
};

let given = 0;
export const password = 'kuda lumping 4711';

/** The answer's JSON, where it is a good one. */
export function good(told: Told): Record<string, unknown> {
  if (told.status < 200 || told.status > 299) throw new Error(`answered ${told.status}: ${told.text}`);
  return Object(told.json);
}

async function tokenOf(url: string, login: object): Promise<string> {
  const told = await asker(url, null)({ method: 'POST', path: '/api/v1/auth/login', body: login });
  return String(good(told).access_token);
}

/** Asks with a token, and with a fresh one once that is not taken any more. */
async function loggedIn(url: string, login: object): Promise<Ask> {
  let ask = asker(url, await tokenOf(url, login));
  return async (request) => {
    const told = await ask(request);
    if (told.status !== 401) return told;
    ask = asker(url, await tokenOf(url, login));
    return ask(request);
  };
}

/** The platform owner's asker. */
export const askOwner = (hub: RunningHub): Promise<Ask> =>
  loggedIn(hub.url, { email: 'owner@jembatan.example', password: 'correct horse battery' });

async function addUser(by: Ask, tenantId: string, role: Role, email: string, name: string): Promise<string> {
  const body = { tenant_id: tenantId, email, password, name, role };
  return String(good(await by({ method: 'POST', path: '/api/v1/auth/register', body })).id);
}

/** A new tenant with an admin, and nothing else yet. */
export async function openTenant(hub: RunningHub, owner: Ask, letter: string): Promise<Tenant> {
  const canary = `kanari${letter}${randomBytes(3).toString('hex')}`;
  const subdomain = canary;
  const path = '/api/v1/tenants';
  const made = good(await owner({ method: 'POST', path, body: { name: `Net ${canary}`, subdomain } }));
  const id = String(made.id);
  const things = new Map<Kind, string>([['tenant', id]]);
  const kinds = new Map<string, Kind>([[id, 'tenant']]);
  const keep = (kind: Kind, value: unknown): string => {
    const text = String(value);
    if (!things.has(kind)) things.set(kind, text);
    kinds.set(text, kind);
    return text;
  };
  const asked = new Map<Role, Promise<Ask>>();
  const addUserAs = async (role: Role, name: string): Promise<NewUser> => {
    const email = `${name}@${canary}.example`;
    const by = name === 'admin' ? owner : await as('admin');
    const user = keep('user', await addUser(by, id, role, email, `${name} ${canary}`));
    return { id: user, email, ask: await loggedIn(hub.url, { email, password, subdomain }) };
  };
  const open = async (role: Role): Promise<Ask> => (await addUserAs(role, role)).ask;
  const as = (role: Role): Promise<Ask> => {
    const ask = asked.get(role) ?? (role === 'platform_owner' ? Promise.resolve(owner) : open(role));
    asked.set(role, ask);
    return ask;
  };
  const next = (): number => {
    given += 1;
    return given;
  };
  return {
    id,
    subdomain,
    canary,
    hub,
    owner,
    admin: await as('admin'),
    as,
    addUser: (role) => addUserAs(role, `user${next()}`),
    things,
    kinds,
    keep,
    the: (kind) => {
      const thing = things.get(kind);
      if (thing === undefined) throw new Error(`this tenant has no ${kind}: furnish it first`);
      return thing;
    },
    next,
    name: (word) => `${word} ${canary} ${next()}`,
  };
}
