import type { AccessState } from '#domain/access.ts';
import type { Bearing } from './line.ts';

/** A control breaks one of these rules, and must then be caught. */
export type Rules = {
  /** The target refuses whoever comes with an older generation. */
  readonly fenced: boolean;
  /** A delivery is a hint: the document is fetched. Otherwise its payload is taken for the truth. */
  readonly fetches: boolean;
  /** A document that is found changed by itself makes the reading before it worthless as evidence. */
  readonly invalidates: boolean;
};

export const allRules: Rules = { fenced: true, fetches: true, invalidates: true };

export type Stored = { readonly fact: Bearing; readonly changed: boolean; readonly fetchedAt: number };
export type Mark = { marks: number; attempts: number; lockedUntil: number; notBefore: number };
export type Intent = {
  readonly generation: number;
  readonly group: string;
  readonly urgency: number;
  state: 'ready' | 'running' | 'finished';
  lockedUntil: number;
};
export type Access = { readonly state: AccessState; readonly group: string; readonly generation: number };

/** The bridge's tables for one line, in memory. Times in ms since 1970. */
export type Bridge = {
  now: number;
  readonly inbox: { name: string; fact: Bearing }[];
  /** `dirty_documents`, by name; the names of `asks` stand for the ledger as a whole. */
  readonly marks: Map<string, Mark>;
  readonly documents: Map<string, Stored>;
  readonly reading: { started: number; changed: number; settles: number };
  dirty: boolean;
  /** A decision is under way: its transaction holds the line's mark, so whoever wants to mark the line waits. */
  isDeciding: boolean;
  wake: number | null;
  access: Access | null;
  awaitsEvidence: boolean;
  applied: number;
  generation: number;
  outbox: Intent[];
};

/** What a worker asks of the ledger beside single documents: one customer's bills, everybody's. */
export const asks = ['@customer', '@ledger'] as const;
export const leaseMs = 60_000;
const settleMs = 300_000;

export const createBridge = (now: number): Bridge => ({
  now,
  inbox: [],
  marks: new Map(),
  documents: new Map(),
  reading: { started: 0, changed: 0, settles: 0 },
  dirty: true,
  isDeciding: false,
  wake: null,
  access: null,
  awaitsEvidence: false,
  applied: 0,
  generation: 0,
  outbox: [],
});

export function markDocument(bridge: Bridge, name: string): void {
  const mark = bridge.marks.get(name);
  if (!mark) bridge.marks.set(name, { marks: 1, attempts: 0, lockedUntil: 0, notBefore: 0 });
  else {
    mark.marks += 1;
    mark.notBefore = Math.min(mark.notBefore, bridge.now);
  }
}

/** Asks for a reading of the ledger; a hub that believes payloads never does. */
export function ask(bridge: Bridge, rules: Rules, what: (typeof asks)[number]): void {
  if (rules.fetches) markDocument(bridge, what);
}

/** The mark goes with the look that it asked for, unless another came meanwhile. */
export function finishMark(bridge: Bridge, name: string, claimed: number): void {
  const mark = bridge.marks.get(name);
  if (mark?.marks === claimed) bridge.marks.delete(name);
  else if (mark) Object.assign(mark, { lockedUntil: 0, attempts: 0 });
}

/** Nothing was found out: somebody looks again, later. */
export function postponeMark(bridge: Bridge, name: string): void {
  const mark = bridge.marks.get(name);
  if (mark) Object.assign(mark, { lockedUntil: 0, notBefore: bridge.now + 1_000 });
}

const textOf = (fact: Bearing): string =>
  `${fact.name} ${fact.submitted} ${fact.kind === 'invoice' ? fact.outstanding : `${fact.unallocated} ${fact.pays}`}`;
export const isOpen = (fact: Bearing): boolean =>
  fact.submitted && (fact.kind === 'invoice' ? fact.outstanding !== 0n : fact.unallocated !== 0n);
const isSame = (a: Bearing, b: Bearing): boolean => a === b || textOf(a) === textOf(b);
const isCredit = (fact: Bearing): boolean => fact.submitted && (fact.kind === 'receipt' || fact.isReturn);
const rises = (before: Bearing, after: Bearing): boolean =>
  before.kind === 'invoice' && after.kind === 'invoice' && before.submitted && after.outstanding > before.outstanding;

function write(bridge: Bridge, fact: Bearing, changed: boolean, askedAt: number): void {
  const held = bridge.documents.get(fact.name);
  if (held && held.fetchedAt > askedAt) return;
  bridge.documents.set(fact.name, { fact, changed, fetchedAt: askedAt });
}

const settle = (bridge: Bridge, from: number): void => {
  bridge.reading.settles = Math.max(bridge.reading.settles, from + settleMs);
};

/** Whether a reading that began later has been recorded: what it kept silent about is settled. */
const isOvertaken = ({ reading }: Bridge, askedAt: number): boolean => reading.started > askedAt;

/** Records one document as `recordDocument` does; answers whether the line must be decided about. */
export function recordOne(bridge: Bridge, rules: Rules, before: Stored | undefined, looked: Looked): boolean {
  const { fact, askedAt, answeredAt } = looked;
  const changed = !before || !isSame(before.fact, fact);
  if (changed && isOvertaken(bridge, askedAt)) {
    markDocument(bridge, fact.name);
    return false;
  }
  write(bridge, fact, changed, askedAt);
  if (!changed) return false;
  if (rules.invalidates) bridge.reading.changed = Math.max(bridge.reading.changed, answeredAt);
  if (before && takesCreditBack(before.fact, fact)) settle(bridge, answeredAt);
  if (fact.kind === 'receipt') for (const paid of fact.pays) markDocument(bridge, paid);
  return true;
}

const takesCreditBack = (before: Bearing, after: Bearing): boolean =>
  (isCredit(before) && !isCredit(after)) || (after.submitted && rises(before, after));

/** Records a complete reading as `recordReading` does; answers whether the line must be decided about. */
export function recordAll(bridge: Bridge, rules: Rules, before: ReadonlyMap<string, Stored>, taken: Taken): boolean {
  const { startedAt, open, vanished } = taken;
  const changed = isOvertaken(bridge, startedAt)
    ? []
    : open.filter((fact) => {
        const held = before.get(fact.name);
        return !held || !isSame(held.fact, fact);
      });
  for (const fact of changed) {
    write(bridge, fact, true, startedAt);
    const held = before.get(fact.name);
    if (held && takesCreditBack(held.fact, fact)) settle(bridge, startedAt);
  }
  let isChanged = changed.length > 0;
  for (const looked of vanished) {
    if (recordOne(bridge, rules, bridge.documents.get(looked.fact.name), { ...looked, answeredAt: startedAt }))
      isChanged = true;
  }
  bridge.reading.started = Math.max(bridge.reading.started, startedAt);
  const explained = new Set([...open, ...vanished.map(({ fact }) => fact)].map((fact) => fact.name));
  const isContradicted = [...bridge.documents.values()].some(
    ({ fact, fetchedAt }) => isOpen(fact) && fetchedAt < startedAt && !explained.has(fact.name),
  );
  if (isContradicted && rules.invalidates) bridge.reading.changed = Math.max(bridge.reading.changed, startedAt + 1);
  return isChanged || bridge.awaitsEvidence;
}

/** Stored documents that were open when last seen. */
export const openOf = (bridge: Bridge): readonly string[] =>
  [...bridge.documents.values()].flatMap(({ fact }) => (isOpen(fact) ? [fact.name] : []));

export type Looked = { readonly fact: Bearing; readonly askedAt: number; readonly answeredAt: number };
/** A complete reading, and what became of the documents that were open before and are listed no more. */
export type Taken = {
  readonly startedAt: number;
  readonly open: readonly Bearing[];
  readonly vanished: readonly Looked[];
};

/** The newest reading, unless a document was found changed after it began. */
export const readAtOf = ({ reading: { started, changed } }: Bridge): number | null =>
  started > 0 && started >= changed ? started : null;
