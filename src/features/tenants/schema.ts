import { z } from '@hono/zod-openapi';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { filledText } from '#platform/stored-text.ts';

const name = filledText(100).trim();

export const Tenant = z
  .object({
    id: z.uuid(),
    name: z.string(),
    subdomain: z.string(),
    is_active: z.boolean(),
    state: z.enum(['active', 'inactive', 'deleting']),
    deletion: z
      .object({ asked_at: z.iso.datetime(), waits_for: z.string().nullable() })
      .nullable()
      .openapi({ description: 'While it is being deleted: since when, and what that waits for, if for anything' }),
    created_at: z.iso.datetime(),
  })
  .openapi('Tenant', {
    example: {
      id: '0f8fad5b-d9cb-469f-a165-70867728950e',
      name: 'Alpha Net',
      subdomain: 'alpha',
      is_active: true,
      state: 'active',
      deletion: null,
      created_at: '2026-01-05T02:00:00.000Z',
    },
  });
export type Tenant = z.infer<typeof Tenant>;

export const NewTenant = z
  .object({
    name,
    subdomain: z
      .string()
      .trim()
      .toLowerCase()
      .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be letters, digits and hyphens, as in a host name'),
  })
  .openapi('NewTenant', { example: { name: 'Alpha Net', subdomain: 'alpha' } });
export type NewTenant = z.infer<typeof NewTenant>;

/** Strict: whoever tries to change the subdomain is told that it never changes (spec T4). */
export const TenantChange = z
  .strictObject({ name: name.optional(), is_active: z.boolean().optional() })
  .openapi('TenantChange', { example: { is_active: false } });
export type TenantChange = z.infer<typeof TenantChange>;

export const TenantQuery = PageQuery.extend({
  is_active: z.enum(['true', 'false']).optional(),
  sort: z.enum(['name', '-name', 'created_at', '-created_at']).default('name'),
});
export type TenantQuery = z.infer<typeof TenantQuery>;

export const TenantPage = pageOf(Tenant).openapi('TenantPage');
export type TenantPage = z.infer<typeof TenantPage>;

export const Confirmation = z.object({
  confirm: filledText(63).openapi({
    description: "The tenant's subdomain, so that none is deleted by mistake",
    example: 'alpha',
  }),
});
