import { createRoute } from '@hono/zod-openapi';
import { answers, needs, newRoutes, type Routes, refuses, takes } from '#platform/routing.ts';
import { askingOf } from './asking.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { aboutMe } from './own-account.ts';
import { changePassword } from './password-verbs.ts';
import { PasswordChange, RecoveryCodes, Session, TotpConfirmation, TotpRemoval, TotpSecret, User } from './schema.ts';
import { confirmTotp, drawTotp, removeTotp } from './totp-verbs.ts';
import { logOutEverywhere } from './verbs.ts';

const own = { ...needs('self:write'), tags: ['auth'] };
const usual = ['UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;
const withBody = [...usual, 'VALIDATION_ERROR', 'PAYLOAD_TOO_LARGE'] as const;

const me = createRoute({
  ...own,
  method: 'get',
  path: '/auth/me',
  summary: 'Who I am',
  responses: { 200: answers(User, 'The user whose token this is'), ...refuses(...usual) },
});

const logoutAll = createRoute({
  ...own,
  method: 'post',
  path: '/auth/logout-all',
  summary: 'End all my sessions, this one too',
  responses: { 204: { description: 'Ended' }, ...refuses(...usual) },
});

const password = createRoute({
  ...own,
  method: 'post',
  path: '/auth/password',
  summary: 'Change my password; all my other sessions end',
  request: { body: takes(PasswordChange) },
  responses: { 200: answers(Session, 'Changed, with a new session'), ...refuses(...withBody) },
});

const totp = createRoute({
  ...own,
  method: 'post',
  path: '/auth/totp',
  summary: 'Draw a secret for my authenticator',
  description: 'It is asked for at the login only after `auth/totp/confirm`. Drawing again replaces it.',
  responses: { 200: answers(TotpSecret, 'The secret, told this once'), ...refuses(...usual, 'CONFLICT') },
});

const confirm = createRoute({
  ...own,
  method: 'post',
  path: '/auth/totp/confirm',
  summary: 'Confirm my authenticator by its first code',
  request: { body: takes(TotpConfirmation) },
  responses: {
    200: answers(RecoveryCodes, 'From now on a login asks for a code'),
    ...refuses(...withBody, 'CONFLICT'),
  },
});

const remove = createRoute({
  ...own,
  method: 'delete',
  path: '/auth/totp',
  summary: 'Log in without an authenticator from now on',
  request: { body: takes(TotpRemoval) },
  responses: { 204: { description: 'Removed' }, ...refuses(...withBody) },
});

/** What users do to their own accounts. */
export function ownAccountRoutes(deps: IdentityDeps): Routes {
  const routes = newRoutes();
  routes.openapi(me, async (c) => c.json(await aboutMe(deps, askingOf(c)), 200));
  routes.openapi(logoutAll, async (c) => {
    await logOutEverywhere(deps, askingOf(c));
    return c.body(null, 204);
  });
  routes.openapi(password, async (c) => c.json(await changePassword(deps, askingOf(c), c.req.valid('json')), 200));
  routes.openapi(totp, async (c) => c.json(await drawTotp(deps, askingOf(c)), 200));
  routes.openapi(confirm, async (c) => {
    const codes = await confirmTotp(deps, askingOf(c), c.req.valid('json').code);
    return c.json({ recovery_codes: [...codes] }, 200);
  });
  routes.openapi(remove, async (c) => {
    await removeTotp(deps, askingOf(c), c.req.valid('json'));
    return c.body(null, 204);
  });
  return routes;
}
