/** What a person or a key may be allowed to do (spec I3): the noun, then `read`, `write`, or what is more than writing. */
export const permissions = [
  'tenants:read',
  'tenants:write',
  'users:read',
  'users:write',
  'api_keys:read',
  'api_keys:write',
  'settings:read',
  'settings:write',
  'connections:read',
  'connections:write',
  'connections:test',
  'nas:read',
  'nas:write',
  'plans:read',
  'plans:write',
  'customers:read',
  'customers:write',
  'customers:contact',
  'customers:delete',
  'customers:erase',
  'customers:reveal',
  'leads:read',
  'leads:write',
  'coverage:read',
  'coverage:write',
  'subscriptions:read',
  'subscriptions:write',
  'subscriptions:reveal',
  'promises:read',
  'promises:write',
  'integrations:read',
  'integrations:write',
  'webhooks:read',
  'webhooks:write',
  'messages:read',
  'messages:write',
  'audit:read',
  'safety:read',
  'safety:write',
  'self:write',
] as const;
export type Permission = (typeof permissions)[number];

export const ownerRole = 'platform_owner';

/** What a tenant's users may be. */
export const tenantRoles = [
  'admin',
  'operator',
  'finance',
  'warehouse',
  'noc',
  'technician',
  'hr',
  'reseller',
  'viewer',
] as const;
export type TenantRole = (typeof tenantRoles)[number];
export type Role = TenantRole | typeof ownerRole;

const ofThePlatform: readonly Permission[] = ['tenants:read', 'tenants:write'];
const ofATenant = permissions.filter((permission) => !ofThePlatform.includes(permission));

/**
 * Which role may do what. A reseller's `customers`, `leads` and `subscriptions` are its own ones only; a technician gets
 * what it needs with its orders.
 */
export const rolePermissions: Readonly<Record<Role, readonly Permission[]>> = {
  platform_owner: [...ofThePlatform, 'users:write', 'audit:read', 'self:write'],
  admin: ofATenant,
  operator: [
    'plans:read',
    'customers:read',
    'customers:write',
    'customers:contact',
    'customers:delete',
    'leads:read',
    'leads:write',
    'coverage:read',
    'coverage:write',
    'subscriptions:read',
    'subscriptions:write',
    'subscriptions:reveal',
    'promises:read',
    'promises:write',
    'nas:read',
    'settings:read',
    'messages:read',
    'messages:write',
    'self:write',
  ],
  finance: [
    'plans:read',
    'customers:read',
    'customers:contact',
    'subscriptions:read',
    'promises:read',
    'promises:write',
    'settings:read',
    'messages:read',
    'self:write',
  ],
  warehouse: ['settings:read', 'self:write'],
  noc: [
    'plans:read',
    'customers:read',
    'subscriptions:read',
    'subscriptions:write',
    'promises:read',
    'nas:read',
    'nas:write',
    'connections:read',
    'connections:test',
    'integrations:read',
    'integrations:write',
    'coverage:read',
    'safety:read',
    'settings:read',
    'self:write',
  ],
  technician: ['settings:read', 'self:write'],
  hr: ['users:read', 'settings:read', 'self:write'],
  reseller: [
    'plans:read',
    'customers:read',
    'customers:write',
    'customers:contact',
    'leads:read',
    'leads:write',
    'coverage:read',
    'subscriptions:read',
    'promises:read',
    'settings:read',
    'self:write',
  ],
  viewer: [
    'plans:read',
    'customers:read',
    'leads:read',
    'coverage:read',
    'subscriptions:read',
    'promises:read',
    'nas:read',
    'integrations:read',
    'settings:read',
    'messages:read',
    'self:write',
  ],
};

const isRole = (role: string): role is Role => Object.hasOwn(rolePermissions, role);

/** An unknown role may do nothing. */
export const permissionsOf = (role: string): readonly Permission[] => (isRole(role) ? rolePermissions[role] : []);
