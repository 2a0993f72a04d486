import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessStates } from '#domain/access.ts';
import { dotOf, type ShopFacts, shopAnswer, shopCauses, shopReasons, shopWords } from './shop-status.ts';

const facts: fc.Arbitrary<ShopFacts> = fc.record({
  state: fc.constantFrom(...accessStates),
  reason: fc.option(fc.constantFrom(...shopReasons), { nil: null }),
  isInstalled: fc.boolean(),
  online: fc.option(fc.boolean(), { nil: null }),
  wasSeen: fc.boolean(),
  routerAway: fc.boolean(),
  owes: fc.boolean(),
});
const served = {
  state: 'active',
  reason: null,
  isInstalled: true,
  wasSeen: true,
  routerAway: false,
  owes: false,
} as const;
const values = { amount: 'Rp 150.000', due: '20 November 2026', since: '08:00', seen: '07:15' };

describe('what a shop is told of a line', () => {
  it('S1: every line has an answer, and a dot that says the same', () => {
    fc.assert(
      fc.property(facts, (some) => {
        const { cause, step, dot } = shopAnswer(some);
        expect(dot).toBe(dotOf(some.state, some.online));
        expect(dot === 'green').toBe(cause === 'online' || cause === 'online_owing');
        if (step === 'pay') expect(some.owes || cause === 'first_payment' || cause === 'validity_over').toBe(true);
        if (cause === 'unknown') expect(some).toMatchObject({ state: 'active', online: null });
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    [{ ...served, online: true }, 'online', 'none'],
    [{ ...served, online: true, owes: true }, 'online_owing', 'pay'],
    [{ ...served, online: null, owes: true }, 'unknown', 'wait'],
    [{ ...served, online: false }, 'disconnected', 'check_modem'],
    [{ ...served, online: false, wasSeen: false }, 'never_seen', 'check_modem'],
    [{ ...served, online: false, routerAway: true }, 'router_away', 'ask_provider'],
    [{ ...served, state: 'isolated', online: true, owes: true }, 'unpaid', 'pay'],
    [{ ...served, state: 'isolated', online: null, owes: false }, 'isolated', 'ask_provider'],
    [
      { ...served, state: 'isolated', online: true, reason: 'quota_used_up', owes: true },
      'quota_used_up',
      'ask_provider',
    ],
    [{ ...served, state: 'pending', online: false, isInstalled: false }, 'not_installed', 'wait'],
    [{ ...served, state: 'pending', online: false, reason: 'awaiting_first_payment' }, 'first_payment', 'pay'],
    [{ ...served, state: 'suspended', online: false }, 'held', 'ask_provider'],
    [{ ...served, state: 'terminated', online: false }, 'ended', 'ask_provider'],
  ] as const)('%j is %s', (given, cause, step) => {
    expect(shopAnswer(given)).toMatchObject({ cause, step });
  });

  it('has words for each in both languages, filled with what is known', () => {
    for (const cause of shopCauses) {
      const [id, en] = [shopWords(cause, 'id', values), shopWords(cause, 'en', values)];
      expect(id).not.toBe(en);
      expect(id + en).not.toMatch(/\{\{|undefined/);
    }
    expect(shopWords('unpaid', 'id', values)).toBe(
      'Belum bayar Rp 150.000, jatuh tempo 20 November 2026: bayar di sini, lalu internet menyala lagi.',
    );
    expect(shopWords('disconnected', 'en', values)).toContain('last seen 07:15');
  });
});
