import {
  ask,
  asks,
  type Bridge,
  finishMark,
  type Intent,
  leaseMs,
  markDocument,
  postponeMark,
  type Rules,
  readAtOf,
  type Stored,
} from './bridge.ts';
import { type Bearing, decide, type Verdict } from './line.ts';
import type { Random } from './random.ts';
import { isOpen, type Looked, openOf, recordAll, recordOne, type Taken } from './recording.ts';
import type { Truth } from './truth.ts';

/** A job under way: each `next()` is one step; between two of them the other worker, the ledger and the clock go on. */
export type Job = Generator<void, void>;

/** Where a job's effects go, and who watches them. */
export type Scene = {
  readonly bridge: Bridge;
  readonly truth: Truth;
  readonly rules: Rules;
  /** Writes a group at the target, under its fence; answers whether the target took it. */
  readonly apply: (generation: number, group: string) => boolean;
  /** Told of each decision that the hub commits, and when it looked at its facts. */
  readonly decided: (verdict: Verdict, generation: number, at: number) => void;
};

const unchangedRestMs = 5_000;

/**
 * Recorders of one customer's debt come one after the other, and whoever marks a line waits for the decision about it that
 * is under way (its mark's row is locked). Whoever records decides in the same transaction, so all of it is one step. The
 * intent is born leased, and its worker goes on with it; one that dies first leaves it to whoever finds the lease ended.
 */
function* commit(scene: Scene, write: () => boolean, finish: () => void): Job {
  const { bridge } = scene;
  yield;
  while (bridge.isDeciding) yield;
  const isConcerned = write();
  finish();
  if (!isConcerned) return;
  const intent = save(scene, verdictNow(scene, bridge.now), bridge.now);
  if (!intent) return;
  Object.assign(intent, { state: 'running', lockedUntil: bridge.now + leaseMs });
  yield;
  yield* send(scene, intent);
}

function* look({ bridge, truth }: Scene, name: string): Generator<void, Looked | null> {
  const askedAt = bridge.now;
  yield;
  const fact = truth.get(name);
  return fact ? { fact, askedAt, answeredAt: bridge.now } : null;
}

/**
 * Asks the ledger for all that decides about the customer's debt; the answer is true at some moment of the call. What
 * was open and is listed no more is looked at by itself; null: it says that it is open, so the lists are no evidence.
 */
function* takeReading(scene: Scene): Generator<void, Taken | null> {
  const { bridge, truth } = scene;
  const known = openOf(bridge);
  yield;
  const startedAt = bridge.now;
  yield;
  const open = truth.open();
  const vanished: Looked[] = [];
  for (const name of known) {
    if (open.some((fact) => fact.name === name)) continue;
    const looked = yield* look(scene, name);
    if (!looked || isOpen(looked.fact)) return null;
    vanished.push(looked);
  }
  yield;
  return { startedAt, open, vanished };
}

function* readCustomer(scene: Scene, name: string, marks: number): Job {
  const { bridge, rules } = scene;
  const taken = yield* takeReading(scene);
  if (!taken) return postponeMark(bridge, name);
  yield* commit(
    scene,
    () => recordAll(bridge, rules, taken),
    () => finishMark(bridge, name, marks),
  );
}

/** The invoices of a payment that is news, as far as they can cut nobody. */
function* lookAtPaid(scene: Scene, { fact }: Looked): Generator<void, readonly Looked[]> {
  const looks: Looked[] = [];
  if (fact.kind !== 'receipt' || !fact.submitted) return looks;
  for (const name of fact.pays) {
    const looked = yield* look(scene, name);
    if (looked && !opensDebt(looked.fact)) looks.push(looked);
  }
  return looks;
}

/** The reading that a bill needs: one that was made while the bill was fetched (`early`), if it says the same. */
function* readingFor(scene: Scene, { fact }: Looked, early: Taken | null): Generator<void, Taken | null> {
  return early?.open.includes(fact) ? early : yield* takeReading(scene);
}

/** One document as it is now; an open invoice brings everything that decides about its customer's debt. */
function* lookAt(scene: Scene, random: Random, name: string, marks: number): Job {
  const { bridge, rules } = scene;
  const early = random.chance(0.5) ? yield* takeReading(scene) : null;
  const looked = yield* look(scene, name);
  const finish = (): void => finishMark(bridge, name, marks);
  if (!looked) return finish();
  if (!opensDebt(looked.fact)) {
    const paid = yield* lookAtPaid(scene, looked);
    const seen = paid.map(({ fact }) => fact.name);
    return yield* commit(
      scene,
      () =>
        recordOne(bridge, rules, looked, seen) &&
        [true, ...paid.map((one) => recordOne(bridge, rules, one))].includes(true),
      finish,
    );
  }
  const taken = yield* readingFor(scene, looked, early);
  if (!taken) return postponeMark(bridge, name);
  const isListed = taken.open.some((fact) => fact.name === name);
  const record = (): boolean => {
    if (isListed) return recordAll(bridge, rules, taken, name);
    const isChanged = recordOne(bridge, rules, looked);
    return recordAll(bridge, rules, taken) || isChanged;
  };
  yield* commit(scene, record, finish);
}

const opensDebt = (fact: Bearing): boolean => fact.kind === 'invoice' && fact.submitted && fact.outstanding > 0n;

/** Leases a document and looks at it; a worker that dies gives it back when the lease ends. */
function* fetch(scene: Scene, random: Random): Job {
  const { bridge } = scene;
  const due = [...bridge.marks].filter(([, mark]) => mark.notBefore <= bridge.now && mark.lockedUntil < bridge.now);
  const claimed = random.pick(due);
  if (!claimed) return;
  const [name, mark] = claimed;
  mark.lockedUntil = bridge.now + leaseMs;
  mark.attempts += 1;
  const { marks } = mark;
  yield;
  if (asks.some((ask) => ask === name)) return yield* readCustomer(scene, name, marks);
  const last: Stored | undefined = bridge.documents.get(name);
  if (last && !last.changed && mark.attempts === 1 && bridge.now - last.fetchedAt < unchangedRestMs) {
    Object.assign(mark, { lockedUntil: 0, notBefore: last.fetchedAt + unchangedRestMs });
    return;
  }
  yield* lookAt(scene, random, name, marks);
}

/** What is waiting in the inbox becomes marks; a hub that believes payloads makes facts of them. */
function consume({ bridge, rules }: Scene): null {
  for (const { name, fact } of bridge.inbox.splice(0)) {
    if (rules.fetches) markDocument(bridge, name);
    else {
      bridge.documents.set(name, { fact, changed: true, fetchedAt: bridge.now });
      bridge.dirty = true;
    }
  }
  return null;
}

function verdictNow({ bridge, rules }: Scene, at: number): Verdict {
  const present = bridge.access?.state ?? null;
  const documents = [...bridge.documents.values()].map(({ fact }) => fact);
  return decide(
    { documents, present, readAt: rules.fetches ? readAtOf(bridge) : at, settlesAt: bridge.reading.settles || null },
    at,
  );
}

/** One transaction: takes the line's mark, decides, takes a generation, appends the intent. A crash rolls it back. */
function* decideLine(scene: Scene): Job {
  const { bridge } = scene;
  if (!bridge.dirty || bridge.isDeciding) return;
  const at = bridge.now;
  bridge.dirty = false;
  bridge.isDeciding = true;
  let done = false;
  try {
    yield;
    const verdict = verdictNow(scene, at);
    yield;
    save(scene, verdict, at);
    done = true;
  } finally {
    bridge.isDeciding = false;
    bridge.dirty ||= !done;
  }
}

/** Writes a decision; answers the intent that follows from it, if the group is another than before. */
function save({ bridge, rules, decided }: Scene, verdict: Verdict, at: number): Intent | null {
  const { state, group } = verdict;
  bridge.awaitsEvidence = verdict.needsEvidence;
  bridge.wake = verdict.lookAgainAt;
  if (verdict.needsEvidence) ask(bridge, rules, '@customer');
  if (bridge.access?.group === group) return null;
  bridge.generation += 1;
  bridge.access = { state, group, generation: bridge.generation };
  for (const intent of bridge.outbox) if (intent.state === 'ready') intent.state = 'finished';
  const urgency = state === 'active' ? 0 : 2;
  const intent: Intent = { generation: bridge.generation, group, urgency, state: 'ready', lockedUntil: 0 };
  bridge.outbox.push(intent);
  decided(verdict, bridge.generation, at);
  return intent;
}

/** Leases an intent. */
function* dispatch(scene: Scene): Job {
  const { bridge } = scene;
  const [intent] = bridge.outbox
    .filter(({ state, lockedUntil }) => state === 'ready' || (state === 'running' && lockedUntil < bridge.now))
    .sort((a, b) => a.urgency - b.urgency);
  if (!intent) return;
  Object.assign(intent, { state: 'running', lockedUntil: bridge.now + leaseMs });
  yield;
  yield* send(scene, intent);
}

/** Writes an intent at the target, and only then says so. */
function* send({ bridge, apply }: Scene, intent: Intent): Job {
  const taken = apply(intent.generation, intent.group);
  yield;
  if (intent.state === 'running') intent.state = 'finished';
  if (taken) bridge.applied = Math.max(bridge.applied, intent.generation);
}

function wake({ bridge }: Scene): null {
  if (bridge.wake === null || bridge.wake > bridge.now || bridge.isDeciding) return null;
  bridge.wake = null;
  bridge.dirty = true;
  return null;
}

/** Begins a job; null: it was done in one step. */
type Kind = (scene: Scene, random: Random) => Job | null;
export const jobs: readonly Kind[] = [consume, fetch, wake, decideLine, dispatch];
