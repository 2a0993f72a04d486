import { type Decision, decideAccess } from '#decide/access.ts';
import type { AccessState } from '#domain/access.ts';
import { cutTime } from '#domain/billing-period.ts';
import type { Invoice, Receipt } from '#domain/facts.ts';
import { noLimits } from '#domain/limits.ts';
import type { LinePolicy } from '#domain/line.ts';
import { instantAt } from '#domain/local-time.ts';
import { alwaysOpen } from '#domain/no-cut.ts';

/** A document that a debt is made of. */
export type Bearing = Invoice | Receipt;

const zone = 'Asia/Jakarta';
const policy: LinePolicy = { zone, graceDays: 0, evidenceMaxAgeMs: 60_000, noCut: alwaysOpen, noticeHours: 0 };

/** One bill falls due while a run lasts; the other is overdue from the moment on that it is written. */
export const dueDates: Readonly<Record<string, string>> = { 'INV-1': '2026-11-20', 'INV-2': '2026-10-20' };
/** A minute before the first bill's cut time. */
export const start = instantAt('2026-11-21', 0, 0, zone);
const cuts = Object.values(dueDates).map((date) => cutTime('postpaid', date, policy.graceDays, zone));

/** What the hub holds when it decides about the model's one line. Times in ms since 1970. */
export type Held = {
  readonly documents: readonly Bearing[];
  readonly present: AccessState | null;
  readonly readAt: number | null;
  readonly settlesAt: number | null;
};

const decideReally = ({ documents, present, readAt, settlesAt }: Held, now: number): Decision =>
  decideAccess(
    {
      tenantId: '11111111-0000-4000-8000-000000000000',
      subscriptionId: 'line',
      planKey: 'home',
      billingMode: 'postpaid',
      mac: null,
      reply: [],
      installed: true,
      limits: noLimits,
      activatedBefore: true,
      hold: null,
      terminated: false,
      present,
      lines: [{ subscriptionId: 'line', ledgerSubscription: 'SUB-1', item: 'FIBER' }],
      ledger: {
        invoices: documents.filter((document) => document.kind === 'invoice'),
        receipts: documents.filter((document) => document.kind === 'receipt'),
        readAt,
        settlesAt,
      },
      promise: null,
      notices: new Map(),
      isReachable: true,
    },
    policy,
    now,
  );

const keys = new WeakMap<Bearing, string>();

function documentKey(fact: Bearing): string {
  const known = keys.get(fact);
  if (known !== undefined) return known;
  const rest = fact.kind === 'invoice' ? `${fact.outstanding} ${fact.returnAgainst}` : `${fact.unallocated}`;
  const key = `${fact.name} ${fact.submitted} ${rest};`;
  keys.set(fact, key);
  return key;
}

/** Equal for holdings that must be decided alike: time matters only by the moments that lie behind it. */
function keyOf({ documents, present, readAt, settlesAt }: Held, now: number): string {
  const passed = cuts.reduce((count, cut) => (cut <= now ? count + 1 : count), 0);
  const fresh = readAt !== null && readAt <= now && now - readAt <= policy.evidenceMaxAgeMs;
  const settling = settlesAt !== null && settlesAt > now;
  return `${documents.map(documentKey).sort().join('')}${present} ${passed} ${fresh} ${settling}`;
}

/** What the model needs of a decision; `lookAgainAt` in ms since 1970. */
export type Verdict = {
  readonly state: AccessState;
  readonly group: string;
  readonly needsEvidence: boolean;
  readonly lookAgainAt: number | null;
};

type Remembered = Omit<Verdict, 'lookAgainAt'> & { readonly lookAgainAt: number | 'settled' | null };
const remembered = new Map<string, Remembered>();
let calls = 0;

function summarise({ desired, needsEvidence, lookAgainAt }: Decision, { settlesAt }: Held): Remembered {
  const again = lookAgainAt !== null && lookAgainAt === settlesAt ? 'settled' : lookAgainAt;
  return { state: desired.state, group: desired.group, needsEvidence, lookAgainAt: again };
}

/**
 * The hub's own `decideAccess`. Its answers are remembered, because calendars are slow and a hundred thousand runs ask
 * the same few hundred questions; each thousandth is asked again all the same, and a different answer throws.
 */
export function decide(held: Held, now: number): Verdict {
  const key = keyOf(held, now);
  calls += 1;
  let known = remembered.get(key);
  if (!known || calls % 1_000 === 0) {
    const real = summarise(decideReally(held, now), held);
    if (known && JSON.stringify(known) !== JSON.stringify(real)) throw new Error(`two answers to one question: ${key}`);
    known = real;
    remembered.set(key, real);
  }
  return { ...known, lookAgainAt: known.lookAgainAt === 'settled' ? held.settlesAt : known.lookAgainAt };
}
