import { type Call, type Handler, jsonOf, ok } from '../http/call.ts';
import { detail, notAllowed } from '../http/refused.ts';
import { type Permission, permissions, type Role, type Roles, type User } from '../world/rows.ts';
import type { World } from '../world/world.ts';
import { serverDay } from '../world/world.ts';

const all: Roles = Object.fromEntries(
  (['part', 'stock', 'stock_location', 'sales_order', 'purchase_order', 'return_order'] as const).map((role) => [
    role,
    permissions,
  ]),
);

/** Someone at InvenTree's own pages. */
export const person = { username: 'budi', roles: all, isStaff: true } as const;

/** What a hub's login needs and no more. */
export const hubRoles: Roles = {
  stock: ['view', 'add', 'change'],
  part: ['view'],
  stock_location: ['view', 'add'],
  sales_order: ['view', 'add', 'change'],
};

/** Any of `roles` with that permission will do. */
export function demand(user: User, roles: readonly Role[], permission: Permission): void {
  if (!roles.some((role) => user.roles[role]?.includes(permission))) throw notAllowed();
}

export const showRoles: Handler = (_world, _call, user) =>
  ok({
    user: user.pk,
    username: user.username,
    roles: Object.fromEntries(Object.keys(all).map((role) => [role, user.roles[role as Role] ?? null])),
    permissions: {},
    is_staff: user.isStaff,
    is_superuser: false,
  });

/** The tokens of the user who asks. */
export const listTokens: Handler = (world, _call, user) =>
  ok(
    [...world.tokens.values()]
      .filter((token) => token.user === user.pk)
      .map(({ name, expiry, isRevoked, key }) => ({
        name,
        expiry,
        active: !isRevoked && expiry > serverDay(world, world.now()),
        revoked: isRevoked,
        token: `${key.slice(0, 8)}...`,
      })),
  );

export function showSetting(world: World, key: string): ReturnType<Handler> {
  const value = world.settings.get(key);
  if (value === undefined || key.startsWith('STAND_IN'))
    throw detail(404, 'No InvenTreeSetting matches the given query.');
  return ok(settingView(key, value));
}

export function changeSetting(world: World, user: User, key: string, call: Call): ReturnType<Handler> {
  if (!user.isStaff) throw notAllowed();
  if (!world.settings.has(key)) throw detail(404, 'No InvenTreeSetting matches the given query.');
  const { value } = jsonOf(call);
  return {
    write: () => {
      world.settings.set(key, typeof value === 'boolean' ? value : String(value));
      return () => ok(settingView(key, world.settings.get(key) ?? ''));
    },
  };
}

const settingView = (key: string, value: boolean | string): object => ({
  pk: 1,
  key,
  value,
  name: key,
  description: '',
  type: typeof value,
  units: '',
  choices: [],
  model_name: null,
  api_url: null,
  typ: 'inventree',
  read_only: false,
});
