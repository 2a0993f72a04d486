import type { Ask, Request } from './ask.ts';
import type { Operation } from './operations.ts';
import type { Tenant } from './tenant.ts';

/** The parts of a request that an operation is called well with. */
export type Parts = {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Who asks, where the call uses its asker up: a user made for it. */
  readonly ask?: Ask;
};

/** How to call an operation well in a furnished tenant. */
export type Recipe = {
  /** Makes what it needs first, where the call would use it up. Left out: it needs nothing. */
  readonly parts?: (at: Tenant) => Parts | Promise<Parts>;
  /** Who asks; left out: the tenant's admin. */
  readonly as?: 'platform_owner' | 'nobody';
};
export type Recipes = Readonly<Record<string, Recipe>>;

/** The request that these parts make of an operation. */
export function requestOf({ method, path }: Operation, { params = {}, query = {}, body, headers }: Parts): Request {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`${method} ${path}: the recipe names no ${name}`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams(query).toString();
  const whole = search === '' ? filled : `${filled}?${search}`;
  return {
    method: method.toUpperCase(),
    path: whole,
    ...(body === undefined ? {} : { body }),
    ...(headers ? { headers } : {}),
  };
}
