import { z } from '@hono/zod-openapi';
import { ownerRole, tenantRoles } from '#domain/permissions.ts';
import { mostBytes } from './passwords.ts';

export { ownerRole };

const email = z.string().trim().toLowerCase().max(254).pipe(z.email());

/** bcrypt reads 72 bytes, and nothing behind a NUL; what it would ignore is refused instead. */
const newPassword = z
  .string()
  .min(8)
  .refine((text) => Buffer.byteLength(text) <= mostBytes, `may have ${mostBytes} bytes at most`)
  .refine((text) => !text.includes('\0'), 'holds a NUL character');

export const User = z
  .object({
    id: z.uuid(),
    tenant_id: z.uuid().nullable(),
    email: z.string(),
    name: z.string(),
    role: z.string(),
  })
  .openapi('User', {
    example: {
      id: '5b2e7c1a-6d7f-4c58-9a38-5d6f0c1b7a11',
      tenant_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
      email: 'admin@alpha.example',
      name: 'Ayu',
      role: 'admin',
    },
  });
export type User = z.infer<typeof User>;

export const Login = z
  .object({
    email,
    password: z.string().min(1).max(1_000),
    tenant_id: z.uuid().optional(),
    subdomain: z.string().trim().toLowerCase().max(63).optional(),
  })
  .openapi('Login', {
    description: 'Neither `tenant_id` nor `subdomain`: the platform owner.',
    example: { email: 'admin@alpha.example', password: 'correct horse', subdomain: 'alpha' },
  });
export type Login = z.infer<typeof Login>;

export const Refresh = z.object({ refresh_token: z.string().min(1).max(200) }).openapi('Refresh', {
  example: { refresh_token: 'pGm3nV0cTt0bHhXrG6rZ2bq3dWf8k1u5y7sA9eJcLQo' },
});

export const Session = z
  .object({
    access_token: z.string(),
    refresh_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().openapi({ description: 'Seconds that the access token is good for' }),
    user: User,
  })
  .openapi('Session');
export type Session = z.infer<typeof Session>;

export const NewUser = z
  .object({
    tenant_id: z.uuid().optional().openapi({ description: 'An admin may leave it out: its own tenant' }),
    email,
    password: newPassword,
    name: z.string().trim().min(1).max(100),
    role: z.enum(tenantRoles),
  })
  .openapi('NewUser', {
    example: {
      tenant_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
      email: 'admin@alpha.example',
      password: 'correct horse',
      name: 'Ayu',
      role: 'admin',
    },
  });
export type NewUser = z.infer<typeof NewUser>;
