/**
 * How long a whole hub takes from the POST of a webhook to the router's answer to the Disconnect, and from the webhook of
 * a payment to the commit of the RADIUS rows; beside the floor, which is what the job must wait for in any case. Runs and
 * floor alternate, so that what else the machine does hits both alike.
 */
import { median, printFigure, quantile, remark } from './figures.ts';
import { type Cycle, playCycle } from './latency/cycle.ts';
import { type FloorRun, openFloor } from './latency/floor.ts';
import { customer, feeRupiah, item, noteSizes, openInstallation } from './latency/installation.ts';
import { stepsOf } from './latency/steps.ts';
import { openSubscriber } from './latency/subscriber.ts';
import { withThrowAway } from './throw-away.ts';

const runs = 200;
/** Code that ran a few times is slow in both processes; how fast each becomes is shown by the blocks. */
const warmUps = 100;
const block = 50;

function print(name: string, values: readonly number[], floors: readonly number[]): void {
  for (const [label, share] of [
    ['p50', 0.5],
    ['p95', 0.95],
    ['p99', 0.99],
  ] as const) {
    printFigure({
      name: `${name}-${label}`,
      value: quantile(values, share),
      unit: 'ms',
      floor: quantile(floors, share),
    });
  }
}

/** The medians of each block of runs, from the first warm-up on, and their ratio. */
function blocks(cycles: readonly Cycle[], floors: readonly FloorRun[]): string {
  const lines: string[] = [];
  for (let from = 0; from + block <= cycles.length; from += block) {
    const ack = median(cycles.slice(from, from + block).map(({ dueToAckMs }) => dueToAckMs));
    const floor = median(floors.slice(from, from + block).map(({ toAckMs }) => toAckMs));
    const ratio = (ack / floor).toFixed(2);
    lines.push(`  runs ${from + 1} to ${from + block}: ${ack.toFixed(1)} ms, floor ${floor.toFixed(1)} ms, ${ratio}`);
  }
  return lines.join('\n');
}

await withThrowAway(async (place) => {
  const at = await openInstallation(place);
  const subscriber = await openSubscriber(at);
  const read = at.erpnext.createInvoice({ customer, item, amount: feeRupiah, due_date: '2099-01-01' });
  const floor = await openFloor(place, at, read, subscriber.username);
  const allCycles: Cycle[] = [];
  const allFloors: FloorRun[] = [];
  for (let run = 0; run < warmUps + runs; run++) {
    if (run % block === 0) await noteSizes(at);
    allCycles.push(await playCycle(at, subscriber));
    allFloors.push(await floor());
  }
  const [cycles, floors] = [allCycles.slice(warmUps), allFloors.slice(warmUps)];
  const dueToAck = cycles.map(({ dueToAckMs }) => dueToAckMs);
  const paidToRows = cycles.map(({ paidToRowsMs }) => paidToRowsMs);
  print(
    'latency-webhook-to-disconnect-ack',
    dueToAck,
    floors.map(({ toAckMs }) => toAckMs),
  );
  print(
    'latency-payment-to-rows',
    paidToRows,
    floors.map(({ toRowsMs }) => toRowsMs),
  );
  remark(`Webhook to Disconnect-ACK:\n${blocks(allCycles, allFloors)}`);
  remark(`From the webhook of a bill:\n${await stepsOf(at, cycles, 'dueAt', 'dueToAckMs')}`);
  remark(`From the webhook of a payment:\n${await stepsOf(at, cycles, 'paidAt', 'paidToRowsMs')}`);
});
