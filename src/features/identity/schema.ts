import { z } from '@hono/zod-openapi';
import { ownerRole, tenantRoles } from '#domain/permissions.ts';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { filledText } from '#platform/stored-text.ts';
import { isGuessable } from './guessable-passwords.ts';
import { mostBytes } from './passwords.ts';

export { ownerRole };

const email = z.string().trim().toLowerCase().max(254).pipe(z.email());

/** bcrypt reads 72 bytes, and nothing behind a NUL; what it would ignore is refused instead. */
const newPassword = z
  .string()
  .min(8)
  .refine((text) => Buffer.byteLength(text) <= mostBytes, `may have ${mostBytes} bytes at most`)
  .refine((text) => !text.includes('\0'), 'holds a NUL character')
  .refine((text) => !isGuessable(text), 'is among the first that a guesser tries');

const personName = filledText(100).trim();

/** What is held against a stored hash, whatever it is. */
const anyPassword = z.string().min(1).max(1_000);

/** Six digits of the authenticator, or one of the recovery codes. */
const otp = z.string().trim().min(6).max(20).openapi({ example: '492039' });

const aToken = z.string().min(1).max(200);
const tokenExample = 'pGm3nV0cTt0bHhXrG6rZ2bq3dWf8k1u5y7sA9eJcLQo';

export const User = z
  .object({
    id: z.uuid(),
    tenant_id: z.uuid().nullable(),
    email: z.string(),
    name: z.string(),
    role: z.string(),
    is_active: z.boolean(),
    has_totp: z.boolean().openapi({ description: 'A second factor is asked for at the login' }),
    erp_employee: z.string().nullable().openapi({ description: 'What HR of ERPNext calls the user' }),
    reseller_id: z.uuid().nullable().openapi({ description: 'Of the role `reseller`: for whom it sells' }),
    last_login_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
  })
  .openapi('User', {
    example: {
      id: '5b2e7c1a-6d7f-4c58-9a38-5d6f0c1b7a11',
      tenant_id: '0f8fad5b-d9cb-469f-a165-70867728950e',
      email: 'admin@alpha.example',
      name: 'Ayu',
      role: 'admin',
      is_active: true,
      has_totp: false,
      erp_employee: null,
      reseller_id: null,
      last_login_at: '2026-11-20T01:15:00.000Z',
      created_at: '2026-11-01T02:00:00.000Z',
    },
  });
export type User = z.infer<typeof User>;

export const Login = z
  .object({
    email,
    password: anyPassword,
    otp: otp.optional(),
    tenant_id: z.uuid().optional(),
    subdomain: z.string().trim().toLowerCase().max(63).optional(),
  })
  .openapi('Login', {
    description: `Neither \`tenant_id\` nor \`subdomain\`: the platform owner. Where a second factor is set up, a login without
\`otp\` is 401 with \`details.otp_required\` once the password was right.`,
    example: { email: 'admin@alpha.example', password: 'correct horse', subdomain: 'alpha' },
  });
export type Login = z.infer<typeof Login>;

export const OpenSession = z
  .object({
    id: z.uuid(),
    began_at: z.iso.datetime().openapi({ description: 'The login' }),
    last_seen_at: z.iso.datetime().openapi({ description: 'When it was last renewed' }),
    expires_at: z.iso.datetime().openapi({ description: 'Ends then, if it is not renewed before' }),
    address: z.string().nullable().openapi({ description: 'Where it was last renewed from' }),
    device: z.string().nullable().openapi({ description: 'What the client calls itself (`User-Agent`)' }),
    is_current: z.boolean().openapi({ description: 'The one that asks' }),
  })
  .openapi('OpenSession', {
    example: {
      id: '9a7c1c52-9d6e-4b57-8a51-4a2c3f1f0b11',
      began_at: '2026-11-20T01:15:00.000Z',
      last_seen_at: '2026-11-20T02:30:00.000Z',
      expires_at: '2026-11-27T02:30:00.000Z',
      address: '203.0.113.7',
      device: 'Mozilla/5.0 (X11; Linux x86_64)',
      is_current: true,
    },
  });
export type OpenSession = z.infer<typeof OpenSession>;
export const SessionQuery = PageQuery.omit({ search: true });
export type SessionQuery = z.infer<typeof SessionQuery>;
export const SessionPage = pageOf(OpenSession).openapi('SessionPage');

export const Refresh = z.object({ refresh_token: aToken }).openapi('Refresh', {
  example: { refresh_token: tokenExample },
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

const resellerId = z
  .uuid()
  .openapi({ description: 'Of the role `reseller`: for whom it sells. Left out, it is made a reseller of its own' });

export const NewUser = z
  .object({
    tenant_id: z.uuid().optional().openapi({ description: 'An admin may leave it out: its own tenant' }),
    email,
    password: newPassword,
    name: personName,
    role: z.enum(tenantRoles),
    reseller_id: resellerId.optional(),
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

/** A login's e-mail address and tenant, for somebody who forgot the password. */
export const ResetRequest = z
  .object({
    email,
    tenant_id: z.uuid().optional(),
    subdomain: z.string().trim().toLowerCase().max(63).optional(),
  })
  .openapi('ResetRequest', { example: { email: 'admin@alpha.example', subdomain: 'alpha' } });
export type ResetRequest = z.infer<typeof ResetRequest>;

export const Reset = z
  .object({ token: aToken, password: newPassword })
  .openapi('Reset', { example: { token: tokenExample, password: 'correct horse' } });
export type Reset = z.infer<typeof Reset>;

export const PasswordChange = z
  .object({ old_password: anyPassword, new_password: newPassword })
  .openapi('PasswordChange', { example: { old_password: 'correct horse', new_password: 'battery staple' } });
export type PasswordChange = z.infer<typeof PasswordChange>;

export const TotpSecret = z.object({ secret: z.string(), url: z.string() }).openapi('TotpSecret', {
  description: 'For the authenticator: as text, and as the address that its QR code holds',
  example: {
    secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    url: 'otpauth://totp/Jembatan:admin%40alpha.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Jembatan',
  },
});
export type TotpSecret = z.infer<typeof TotpSecret>;

export const TotpConfirmation = z.object({ code: otp }).openapi('TotpConfirmation', { example: { code: '492039' } });

export const RecoveryCodes = z.object({ recovery_codes: z.array(z.string()) }).openapi('RecoveryCodes', {
  description: 'Each is good for one login without the authenticator. Shown this once',
  example: { recovery_codes: ['k7m2-9xqd-4hnt', 'c3wb-8rfy-2pze'] },
});

export const TotpRemoval = z
  .object({ password: anyPassword.optional(), code: otp.optional() })
  .refine(({ password, code }) => password !== undefined || code !== undefined, 'give the password or a code')
  .openapi('TotpRemoval', { example: { password: 'correct horse' } });
export type TotpRemoval = z.infer<typeof TotpRemoval>;

export const UserChange = z
  .object({
    name: personName.optional(),
    role: z.enum(tenantRoles).optional(),
    reseller_id: resellerId.optional(),
    is_active: z.boolean().optional(),
    erp_employee: filledText(140)
      .trim()
      .nullable()
      .optional()
      .openapi({ description: 'The Employee of ERPNext that incentives are paid to', example: 'HR-EMP-00012' }),
    has_totp: z.literal(false).optional().openapi({ description: 'Removes a second factor that the user has lost' }),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'name what is to change')
  .openapi('UserChange', { example: { role: 'operator' } });
export type UserChange = z.infer<typeof UserChange>;

export const UserQuery = PageQuery.extend({
  role: z.enum(tenantRoles).optional(),
  is_active: z.enum(['true', 'false']).optional(),
  sort: z.enum(['name', '-name', 'email', '-email', 'created_at', '-created_at']).default('name'),
});
export type UserQuery = z.infer<typeof UserQuery>;
export const UserPage = pageOf(User).openapi('UserPage');
