import {
  ask,
  asks,
  type Bridge,
  finishMark,
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
 * Recorders of one customer's debt come one after the other, so each is one step; whoever marks a line waits for the
 * decision about it that is under way (its mark's row is locked).
 */
function* commit(bridge: Bridge, write: () => boolean, finish: () => void): Job {
  yield;
  while (bridge.isDeciding) yield;
  if (write()) bridge.dirty = true;
  finish();
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
    bridge,
    () => recordAll(bridge, rules, taken),
    () => finishMark(bridge, name, marks),
  );
}

/** One document as it is now; an open invoice brings everything that decides about its customer's debt. */
function* lookAt(scene: Scene, name: string, marks: number): Job {
  const { bridge, rules } = scene;
  const looked = yield* look(scene, name);
  if (!looked) return finishMark(bridge, name, marks);
  const taken = opensDebt(looked.fact) ? yield* takeReading(scene) : undefined;
  if (taken === null) return postponeMark(bridge, name);
  yield* commit(
    bridge,
    () => {
      const changed = recordOne(bridge, rules, looked);
      const more = taken !== undefined && recordAll(bridge, rules, taken);
      return changed || more;
    },
    () => finishMark(bridge, name, marks),
  );
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
  yield* lookAt(scene, name, marks);
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

/** One transaction: takes the line's mark, decides, takes a generation, appends the intent. A crash rolls it back. */
function* decideLine({ bridge, rules, decided }: Scene): Job {
  if (!bridge.dirty || bridge.isDeciding) return;
  const at = bridge.now;
  bridge.dirty = false;
  bridge.isDeciding = true;
  let done = false;
  try {
    yield;
    const present = bridge.access?.state ?? null;
    const documents = [...bridge.documents.values()].map(({ fact }) => fact);
    const verdict = decide(
      { documents, present, readAt: rules.fetches ? readAtOf(bridge) : at, settlesAt: bridge.reading.settles || null },
      at,
    );
    yield;
    save({ bridge, rules, decided }, verdict, at);
    done = true;
  } finally {
    bridge.isDeciding = false;
    bridge.dirty ||= !done;
  }
}

function save(
  { bridge, rules, decided }: Pick<Scene, 'bridge' | 'rules' | 'decided'>,
  verdict: Verdict,
  at: number,
): void {
  const { state, group } = verdict;
  bridge.awaitsEvidence = verdict.needsEvidence;
  bridge.wake = verdict.lookAgainAt;
  if (verdict.needsEvidence) ask(bridge, rules, '@customer');
  if (bridge.access?.group === group) return;
  bridge.generation += 1;
  bridge.access = { state, group, generation: bridge.generation };
  for (const intent of bridge.outbox) if (intent.state === 'ready') intent.state = 'finished';
  const urgency = state === 'active' ? 0 : 2;
  bridge.outbox.push({ generation: bridge.generation, group, urgency, state: 'ready', lockedUntil: 0 });
  decided(verdict, bridge.generation, at);
}

/** Leases an intent, writes it at the target, and only then says so. */
function* dispatch({ bridge, apply }: Scene): Job {
  const [intent] = bridge.outbox
    .filter(({ state, lockedUntil }) => state === 'ready' || (state === 'running' && lockedUntil < bridge.now))
    .sort((a, b) => a.urgency - b.urgency);
  if (!intent) return;
  Object.assign(intent, { state: 'running', lockedUntil: bridge.now + leaseMs });
  yield;
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
