import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { Recipes } from '../recipe.ts';
import { good, type NewUser, password, type Tenant } from '../tenant.ts';

const path = '/api/v1/auth/totp';

/** A user who has begun to set up a second factor, and the code of the moment. */
async function enrolled(at: Tenant): Promise<NewUser & { readonly code: string }> {
  const user = await at.addUser('viewer');
  const begun = good(await user.ask({ method: 'POST', path }));
  const code = new TOTP({ secret: Secret.fromBase32(String(begun.secret)) }).generate();
  return { ...user, code };
}

/** A token as it would stand in a mail: the hub keeps only its hash. */
async function resetToken(at: Tenant): Promise<string> {
  const { id } = await at.addUser('viewer');
  const token = randomBytes(32).toString('base64url');
  await at.hub.look(
    `insert into password_resets (tenant_id, user_id, token_hash, expires_at) values ($1, $2, $3, now() + interval '1 hour')`,
    [at.id, id, createHash('sha256').update(token).digest()],
  );
  return token;
}

/** What a user does to its own account. */
export const ownAccountRecipes: Recipes = {
  'get /api/v1/auth/me': {},
  'get /api/v1/auth/sessions': {},
  'delete /api/v1/auth/sessions': { parts: async (at) => ({ ask: (await at.addUser('viewer')).ask }) },
  'delete /api/v1/auth/sessions/{id}': {
    parts: async (at) => {
      const { ask } = await at.addUser('viewer');
      const { data } = good(await ask({ method: 'GET', path: '/api/v1/auth/sessions' }));
      return { ask, params: { id: at.keep('session', Object(data)[0].id) } };
    },
  },
  'post /api/v1/auth/logout-all': { parts: async (at) => ({ ask: (await at.addUser('viewer')).ask }) },
  'post /api/v1/auth/password': {
    parts: async (at) => ({
      ask: (await at.addUser('viewer')).ask,
      body: { old_password: password, new_password: `${password} baru` },
    }),
  },
  'post /api/v1/auth/password-reset': {
    as: 'nobody',
    parts: async (at) => ({ body: { email: (await at.addUser('viewer')).email, subdomain: at.subdomain } }),
  },
  'post /api/v1/auth/password-reset/confirm': {
    as: 'nobody',
    parts: async (at) => ({ body: { token: await resetToken(at), password: `${password} baru` } }),
  },
  'post /api/v1/auth/totp': { parts: async (at) => ({ ask: (await at.addUser('viewer')).ask }) },
  'post /api/v1/auth/totp/confirm': {
    parts: async (at) => {
      const { ask, code } = await enrolled(at);
      return { ask, body: { code } };
    },
  },
  'delete /api/v1/auth/totp': {
    parts: async (at) => {
      const { ask, code } = await enrolled(at);
      good(await ask({ method: 'POST', path: `${path}/confirm`, body: { code } }));
      return { ask, body: { password } };
    },
  },
};
