import type { AccessState } from '#domain/access.ts';
import type { LedgerFacts, LinePolicy } from '#domain/line.ts';

/** Whether the ledger was read so recently that a cut may rest on it (spec B3). */
export const isFresh = (ledger: LedgerFacts, policy: Pick<LinePolicy, 'evidenceMaxAgeMs'>, now: number): boolean =>
  ledger.readAt === 'now' ||
  (ledger.readAt !== null && now - ledger.readAt <= policy.evidenceMaxAgeMs && ledger.readAt <= now);

/** States in which a line is online, or may be: taking it from there is a cut. */
export const isServed = (present: AccessState | null): boolean => present === 'active' || present === null;
