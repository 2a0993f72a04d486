import { z } from '@hono/zod-openapi';
import { type Permission, permissions } from '#domain/permissions.ts';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { filledText } from '#platform/stored-text.ts';

/** What concerns people and keys themselves stays with people: a key that makes users or keys would have every right. */
const forPeople: readonly Permission[] = [
  'self:write',
  'users:write',
  'api_keys:write',
  'tenants:read',
  'tenants:write',
];
const scopes = permissions.filter((permission) => !forPeople.includes(permission));

const name = filledText(100).trim();
const Scope = z.enum(scopes as [Permission, ...Permission[]]);

export const NewApiKey = z
  .object({
    name,
    scopes: z.array(Scope).min(1).max(scopes.length),
    expires_at: z.iso.datetime({ offset: true }).optional().openapi({ description: 'Never, where it is left out' }),
    reseller_id: z.uuid().optional().openapi({
      description: 'Whose key it is to be: it sees that reseller’s rows alone, and may what a reseller may',
    }),
  })
  .openapi('NewApiKey', { example: { name: 'Scanner in the warehouse', scopes: ['customers:read', 'plans:read'] } });
export type NewApiKey = z.infer<typeof NewApiKey>;

export const ApiKey = z
  .object({
    id: z.uuid(),
    name: z.string(),
    hint: z.string().openapi({ description: 'How the key begins' }),
    scopes: z.array(z.string()),
    created_by: z.uuid(),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime().nullable(),
    last_used_at: z.iso.datetime().nullable(),
    last_used_address: z.string().nullable(),
    revoked_at: z.iso.datetime().nullable(),
    reseller_id: z.uuid().nullable(),
  })
  .openapi('ApiKey', {
    example: {
      id: '7d5a0f2e-3c47-4f0c-8d1e-0f6f1f3f9b21',
      name: 'Scanner in the warehouse',
      hint: 'jbt_V3p8',
      scopes: ['customers:read', 'plans:read'],
      created_by: '5b2e7c1a-6d7f-4c58-9a38-5d6f0c1b7a11',
      created_at: '2026-11-20T02:00:00.000Z',
      expires_at: null,
      last_used_at: '2026-11-21T03:04:05.000Z',
      last_used_address: '203.0.113.9',
      revoked_at: null,
      reseller_id: null,
    },
  });
export type ApiKey = z.infer<typeof ApiKey>;

export const MadeApiKey = ApiKey.extend({ key: z.string() }).openapi('MadeApiKey', {
  description: 'The key itself is told this once',
  example: {
    id: '7d5a0f2e-3c47-4f0c-8d1e-0f6f1f3f9b21',
    name: 'Scanner in the warehouse',
    hint: 'jbt_V3p8',
    scopes: ['customers:read', 'plans:read'],
    created_by: '5b2e7c1a-6d7f-4c58-9a38-5d6f0c1b7a11',
    created_at: '2026-11-20T02:00:00.000Z',
    expires_at: null,
    last_used_at: null,
    last_used_address: null,
    revoked_at: null,
    reseller_id: null,
    key: 'jbt_V3p8mX2qRk0tHnYc5wZ1sJd7uLbE9gAoF4iTvNx6Pzc',
  },
});

export const ApiKeyQuery = PageQuery.extend({
  is_revoked: z.enum(['true', 'false']).optional(),
  sort: z.enum(['name', '-name', 'created_at', '-created_at']).default('-created_at'),
});
export type ApiKeyQuery = z.infer<typeof ApiKeyQuery>;
export const ApiKeyPage = pageOf(ApiKey).openapi('ApiKeyPage');

/** Which of its scopes a stored key still has: permissions that this version knows. */
export const scopesIn = (stored: unknown): readonly Permission[] =>
  Array.isArray(stored) ? scopes.filter((scope) => stored.includes(scope)) : [];
