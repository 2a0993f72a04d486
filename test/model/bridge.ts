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
  /** What an overtaken reading found settled makes the newer reading, which does not know of it, worthless as well. */
  readonly doubts: boolean;
};

export const allRules: Rules = { fenced: true, fetches: true, invalidates: true, doubts: true };

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

/** The newest reading, unless a document was found changed after it began. */
export const readAtOf = ({ reading: { started, changed } }: Bridge): number | null =>
  started > 0 && started >= changed ? started : null;
