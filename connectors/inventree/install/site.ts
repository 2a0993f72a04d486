import { z } from 'zod';
import { ok } from '#domain/result.ts';
import type { SetupStep } from '#ports/ledger/setup.ts';
import { missingOf, tokenNotes } from '../check.ts';
import type { Asked, InventreeClient } from '../client.ts';
import { partPage, type partRow, serverInfo, userRoles } from '../shapes.ts';
import { readAll } from './read-all.ts';

const there = (of: string, words: string): SetupStep => ({ of, state: 'there', words });
const advice = (of: string, words: string): SetupStep => ({ of, state: 'advice', words });
const todo = (of: string, words: string): SetupStep => ({ of, state: 'todo', words });

async function lookAtServer(client: InventreeClient): Asked<readonly SetupStep[]> {
  const info = await client.get('/api/', {}, serverInfo);
  if (!info.ok) return info;
  const { version, apiVersion, worker_running: hasWorker } = info.value;
  const server = there('InvenTree', `${version} (API ${apiVersion})`);
  if (hasWorker !== false) return ok([server]);
  const words = 'does not run: changes of roles do not hold, and events are not told, until it is started';
  return ok([server, advice('background worker', words)]);
}

async function lookAtLogin(client: InventreeClient, token: string, now: Date): Asked<readonly SetupStep[]> {
  const user = await client.get('/api/user/roles/', {}, userRoles);
  if (!user.ok) return user;
  const { username, roles, is_superuser: isSuper } = user.value;
  const missing = isSuper === true ? [] : missingOf(roles);
  const rights = missing.map((one) =>
    todo(`role ${one.replace(/:.*/, '')}`, `${username} lacks ${one}: give it to its group`),
  );
  const [note] = tokenNotes(token, now);
  const life = note === undefined ? there('token', `of ${username}`) : advice('token', note);
  return ok([life, ...(rights.length > 0 ? rights : [there('roles', `${username} may do what the hub needs`)])]);
}

const namesAtMost = 5;
const someOf = (names: readonly string[]): string =>
  names.length <= namesAtMost
    ? names.join(', ')
    : `${names.slice(0, namesAtMost).join(', ')} and ${names.length - namesAtMost} more`;

/** A new part is neither trackable nor salable: then it takes no serials, and is given to nobody. */
async function lookAtParts(client: InventreeClient): Asked<readonly SetupStep[]> {
  const parts = await readAll(client, '/api/part/', { active: true }, partPage);
  if (!parts.ok) return parts;
  const named = (test: (part: z.infer<typeof partRow>) => boolean): string[] =>
    parts.value.filter(test).map(({ name }) => name);
  const modems = named(({ salable, trackable }) => salable && trackable);
  const kept = named(({ salable, trackable }) => !salable && trackable);
  const never = kept.length === 0 ? '' : `; not salable, so never at a subscriber: ${someOf(kept)}`;
  if (modems.length > 0) return ok([there('modem parts', `${someOf(modems)}${never}`)]);
  const words = `no part is both trackable and salable: tick both at every part that is a modem${never}`;
  return ok([todo('modem parts', words)]);
}

const setting = z.object({ value: z.union([z.boolean(), z.string(), z.null()]) });

/** Null: the site does not tell it. */
async function isOn(client: InventreeClient, key: string): Asked<boolean | null> {
  const read = await client.get(`/api/settings/global/${key}/`, {}, setting);
  if (read.ok) return ok(String(read.value.value).toLowerCase() === 'true');
  return read.error.reason === 'unreachable' ? read : ok(null);
}

async function lookAtSettings(client: InventreeClient): Asked<readonly SetupStep[]> {
  const loose = await isOn(client, 'STOCK_ALLOW_OUT_OF_STOCK_TRANSFER');
  if (!loose.ok) return loose;
  const unique = await isOn(client, 'SERIAL_NUMBER_GLOBALLY_UNIQUE');
  if (!unique.ok) return unique;
  const movable = 'STOCK_ALLOW_OUT_OF_STOCK_TRANSFER';
  const words = 'is on: people can move units away from subscribers with a plain transfer; switch it off';
  const serials =
    unique.value === true ? 'unique over all parts' : 'unique within each part: one that two parts share is asked for';
  return ok([
    loose.value === true ? advice(movable, words) : there(movable, loose.value === null ? 'is not told' : 'is off'),
    there('serials', serials),
  ]);
}

/** What the site is like, apart from its places. Changes nothing. */
export async function lookAtSite(client: InventreeClient, token: string, now: Date): Asked<readonly SetupStep[]> {
  const steps: SetupStep[] = [];
  for (const look of [
    () => lookAtServer(client),
    () => lookAtLogin(client, token, now),
    () => lookAtParts(client),
    () => lookAtSettings(client),
  ]) {
    const seen = await look();
    if (!seen.ok) return seen;
    steps.push(...seen.value);
  }
  return ok(steps);
}
