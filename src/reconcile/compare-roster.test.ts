import { describe, expect, it } from 'vitest';
import type { RosterEntry } from '#ports/ledger/feed.ts';
import { compareRoster, distrust } from './compare-roster.ts';
import type { Beliefs, HeldDocument } from './ledger-beliefs.ts';

const held = (over: Partial<HeldDocument> = {}): HeldDocument => ({
  modified: '1',
  gone: false,
  amount: null,
  isCredit: false,
  cancelled: false,
  ...over,
});
const entry = (name: string, over: Partial<RosterEntry> & { readonly modified?: string } = {}): RosterEntry => ({
  version: { doctype: 'X', name, modified: over.modified ?? '1' },
  amount: over.amount ?? null,
  isRecent: over.isRecent ?? false,
});
const believing = (documents: Readonly<Record<string, HeldDocument>>, marked: readonly string[] = []): Beliefs => ({
  documents: new Map(Object.entries(documents)),
  expected: new Map(Object.keys(documents).map((name) => [name, { name, subscriptionId: null }])),
  marked: new Set(marked),
});
const namesIn = (list: readonly { readonly name: string }[]): readonly string[] => list.map(({ name }) => name);

describe('B5: a whole list against what is believed', () => {
  it('tells what differs and what is not listed, and nothing that is just being told', () => {
    const beliefs = believing(
      { a: held(), b: held(), c: held(), d: held(), e: held({ cancelled: true }), f: held(), g: held({ gone: true }) },
      ['c', 'f'],
    );
    const roster = [
      entry('a'),
      entry('b', { modified: '2' }),
      entry('c', { modified: '2' }),
      entry('g'),
      entry('new'),
      entry('fresh', { isRecent: true }),
    ];
    const { missed, absent } = compareRoster('Subscription', roster, beliefs);
    expect(namesIn(missed)).toEqual(['b', 'g', 'new']);
    expect(namesIn(absent)).toEqual(['d']);
  });

  it('a bill is known by what is open on it, whatever its version', () => {
    const beliefs = believing({ a: held({ amount: 5n, modified: '0' }), b: held({ amount: 5n }) });
    const roster = [entry('A', { amount: 5n }), entry('B', { amount: 4n })];
    expect(namesIn(compareRoster('Sales Invoice', roster, beliefs).missed)).toEqual(['B']);
  });

  it('a customer that is none of the hub’s, or was never looked at, is no difference', () => {
    const beliefs = { ...believing({ a: held() }), expected: new Map([['b', { name: 'b', subscriptionId: null }]]) };
    const { missed, absent } = compareRoster(
      'Customer',
      [entry('a', { modified: '2' }), entry('b'), entry('z')],
      beliefs,
    );
    expect([missed, absent]).toEqual([[], []]);
  });

  it.each([
    [0, 3, true],
    [95, 100, false],
    [81, 100, false],
    [79, 100, true],
    [5, 10, false],
    [4, 10, true],
    [0, 0, false],
  ])('law 3: a list of %i of %i is distrusted: %s', (listed, expected, isDistrusted) => {
    const roster = Array.from({ length: listed }, (_, n) => entry(`${n}`));
    const absent = Array.from({ length: expected - listed }, (_, n) => ({
      name: `${n}`,
      subscriptionId: null,
      held: null,
    }));
    expect(distrust('Customer', roster, { missed: [], absent }, expected) !== null).toBe(isDistrusted);
  });
});
