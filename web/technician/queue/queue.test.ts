import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Deed, fresh, type Item, isBehind, nextToSend, putOff, refusedWith, sent } from './item.ts';

const deeds: readonly Deed[] = [
  { is: 'scan', scan: { kind: 'install', code: 'A', scanned_at: '2026-11-21T02:00:00Z' } },
  { is: 'move', orderId: 'o', body: { state: 'on_site' } },
  { is: 'photo', orderId: 'o', photo: new Blob(), query: '' },
];

const made = fc.record({
  lane: fc.constantFrom('a', 'b'),
  userId: fc.constantFrom('budi', 'budi', 'dewi'),
  deed: fc.constantFrom(...deeds),
});
/** What happens to a request: it never arrives, its answer is lost, it is refused, or it is done. */
const fate = fc.constantFrom('lost', 'answer lost', 'refused', 'done', 'done');

type Office = { readonly done: string[]; readonly heard: Map<string, number> };

const arrive = ({ done, heard }: Office, { ref }: Item): void => {
  heard.set(ref, (heard.get(ref) ?? 0) + 1);
  // The hub's half of the bargain: once by `client_ref`.
  if (!done.includes(ref)) done.push(ref);
};

function after(item: Item, office: Office, what: string, now: number): Item {
  if (what === 'refused') return refusedWith(item, 'tidak', []);
  if (what !== 'lost') arrive(office, item);
  return what === 'done' ? sent(item, now) : putOff(item, now, null);
}

/** Plays the phone with one fate after another; at the end everything goes through. Answers what the office did. */
function play(items: Item[], fates: readonly string[]): { readonly office: Office; readonly left: readonly Item[] } {
  const office: Office = { done: [], heard: new Map() };
  let now = 0;
  for (let step = 0; step < 500; step++) {
    const item = nextToSend(items, 'budi', now);
    if (item) items[items.indexOf(item)] = after(item, office, fates[step] ?? 'done', now);
    now += 400_000;
  }
  return { office, left: items };
}

const queueOf = (all: readonly { lane: string; userId: string; deed: Deed }[]): Item[] =>
  all.map((one, i) => ({ ...fresh({ ...one, ref: `r${i}`, label: '', madeAt: 0 }), no: i }));

describe('the queue of a phone', () => {
  it('A4, REL-17: whatever is lost on the way, each deed is done once, in the order of its order, in its own name', () => {
    fc.assert(
      fc.property(fc.array(made, { maxLength: 12 }), fc.array(fate, { maxLength: 30 }), (all, fates) => {
        const { office, left } = play(queueOf(all), fates);
        for (const item of left) {
          const isDone = office.done.includes(item.ref);
          if (item.userId !== 'budi') expect([isDone, item.state]).toEqual([false, 'waiting']);
          else if (item.state === 'done') expect(isDone).toBe(true);
          else expect(item.state === 'refused' || isBehind(item, left)).toBe(true);
        }
        for (const lane of ['a', 'b']) {
          const mine = left.filter(
            (item) => item.lane === lane && item.deed.is !== 'photo' && office.done.includes(item.ref),
          );
          const order = office.done.filter((ref) => mine.some((item) => item.ref === ref));
          expect(order).toEqual(mine.map(({ ref }) => ref));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('control: one that forgets the deed whose answer was lost, and makes a new one, has it done twice', () => {
    const [item] = queueOf([{ lane: 'a', userId: 'budi', deed: deeds[0] as Deed }]);
    if (!item) throw new Error('there is one');
    const office: Office = { done: [], heard: new Map() };
    arrive(office, item);
    arrive(office, { ...item, ref: 'another' });
    expect(office.done).toHaveLength(2);
  });
});
