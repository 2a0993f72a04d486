import { type Bridge, markDocument, type Rules } from './bridge.ts';
import type { Bearing } from './line.ts';

/** One document that was asked for by itself; times in ms since 1970. */
export type Looked = { readonly fact: Bearing; readonly askedAt: number; readonly answeredAt: number };
/** A complete reading, and what became of the documents that were open before and are listed no more. */
export type Taken = {
  readonly startedAt: number;
  readonly open: readonly Bearing[];
  readonly vanished: readonly Looked[];
};

const settleMs = 300_000;

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

/** A document was found changed: what was read before is no evidence. */
const found = (bridge: Bridge, at: number): void => {
  bridge.reading.changed = Math.max(bridge.reading.changed, at);
};

/** Whether a reading that began later has been recorded: what it kept silent about is settled. */
const isOvertaken = ({ reading }: Bridge, askedAt: number): boolean => reading.started > askedAt;

/**
 * Records one document as `recordDocument` does; answers whether the line must be decided about. A payment's invoices are
 * marked, but for those that were looked at with it (`seen`).
 */
export function recordOne(bridge: Bridge, rules: Rules, looked: Looked, seen: readonly string[] = []): boolean {
  const { fact, askedAt, answeredAt } = looked;
  const before = bridge.documents.get(fact.name);
  const changed = !before || !isSame(before.fact, fact);
  if ((before && before.fetchedAt > askedAt) || (changed && isOvertaken(bridge, askedAt))) {
    markDocument(bridge, fact.name);
    return false;
  }
  write(bridge, fact, changed, askedAt);
  if (!changed) return false;
  if (rules.invalidates) found(bridge, answeredAt);
  if (before && takesCreditBack(before.fact, fact)) settle(bridge, answeredAt);
  if (fact.kind === 'receipt') for (const paid of fact.pays) if (!seen.includes(paid)) markDocument(bridge, paid);
  return true;
}

const takesCreditBack = (before: Bearing, after: Bearing): boolean =>
  (isCredit(before) && !isCredit(after)) || (after.submitted && rises(before, after));

/**
 * Records a complete reading as `recordReading` does; answers whether the line must be decided about. `about`: the listed
 * document that was looked at; a newer reading that was there first leaves it to be looked at again.
 */
export function recordAll(bridge: Bridge, rules: Rules, taken: Taken, about?: string): boolean {
  const { startedAt, open, vanished } = taken;
  const changed = isOvertaken(bridge, startedAt)
    ? []
    : open.filter((fact) => {
        const held = bridge.documents.get(fact.name);
        return !held || !isSame(held.fact, fact);
      });
  for (const fact of changed) {
    const held = bridge.documents.get(fact.name);
    if (held && takesCreditBack(held.fact, fact)) settle(bridge, startedAt);
    write(bridge, fact, true, startedAt);
  }
  const seen = open.find(({ name }) => name === about);
  if (seen && isOvertaken(bridge, startedAt)) markDocument(bridge, seen.name);
  else if (seen && !changed.includes(seen)) write(bridge, seen, false, startedAt);
  let isChanged = changed.length > 0;
  for (const looked of vanished) {
    if (!recordOne(bridge, rules, { ...looked, answeredAt: startedAt })) continue;
    isChanged = true;
    if (rules.doubts && isOvertaken(bridge, startedAt)) found(bridge, looked.answeredAt);
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
