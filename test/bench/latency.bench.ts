/**
 * How long a whole hub takes from the POST of a webhook to the router's answer to the Disconnect, and from the webhook of
 * a payment to the commit of the RADIUS rows; beside the floor, which is what the job must wait for in any case. Runs and
 * floor alternate, so that what else the machine does hits both alike.
 */
import { printFigure, quantile, remark } from './figures.ts';
import { type Cycle, playCycle } from './latency/cycle.ts';
import { type FloorRun, openFloor } from './latency/floor.ts';
import { customer, feeRupiah, item, openInstallation } from './latency/installation.ts';
import { stepsOf } from './latency/steps.ts';
import { openSubscriber } from './latency/subscriber.ts';
import { withThrowAway } from './throw-away.ts';

const runs = 110;
const warmUps = 15;

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

await withThrowAway(async (place) => {
  const at = await openInstallation(place);
  const subscriber = await openSubscriber(at);
  const read = at.erpnext.createInvoice({ customer, item, amount: feeRupiah, due_date: '2099-01-01' });
  const floor = await openFloor(place, at, read, subscriber.username);
  const cycles: Cycle[] = [];
  const floors: FloorRun[] = [];
  for (let run = -warmUps; run < runs; run++) {
    const cycle = await playCycle(at, subscriber);
    const least = await floor();
    if (run < 0) continue;
    cycles.push(cycle);
    floors.push(least);
  }
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
  remark(`From the webhook of a bill:\n${await stepsOf(at, cycles, 'dueAt', 'dueToAckMs')}`);
  remark(`From the webhook of a payment:\n${await stepsOf(at, cycles, 'paidAt', 'paidToRowsMs')}`);
});
