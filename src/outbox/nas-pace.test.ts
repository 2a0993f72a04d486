import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPacing, type Pacing, type Turn } from './nas-pace.ts';

/** Pacing on a clock of its own: whoever rests is woken when the clock gets there. */
function stage() {
  let time = 0;
  const resting: { readonly at: number; readonly wake: () => void }[] = [];
  const rest = (ms: number) => new Promise<void>((wake) => resting.push({ at: time + ms, wake }));
  const newPacing = () => createPacing(() => time, rest);
  return {
    newPacing,
    pacing: newPacing(),
    rest,
    now: () => time,
    async goTo(to: number): Promise<void> {
      for (;;) {
        resting.sort((a, b) => b.at - a.at);
        const next = resting.at(-1);
        if (!next || next.at > to) break;
        resting.pop();
        time = Math.max(time, next.at);
        next.wake();
        // Whoever was woken goes on, up to its next wait.
        for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      }
      time = to;
    },
  };
}

describe('the pace of orders to a router', () => {
  it('X3: in no second it is given more than its rate and the first eight, however they come', async () => {
    const wave = fc.record({ afterMs: fc.nat(1_500), orders: fc.integer({ min: 1, max: 60 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(wave, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(2, 20, 100),
        async (waves, rate) => {
          const { pacing, goTo, now } = stage();
          const given: number[] = [];
          const answered = (turn: Turn): void => {
            if (!turn.isMine) return;
            given.push(now());
            turn.end();
          };
          for (const { afterMs, orders } of waves) {
            await goTo(now() + afterMs);
            for (let one = 0; one < orders; one++) void pacing.turn('nas', rate, false).then(answered);
            await goTo(now());
          }
          await goTo(now() + 5_000);
          for (const from of given) {
            const inSecond = given.filter((at) => at >= from && at < from + 1_000).length;
            expect(inSecond).toBeLessThanOrEqual(rate + 8);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('X3: a router that answers nothing has eight orders in hand at most, and others have their turn at once', async () => {
    const { pacing, goTo } = stage();
    const turns = await Promise.all(Array.from({ length: 8 }, () => pacing.turn('deaf', 20, false)));
    expect(turns.every(({ isMine }) => isMine)).toBe(true);
    const ninth = await pacing.turn('deaf', 20, false);
    expect(ninth.isMine).toBe(false);
    await goTo(3_000);
    const later = await pacing.turn('deaf', 20, false);
    // Until those in its hands are over, none comes again.
    expect(later).toMatchObject({ isMine: false });
    expect(later.isMine ? 0 : later.waitMs).toBeGreaterThan(26_000);
    expect(await pacing.turn('other', 20, false)).toMatchObject({ isMine: true });
  });

  it('X3: those who are sent away come again one by one, at the pace of the router', async () => {
    const { pacing } = stage();
    for (let one = 0; one < 8; one++) await pacing.turn('nas', 10, false);
    const waits: number[] = [];
    for (let one = 0; one < 50; one++) {
      const turn = await pacing.turn('nas', 10, false);
      if (!turn.isMine) waits.push(turn.waitMs);
    }
    expect(waits).toHaveLength(50);
    for (const [i, wait] of waits.slice(1).entries()) expect(wait - (waits[i] ?? 0)).toBeCloseTo(100);
  });

  it('X3: a silent router is probed by one order at a time', async () => {
    const { pacing } = stage();
    const probe = await pacing.turn('nas', 20, true);
    expect(probe.isMine).toBe(true);
    expect((await pacing.turn('nas', 20, true)).isMine).toBe(false);
    if (probe.isMine) probe.end();
    expect((await pacing.turn('nas', 20, true)).isMine).toBe(true);
  });

  /** Workers that share a router's orders until it has had them all; answers the seconds that took. `isTold`: of each other's. */
  async function together(workers: number, orders: number, rate: number, answerMs: number, isTold: boolean) {
    const { newPacing, rest, now, goTo } = stage();
    // As `nas.paced_until` has it: each answer counts.
    let full = 0;
    let left = orders;
    let last = 0;
    async function work(pacing: Pacing): Promise<void> {
      while (left > 0) {
        left -= 1;
        if (isTold) pacing.hear('nas', full - now());
        const turn = await pacing.turn('nas', rate, false);
        if (!turn.isMine) {
          left += 1;
          await rest(turn.waitMs);
          continue;
        }
        last = now();
        await rest(answerMs);
        turn.end();
        full = Math.max(full, now()) + 1_000 / rate;
        if (isTold) pacing.hear('nas', full - now());
      }
    }
    // Each has more lanes than a router may have orders in hand.
    for (let worker = 0; worker < workers; worker++) {
      const pacing = newPacing();
      for (let lane = 0; lane < 12; lane++) void work(pacing);
    }
    for (let at = 0; left > 0 || now() < last + 100; at += 100) await goTo(at);
    return last / 1_000;
  }

  it('X3: workers side by side give a router no more than its pace; each counting for itself they give it theirs each', async () => {
    const scene = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom(10, 20, 50), fc.constantFrom(5, 40, 300));
    await fc.assert(
      fc.asyncProperty(scene, async ([workers, rate, answerMs]) => {
        const orders = rate * 12;
        const seconds = await together(workers, orders, rate, answerMs, true);
        // A handful each, and what each lets out within a second before it has heard of the others.
        const ahead = workers * (8 + rate);
        expect(seconds).toBeGreaterThan((orders - ahead) / rate);
        // Nor is it given less than it takes: eight in hand of each worker, of which each is answered after a while.
        const most = Math.min(rate, (8_000 * workers) / answerMs);
        expect(seconds).toBeLessThan((1.25 * orders) / most + 2);
      }),
      { numRuns: 30 },
    );
    expect(await together(4, 240, 20, 5, false)).toBeLessThan(240 / 20 / 3);
    // Nearly twelve seconds, less a handful of each.
    expect(await together(4, 240, 20, 5, true)).toBeGreaterThan(10);
  });

  it('X3: a bucket that is further behind than any can be is a clock that was set back, and holds nobody up', async () => {
    const { pacing } = stage();
    pacing.hear('nas', 3_600_000);
    expect(await pacing.turn('nas', 20, false)).toMatchObject({ isMine: true, hasWaited: false });
  });
});
