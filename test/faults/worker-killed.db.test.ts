import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '#test/pipeline/eventually.ts';
import { type CrashPoint, crashPoints } from './programs/crash-points.ts';
import { openStage, type Stage } from './work-stage.ts';

const scale = Number(process.env.JEMBATAN_FAULT_SCALE);
const points = Object.keys(crashPoints) as CrashPoint[];
/** 20 at full length, at each point. */
const killsAtPoint = Math.max(1, Math.round((scale < 1 ? 10 : 20) * scale));
/** With those at the points 1,000 at full length; in every run of the tests a few, those at the points say more. */
const randomKills = scale < 1 ? Math.max(5, Math.round(120 * scale)) : 1_000 - 20 * points.length;
/** 20 at full length. */
const takeovers = Math.max(2, Math.round(20 * scale));
/** 100 at full length. */
const pauses = Math.max(3, Math.round((scale < 1 ? 30 : 100) * scale));
/** A hub's is 20 s. */
const leaseMs = 500;
/** The wrong variant doubles at every such kill; a few make sure that one was hit. */
const killsOfControl = 20;
/** Between events: few enough that a worker which lives for half a second follows them. */
const everyMs = 80;
/** For one kill, on a machine that has much else to do, and for what is to come right in the end. */
const patienceMs = 5_000;
const endMs = 180_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(inject('postgresUrl'), inject('mariadbUrl'), leaseMs);
});
afterAll(() => stage?.close());

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** A worker that nobody kills brings everything to its end. */
async function theLastOne(): Promise<void> {
  const last = await stage.worker();
  await last.go();
  await stage.comesRight();
  await last.kill();
}

/** Has a worker killed at a point; another takes over what it had in its hands. Answers how long that took, in ms. */
async function takeover(at: CrashPoint, isSplit: boolean): Promise<number> {
  const worker = await stage.worker({ at, signal: 'SIGKILL' }, isSplit);
  const next = await stage.worker();
  await worker.go();
  await worker.ended();
  const begun = performance.now();
  const inHand = await stage.hub.look<{ id: string }>(
    `select id from outbox where kind = 'access.apply' and state = 'running'`,
  );
  await next.go();
  await eventually(
    () =>
      stage.hub.look(`select 1 from outbox where id = any($1::bigint[]) and state in ('running', 'ready')`, [
        inHand.map(({ id }) => id),
      ]),
    (left) => left.length === 0,
    60_000,
  );
  const ms = performance.now() - begun;
  await next.kill();
  return ms;
}

async function sound(what: string): Promise<void> {
  const { done, doubled, missing } = await stage.effects();
  say(`${what}: ${stage.events()} events, ${done} effects, ${doubled.length} doubled, ${missing.length} missing`);
  expect(doubled).toEqual([]);
  expect(missing).toEqual([]);
}

describe('a worker that is killed', () => {
  it(`REL-2: ${killsAtPoint} times at each of ${points.length} points, nothing is doubled or missing`, {
    timeout: endMs + points.length * killsAtPoint * patienceMs,
  }, async () => {
    const turning = stage.startTurning(everyMs);
    const strikes = points.flatMap((at) => Array<CrashPoint>(killsAtPoint).fill(at));
    const next = (i: number) => stage.worker(strikes[i] ? { at: strikes[i], signal: 'SIGKILL' } : null);
    let worker = await next(0);
    for (const i of strikes.keys()) {
      await worker.go();
      const later = next(i + 1);
      await worker.ended();
      worker = await later;
    }
    await worker.kill();
    await turning.stop();
    await theLastOne();
    await sound(`REL-2: ${points.length} points x ${killsAtPoint} kills`);
  });

  it(`REL-2: ${randomKills} times at random, nothing is doubled or missing`, {
    timeout: endMs + randomKills * patienceMs,
  }, async () => {
    const turning = stage.startTurning(everyMs);
    let worker = await stage.worker();
    for (let i = 0; i < randomKills; i++) {
      await worker.go();
      const next = await stage.worker();
      await sleep(Math.random() * 100);
      await worker.kill();
      worker = next;
    }
    await worker.kill();
    await turning.stop();
    await theLastOne();
    await sound(`REL-2: ${randomKills} random kills`);
  });
});

it(`REL-21: what ${takeovers} killed workers had in their hands is taken over when its lease has ended`, {
  timeout: endMs + takeovers * patienceMs,
}, async () => {
  const turning = stage.startTurning(everyMs);
  const taken: number[] = [];
  for (let i = 0; i < takeovers; i++) taken.push(await takeover('the rows were written', false));
  await turning.stop();
  await theLastOne();
  say(
    `REL-21: taken over and done ${Math.max(...taken).toFixed(0)} ms after the kill at most, leases of ${leaseMs} ms`,
  );
  await sound('REL-21');
});

it(`REL-22: ${pauses} workers that were paused beyond their lease double nothing when they go on`, {
  timeout: endMs + pauses * patienceMs,
}, async () => {
  const turning = stage.startTurning(everyMs);
  const other = await stage.worker();
  await other.go();
  const paused: CrashPoint[] = ['the rows are about to be written', 'the rows were written', 'it was settled'];
  const pause = async (at: CrashPoint): Promise<void> => {
    const zombie = await stage.worker({ at, signal: 'SIGSTOP' });
    const struck = zombie.struck();
    await zombie.go();
    await struck;
    await sleep(2 * leaseMs);
    zombie.child.kill('SIGCONT');
    await sleep(100);
    await zombie.kill();
  };
  // One at each point at a time.
  const pauseSome = async (at: CrashPoint, i: number): Promise<void> => {
    for (let done = i; done < pauses; done += paused.length) await pause(at);
  };
  await Promise.all(paused.map(pauseSome));
  await turning.stop();
  await stage.comesRight();
  await other.kill();
  await sound(`REL-22: ${pauses} workers paused for ${2 * leaseMs} ms`);
});

it('REL-2, control: with the effect in one transaction and "done" in another, a kill between them doubles it', async () => {
  const turning = stage.startTurning(everyMs);
  let kills = 0;
  let doubled = 0;
  for (; doubled === 0 && kills < killsOfControl; kills++) {
    await takeover('it was settled, and not committed', true);
    doubled = (await stage.effects()).doubled.length;
  }
  await turning.stop();
  say(`REL-2, control: ${doubled} doubled after ${kills} kills`);
  expect(doubled).toBeGreaterThan(0);
}, 120_000);
