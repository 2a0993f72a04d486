import { createFakeFences } from '#ports/enforcer/fake-fences.ts';
import { ask, type Bridge, createBridge, type Rules } from './bridge.ts';
import { decide, start } from './line.ts';
import { createRandom, type Random } from './random.ts';
import { createTruth, type Delivery } from './truth.ts';
import { type Job, jobs, type Scene } from './worker.ts';

/** What may never happen, and did. */
export type Violation =
  | 'a payer was left isolated'
  | 'a debtor was left online'
  | 'the target does not hold what was decided'
  | 'a line was cut that owed nothing for a minute'
  | 'an older group came back at the target';

const evidenceMs = 60_000;
const hours27 = 27 * 3_600_000;
const ticksMs = [100, 1_000, 5_000, 20_000, 61_000, 61_000, 301_000, hours27];

/** A run of the model: the ledger, the way of its deliveries, the hub with two workers, and the target. */
function stage(rules: Rules) {
  const bridge = createBridge(start);
  const truth = createTruth();
  const found: Violation[] = [];
  const groups: string[] = [];
  const target = { group: '', newest: 0 };
  const fences = createFakeFences(() => new Date(bridge.now));

  const put = (generation: number, group: string): boolean => {
    if (rules.fenced) {
      const write = () => {
        target.group = group;
      };
      return fences.apply('user line', BigInt(generation), [target.group], [group], write).outcome !== 'superseded';
    }
    target.group = group;
    return true;
  };
  const scene: Scene = {
    bridge,
    truth,
    rules,
    apply(generation, group) {
      const taken = put(generation, group);
      target.newest = Math.max(target.newest, generation);
      if (target.group !== groups[target.newest]) found.push('an older group came back at the target');
      return taken;
    },
    decided({ state, group }, generation, at) {
      groups[generation] = group;
      if (state === 'isolated' && !truth.wasDebtor(at, evidenceMs))
        found.push('a line was cut that owed nothing for a minute');
    },
  };
  return { bridge, truth, scene, target, found };
}

/** Two workers; one that crashes forgets what it was at, and the database undoes what it had not committed. */
function createWorkers(scene: Scene, random: Random) {
  const under: (Job | null)[] = [null, null];
  /** How often the second worker gets a turn: in many runs it sleeps in the middle of its work for hours. */
  const pace = random.pick([0.5, 0.5, 0.1, 0.03]) ?? 0.5;
  return {
    /** A step takes a millisecond at least: whole calls of the ledger never begin and end in one. */
    step(): void {
      const which = random.chance(pace) ? 1 : 0;
      scene.bridge.now += 1;
      under[which] ??= (random.pick(jobs) ?? jobs[0])?.(scene, random) ?? null;
      if (under[which]?.next().done) under[which] = null;
    },
    crash(which: number): void {
      under[which]?.return();
      under[which] = null;
    },
    /** Everybody goes on to the end, then every job is done as long as something waits. */
    drain(): void {
      while (under.some((job) => job !== null))
        under.forEach((job, i) => {
          if (job?.next().done) under[i] = null;
        });
      for (let left = 40; left > 0 && hasWork(scene.bridge); left--)
        for (const kind of jobs) for (const job = kind(scene, random); job && !job.next().done; scene.bridge.now += 1);
    },
  };
}

function hasWork({ inbox, marks, dirty, outbox, now, wake }: Bridge): boolean {
  if (dirty || inbox.length > 0 || (wake !== null && wake <= now)) return true;
  for (const { notBefore, lockedUntil } of marks.values()) if (notBefore <= now && lockedUntil < now) return true;
  return outbox.some(({ state, lockedUntil }) => state === 'ready' || (state === 'running' && lockedUntil < now));
}

/** The way between ledger and hub: it loses, doubles, reorders, and repeats what is days old. */
function createWay(bridge: Bridge, random: Random) {
  const onTheWay: Delivery[] = [];
  const sent: Delivery[] = [];
  return {
    send(deliveries: readonly Delivery[]): void {
      sent.push(...deliveries);
      onTheWay.push(...deliveries.filter(() => !random.chance(0.1)));
    },
    deliver(): void {
      const [one] = onTheWay.splice(random.int(onTheWay.length), 1);
      if (one) bridge.inbox.push(one);
    },
    repeat(): void {
      const one = random.pick(sent);
      if (one) bridge.inbox.push(one);
    },
    deliverAll: () => void bridge.inbox.push(...random.shuffle(onTheWay.splice(0))),
  };
}

/** Lets the deliveries arrive and the clock go on until leases, rests and the settling time are over. */
function comeToRest(
  { bridge, scene: { rules } }: ReturnType<typeof stage>,
  way: ReturnType<typeof createWay>,
  workers: ReturnType<typeof createWorkers>,
) {
  way.deliverAll();
  workers.drain();
  for (const ms of [61_000, 301_000, 301_000]) {
    bridge.now += ms;
    ask(bridge, rules, '@ledger');
    workers.drain();
  }
}

function judge({ bridge, truth, target, found }: ReturnType<typeof stage>, rules: Rules): void {
  const { access, now } = bridge;
  const documents = ['INV-1', 'INV-2', 'CN-1', 'PE-1'].flatMap((name) => truth.get(name) ?? []);
  const wanted = decide({ documents, present: access?.state ?? null, readAt: now, settlesAt: null }, now);
  if (target.group !== wanted.group)
    found.push(wanted.state === 'active' ? 'a payer was left isolated' : 'a debtor was left online');
  if (rules.fenced && (target.group !== access?.group || bridge.applied !== access.generation))
    found.push('the target does not hold what was decided');
}

/** One random run of about fifty steps; answers everything that went wrong. The same seed is the same run. */
export function play(seed: number, rules: Rules): readonly Violation[] {
  const random = createRandom(seed);
  const staged = stage(rules);
  const { bridge, truth, scene } = staged;
  const workers = createWorkers(scene, random);
  const way = createWay(bridge, random);
  const commands: readonly (() => void)[] = [
    () => way.send(truth.happen(random, bridge.now)),
    () => way.send(truth.happen(random, bridge.now)),
    () => way.deliver(),
    () => way.deliver(),
    () => way.repeat(),
    () => ask(bridge, rules, '@ledger'),
    () => ask(bridge, rules, '@ledger'),
    () => {
      bridge.now += random.pick(ticksMs) ?? 0;
    },
    () => (random.chance(0.2) ? workers.crash(random.int(2)) : undefined),
  ];
  for (let steps = 20 + random.int(40); steps > 0; steps--) {
    if (random.chance(0.4)) random.pick(commands)?.();
    else for (let few = random.int(6); few >= 0; few--) workers.step();
  }
  comeToRest(staged, way, workers);
  judge(staged, rules);
  return staged.found;
}
