import { createHash } from 'node:crypto';
import { networkOf } from '#platform/client-network.ts';
import type { Counters } from '#platform/counters.ts';
import { tooMany } from '#platform/limits.ts';
import { type Suspects, suspicion } from '#platform/suspects.ts';
import { createQueue } from './one-by-one.ts';

/**
 * What a try came to. `wrong` counts; `right` ends the counting; `unfinished` (the second factor is still to come) does
 * neither, or else asking without it would wipe out the wrong ones.
 */
export type Tried<T> = { readonly outcome: 'right' | 'wrong' | 'unfinished'; readonly value: T };

/**
 * Slows down whoever guesses, over all processes (spec I5, SEC-10). A try takes its place in every count before it is
 * checked, so a thousand at once are no way round; one that was not wrong gives its place back.
 */
export type LoginThrottle = {
  /** Runs `check` where a try is left, else throws RATE_LIMIT. `account` is the e-mail address as it was typed. */
  tried<T>(address: string, account: string, check: () => Promise<Tried<T>>): Promise<T>;
};

const hour = 3_600;
/** Per address, whatever the account. */
const hourly = 50;
/** Per account and address: so many free ones, then a pause that doubles. */
const free = 5;
const longestPause = 15 * 60;
/** Per account, from all addresses together from which it never logged in: strangers, who share this. */
const strangersHourly = 30;
/** Who logged in from an address is at home there for so long: no stranger's tries can lock it out. */
const atHomeSeconds = 14 * 86_400;

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** Seconds until the next try after `tries` of them. */
export const pauseAfter = (tries: number): number => (tries < free ? 0 : Math.min(longestPause, 2 ** (tries - free)));

type Keys = ReturnType<typeof keysOf>;

function keysOf(network: string, account: string) {
  const who = digest(account);
  const pair = digest(`${network} ${account}`);
  return {
    minute: `login-minute:${network}`,
    hour: `login-hour:${network}`,
    pair: `login-pair:${pair}`,
    pause: `login-pause:${pair}`,
    account: `login-account:${who}`,
    home: `login-home:${pair}`,
  };
}

/** `perMinute` tries that fail from one address; 0: no throttle at all. */
export function createLoginThrottle(counters: Counters, suspects: Suspects, perMinute: number): LoginThrottle {
  const oneByOne = createQueue();

  async function demandRoom(key: string, limit: number, windowSeconds: number, text: string): Promise<void> {
    const { total, msLeft } = await counters.add(key, 1, windowSeconds);
    if (total > limit) throw tooMany(text, msLeft);
  }

  async function demandPause(keys: Keys): Promise<void> {
    const { total } = await counters.add(keys.pair, 1, hour);
    const seconds = pauseAfter(total);
    if (seconds === 0) return;
    const { total: inPause, msLeft } = await counters.add(keys.pause, 1, seconds);
    if (inPause === 1) return;
    await counters.add(keys.pair, -1, hour);
    throw tooMany('Too many tries for this account from this address. Wait before the next one.', msLeft);
  }

  async function takePlaces(keys: Keys): Promise<boolean> {
    await demandRoom(keys.minute, perMinute, 60, 'Too many tries from this address. Wait before the next one.');
    await demandRoom(keys.hour, hourly, hour, 'Too many tries from this address within the hour.');
    await demandPause(keys);
    const isAtHome = (await counters.read(keys.home)) !== null;
    if (!isAtHome) {
      await demandRoom(keys.account, strangersHourly, hour, 'Too many tries for this account within the hour.');
    }
    return isAtHome;
  }

  async function giveBack(keys: Keys, isAtHome: boolean): Promise<void> {
    await Promise.all([
      counters.add(keys.minute, -1, 60),
      counters.add(keys.hour, -1, hour),
      counters.add(keys.pair, -1, hour),
      isAtHome ? null : counters.add(keys.account, -1, hour),
    ]);
  }

  async function welcome(keys: Keys): Promise<void> {
    await Promise.all([keys.pair, keys.pause, keys.home].map((key) => counters.forget(key)));
    await counters.add(keys.home, 1, atHomeSeconds);
  }

  async function attempt<T>(address: string, keys: Keys, check: () => Promise<Tried<T>>): Promise<T> {
    const isAtHome = await takePlaces(keys);
    const { outcome, value } = await check();
    if (outcome === 'wrong') await suspects.failed(address, suspicion.wrongLogin);
    else await giveBack(keys, isAtHome);
    if (outcome === 'right') await welcome(keys);
    return value;
  }

  return {
    tried: async (address, account, check) => {
      if (perMinute === 0) return (await check()).value;
      const network = networkOf(address);
      const blockedMs = await suspects.blockedMs(address);
      if (blockedMs !== null)
        throw tooMany('Too much from this address has failed. It is blocked for a while.', blockedMs);
      // One at a time from an address: many right passwords at once are no crowd of guesses, and each gives its place back.
      return oneByOne(network, () => attempt(address, keysOf(network, account), check));
    },
  };
}
