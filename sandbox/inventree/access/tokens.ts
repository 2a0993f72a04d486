import { randomBytes } from 'node:crypto';
import type { Call } from '../http/call.ts';
import { type Answer, ok } from '../http/call.ts';
import { detail } from '../http/refused.ts';
import type { Token, User } from '../world/rows.ts';
import { serverDay, type World } from '../world/world.ts';

const challenge = { 'WWW-Authenticate': 'Token' };
const unauthorized = (text: string): Error => detail(401, text, challenge);
const dayMs = 86_400_000;
const daysOfLife = 365;

/** `GET /api/user/token/`: name and password give a token; the same name of a token the same one, until it expires. */
export function giveToken(world: World, call: Call): Answer {
  const user = byPassword(world, call.authorization);
  if (!user) throw unauthorized('Invalid username/password.');
  const { key, name, expiry } = tokenFor(world, user, call.query.get('name') ?? '');
  return ok({ token: key, name, expiry });
}

export function tokenFor(world: World, user: User, name: string): Token {
  const today = serverDay(world, world.now());
  for (const token of world.tokens.values()) {
    if (token.user === user.pk && token.name === name && !token.isRevoked && token.expiry > today) return token;
  }
  const key = `inv-${randomBytes(20).toString('hex')}-${today.replaceAll('-', '')}`;
  const expiry = serverDay(world, new Date(world.now().getTime() + daysOfLife * dayMs));
  const token = { key, user: user.pk, name, expiry, isRevoked: false };
  world.tokens.set(key, token);
  return token;
}

/** Whose request it is. A token comes as `Token <key>`, a password as `Basic`; `Bearer` is something else here. */
export function userOf(world: World, call: Call): User {
  const key = /^Token (\S+)$/i.exec(call.authorization ?? '')?.[1];
  if (key !== undefined) return byToken(world, key);
  if (call.authorization?.startsWith('Basic ')) {
    const user = byPassword(world, call.authorization);
    if (!user) throw unauthorized('Invalid username/password.');
    return user;
  }
  if (call.cookie?.includes('sessionid=')) throw detail(403, 'CSRF Failed: CSRF cookie not set.');
  throw unauthorized('Authentication credentials were not provided.');
}

function byToken(world: World, key: string): User {
  const token = world.tokens.get(key);
  const user = token && world.users.get(token.user);
  if (!token || !user) throw unauthorized('Invalid token.');
  if (token.isRevoked) throw unauthorized('Token has been revoked');
  if (token.expiry <= serverDay(world, world.now())) throw unauthorized('Token has expired');
  return user;
}

function byPassword(world: World, authorization: string | null): User | null {
  const basic = /^Basic (\S+)$/.exec(authorization ?? '')?.[1] ?? '';
  const [username, ...rest] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  for (const user of world.users.values()) {
    if (user.username === username && user.password === rest.join(':')) return user;
  }
  return null;
}
