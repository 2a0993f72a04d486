import { describe, expect, it } from 'vitest';
import { ownerRole, type Permission, permissions, permissionsOf, rolePermissions, tenantRoles } from './permissions.ts';

const may = (role: string, permission: Permission): boolean => permissionsOf(role).includes(permission);
const writes = (permission: string): boolean => !permission.endsWith(':read') && permission !== 'self:write';
/** What the network and the hub's own doors hang on. */
const technical: readonly Permission[] = [
  'settings:write',
  'connections:write',
  'nas:write',
  'integrations:write',
  'webhooks:write',
  'api_keys:write',
];

describe('the roles', () => {
  it('I3: are the ten of the specification, each with permissions that exist, none twice', () => {
    expect(Object.keys(rolePermissions).sort()).toEqual(
      [
        ...['admin', 'finance', 'hr', 'noc', 'operator', 'platform_owner', 'reseller', 'technician', 'viewer'],
        'warehouse',
      ].sort(),
    );
    for (const role of [ownerRole, ...tenantRoles]) {
      const granted = permissionsOf(role);
      expect(new Set(granted).size, role).toBe(granted.length);
      expect(granted.filter((one) => !permissions.includes(one))).toEqual([]);
    }
  });

  it('I3: finance changes no technical settings; nobody but the admin makes users, keys, settings and connections', () => {
    expect(technical.filter((permission) => may('finance', permission))).toEqual([]);
    for (const permission of ['users:write', 'api_keys:write', 'settings:write', 'connections:write'] as const) {
      expect(
        tenantRoles.filter((role) => may(role, permission)),
        permission,
      ).toEqual(['admin']);
    }
  });

  it('I3: a viewer changes nothing; a platform owner sees no tenant’s customers, lines or settings', () => {
    expect(permissionsOf('viewer').filter(writes)).toEqual([]);
    const ofTenants = permissionsOf(ownerRole).filter((one) =>
      /^(customers|subscriptions|settings|plans|nas)/.test(one),
    );
    expect(ofTenants).toEqual([]);
    expect(tenantRoles.filter((role) => may(role, 'tenants:write') || may(role, 'tenants:read'))).toEqual([]);
  });

  it('P7: an unknown role may do nothing, nor may a name that every object has', () => {
    for (const role of ['', 'root', 'Admin', 'api_key', 'constructor', '__proto__', 'toString']) {
      expect([...permissionsOf(role)], role).toEqual([]);
    }
  });
});
