/**
 * How many bills a second the press makes as PDF, beside the same in the thread that asks; and how long the event loop is
 * kept waiting meanwhile, in either case. Then a sheet of ten thousand vouchers. Rounds alternate; medians of them.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createPress } from '#platform/paper/press.ts';
import { render } from '#platform/paper/render.ts';
import { bill, letterhead, picture, vouchers } from '#test/features/papers.ts';
import { median, printFigure, remark } from './figures.ts';
import { withThrowAway } from './throw-away.ts';

const rounds = 5;
const billsARound = 300;
const atOnce = 20;
const paper = { ...bill, head: { ...letterhead, logo: picture(120) } };

type Measured = { readonly perSecond: number; readonly loopDelayP99Ms: number };

/** So many bills by `print`, some at once, with the event loop of this process watched. */
async function measured(print: () => Promise<unknown>): Promise<Measured> {
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  const began = performance.now();
  let left = billsARound;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await print();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const elapsedMs = performance.now() - began;
  delays.disable();
  return { perSecond: (billsARound / elapsedMs) * 1_000, loopDelayP99Ms: delays.percentile(99) / 1e6 };
}

await withThrowAway(async (place) => {
  const press = place.keep(createPress(), (it) => it.close());
  await Promise.all([press.print(paper), render(paper)]);
  const ours: Measured[] = [];
  const theirs: Measured[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await measured(() => press.print(paper)));
    theirs.push(await measured(() => render(paper)));
  }
  const middle = (of: readonly Measured[], what: keyof Measured): number => median(of.map((one) => one[what]));
  const figure = (name: string, unit: string, what: keyof Measured): void =>
    printFigure({ name, unit, value: middle(ours, what), floor: middle(theirs, what) });
  figure('invoice-pdf', 'invoices/s', 'perSecond');
  figure('invoice-pdf-loop-delay-p99', 'ms', 'loopDelayP99Ms');
  remark('The floor is the same bill, with its picture, made in the thread that asks.');
  const began = performance.now();
  const sheet = await press.print(vouchers(10_000));
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  remark(`A sheet of 10,000 vouchers: ${seconds} s, ${(sheet.length / 1e6).toFixed(1)} MB.`);
});
