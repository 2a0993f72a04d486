import { describe, expect, it } from 'vitest';
import { freshSerial, good, orderFor, type Shop } from '../contract-subject.ts';
import type { MoveRefusal, MoveWish } from '../port.ts';

/** A promise about what this tracker has no hand for, or no need of, is none: the test is left out. */
export const whereAble =
  (hand: unknown) =>
  (name: string, test: () => Promise<void>): void => {
    if (hand !== null) it(name, test);
  };

/** What every tracker promises of moves: look, act, look again (ADR 35). */
export function movesContract({ subject, tracker, shelf, bags, buyers, read, move }: Shop): void {
  const [bag, otherBag] = bags;
  const [buyer, otherBuyer] = buyers;
  const handOver: MoveWish = { kind: 'hand_over', from: shelf, to: bag };
  const install: MoveWish = { kind: 'install', from: bag, customer: buyer };
  const uninstall: MoveWish = { kind: 'uninstall', customer: buyer, to: bag, condition: 'ok' };
  const toWarehouse: MoveWish = { kind: 'to_warehouse', from: bag, to: shelf };
  const newUnit = () => subject.put(freshSerial());

  async function refused(
    ref: string,
    wish: MoveWish,
    refusal: MoveRefusal,
    serial: string | null = null,
  ): Promise<void> {
    const [before, rows] = [await read(ref), await subject.history(ref)];
    const answer = await tracker.move(orderFor(ref, wish, { serial }));
    expect(answer, refusal).toMatchObject({ ok: false, error: { reason: 'refused', refusal, found: before } });
    expect(await read(ref)).toEqual(before);
    expect(await subject.history(ref)).toBe(rows);
  }

  describe('moves', () => {
    it('a unit goes out, is installed, comes back and is stock again; each step is read back', async () => {
      const ref = await newUnit();
      const steps: readonly [MoveWish, object][] = [
        [handOver, { status: 'ok', at: { kind: 'place', ref: bag } }],
        [install, { status: 'ok', at: { kind: 'customer', ref: buyer } }],
        [uninstall, { status: 'returned', at: { kind: 'place', ref: bag } }],
        [{ ...install, customer: otherBuyer }, { at: { kind: 'customer', ref: otherBuyer } }],
        [
          { ...uninstall, customer: otherBuyer, condition: 'damaged' },
          { status: 'damaged', at: { ref: bag } },
        ],
        [toWarehouse, { status: 'damaged', at: { kind: 'place', ref: shelf } }],
        [
          { kind: 'mark', condition: 'ok' },
          { status: 'ok', at: { ref: shelf } },
        ],
        [{ kind: 'mark', condition: 'lost' }, { status: 'lost' }],
        [{ kind: 'mark', condition: 'ok' }, { status: 'ok' }],
      ];
      for (const [wish, after] of steps) {
        const done = await move(ref, wish);
        expect(done).toMatchObject({ outcome: 'done', asset: { ref, ...after } });
        expect(await read(ref)).toEqual(done.asset);
      }
    });

    it('an operation is done once, however often it is asked for; where the unit has moved on since, a person must look', async () => {
      const ref = await newUnit();
      const orders = [handOver, install, uninstall, toWarehouse].map((wish) => orderFor(ref, wish));
      for (const order of orders) {
        expect(good(await tracker.move(order)).outcome).toBe('done');
        const rows = await subject.history(ref);
        expect(good(await tracker.move(order)).outcome).toBe('already');
        expect(await subject.history(ref)).toBe(rows);
      }
      const [before, rows] = [await read(ref), await subject.history(ref)];
      for (const order of orders.slice(0, -1))
        expect(await tracker.move(order)).toMatchObject({ ok: false, error: { reason: 'mixed', found: before } });
      expect(await subject.history(ref)).toBe(rows);
    });

    it('what does not stand as it must is refused, and nothing is changed', async () => {
      const ref = await newUnit();
      const serial = (await read(ref))?.serial ?? '';
      await refused(ref, { ...handOver, from: otherBag }, 'elsewhere');
      await refused(ref, install, 'elsewhere');
      await refused(ref, uninstall, 'not_at_customer');
      await refused(ref, handOver, 'serial_differs', `${serial}9`);
      await refused(ref, { ...handOver, to: '999999999' }, 'no_such_place');
      expect(good(await tracker.move(orderFor(ref, handOver, { serial }))).outcome).toBe('done');
      await refused(ref, handOver, 'elsewhere');
      await refused(ref, { ...install, from: otherBag }, 'elsewhere');
      await refused(ref, { ...install, customer: '999999999' }, 'not_a_customer');
      await move(ref, install);
      await refused(ref, install, 'at_customer');
      await refused(ref, { ...install, customer: otherBuyer }, 'at_customer');
      await refused(ref, { ...uninstall, customer: otherBuyer }, 'not_at_customer');
      await refused(ref, handOver, 'at_customer');
      await refused(ref, toWarehouse, 'at_customer');
    });

    it('what is damaged, lost or held back goes to nobody', async () => {
      for (const status of ['damaged', 'destroyed', 'lost', 'quarantined', 'rejected'] as const) {
        const ref = await newUnit();
        await subject.carry(ref, { place: bag });
        await subject.judge(ref, status);
        const { at } = (await read(ref)) ?? {};
        if (at?.kind === 'place') await refused(ref, { ...install, from: at.ref }, 'wrong_status');
        else await refused(ref, install, 'elsewhere');
      }
    });

    it('what somebody has done already in the tracker is not claimed by the hub', async () => {
      const ref = await newUnit();
      await subject.carry(ref, { place: bag });
      await refused(ref, handOver, 'elsewhere');
      await subject.carry(ref, { customer: buyer });
      await refused(ref, install, 'at_customer');
      await move(ref, { kind: 'mark', condition: 'damaged' });
      expect((await move(ref, { kind: 'mark', condition: 'damaged' })).outcome).toBe('already');
    });

    it('a unit that there is none of is refused as gone', async () => {
      const gone = { reason: 'refused', refusal: 'gone', found: null };
      expect(await tracker.move(orderFor('999999999', handOver))).toMatchObject({ ok: false, error: gone });
    });

    whereAble(subject.remove)('one that somebody deleted is gone', async () => {
      const ref = await newUnit();
      await subject.remove?.(ref);
      expect(await read(ref)).toBeNull();
      expect(await tracker.move(orderFor(ref, handOver))).toMatchObject({ ok: false, error: { refusal: 'gone' } });
    });

    it('of two orders for one unit at once one is done and the other refused', async () => {
      for (const wishes of [
        [handOver, { ...handOver, to: otherBag }],
        [handOver, handOver],
      ]) {
        const ref = await newUnit();
        const answers = await Promise.all(wishes.map((wish) => tracker.move(orderFor(ref, wish))));
        const done = answers.flatMap((answer) => (answer.ok ? [answer.value.asset] : []));
        expect(done).toEqual([await read(ref)]);
        expect(answers.flatMap(({ ok, ...rest }) => (ok ? [] : [rest]))).toMatchObject([
          { error: { refusal: 'elsewhere' } },
        ]);
      }
    });

    whereAble(subject.loseNextAnswer)(
      'an answer that was lost: asked again, it is found done, and done once',
      async () => {
        const ref = await newUnit();
        for (const [at, wish] of [handOver, install, uninstall, toWarehouse].entries()) {
          const rows = await subject.history(ref);
          const order = orderFor(ref, wish);
          subject.loseNextAnswer?.();
          const first = await tracker.move(order);
          if (!first.ok) expect(first).toMatchObject({ error: { reason: 'unreachable' } });
          expect(good(await tracker.move(order)).outcome, String(at)).toBe('already');
          // A return with another status leaves two rows in InvenTree.
          expect((await subject.history(ref)) - rows).toBeLessThanOrEqual(wish.kind === 'uninstall' ? 2 : 1);
        }
      },
    );

    whereAble(subject.amidst)(
      'what somebody does between look and deed is seen: nothing is claimed that is not so',
      async () => {
        for (const when of ['before', 'after'] as const) {
          const ref = await newUnit();
          subject.amidst?.(when, () => subject.carry(ref, { customer: otherBuyer }));
          const answer = await tracker.move(orderFor(ref, handOver));
          expect(await read(ref)).toMatchObject({ at: { kind: 'customer', ref: otherBuyer } });
          expect(answer).toMatchObject({ ok: false, error: { reason: when === 'before' ? 'refused' : 'mixed' } });
        }
      },
    );

    whereAble(tracker.feed)(
      'A1: the feed tells each move, the hub’s by its operation, and the walk every unit',
      async () => {
        const { feed } = tracker;
        if (!feed) return;
        const ref = await newUnit();
        const all = good(await feed.movesAfter(0)).moves;
        let mark = Math.max(0, ...all.map(({ no }) => no));
        for (
          let page = good(await feed.movesAfter(mark));
          page.moves.length > 0;
          page = good(await feed.movesAfter(mark))
        ) {
          mark = Math.max(...page.moves.map(({ no }) => no));
        }
        const order = orderFor(ref, handOver);
        good(await tracker.move(order));
        await subject.carry(ref, { customer: buyer });
        const { moves } = good(await feed.movesAfter(mark));
        const ours = moves.filter((row) => row.ref === ref);
        expect(ours.length).toBeGreaterThanOrEqual(2);
        expect(ours.filter(({ operationId }) => operationId === order.operationId)).toHaveLength(1);
        expect(moves.map(({ no }) => no)).toEqual(moves.map(({ no }) => no).toSorted((a, b) => a - b));
        expect(moves.every(({ no }) => no > mark)).toBe(true);
        const walked = new Map<string, unknown>();
        for (let page: string | null | undefined; page !== null; ) {
          const { rows, next } = good(await feed.walk(page ?? null));
          for (const row of rows) walked.set(row.ref, row);
          page = next;
        }
        expect(walked.get(ref)).toEqual(await read(ref));
      },
    );
  });
}
