import type { Database } from '#db/database.ts';
import { ClaimLost, claimOf } from '#db/idempotency.ts';
import type { Result } from '#domain/result.ts';
import { type DepositPayment, type DepositPaymentForm, NotCovered } from '#features/deposits/verbs.ts';
import { createBatcher } from '#platform/batch.ts';
import { demand, demandReseller, type Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import { Refusal } from '#platform/refusal.ts';
import type { Asked } from './deposit-payments/asked.ts';
import { payTogether } from './deposit-payments/pay-together.ts';

type Deps = { readonly db: Database; readonly clock: Clock };
/** A payment, a refusal, or what else went wrong with it. */
type Answer = Result<DepositPayment, unknown>;

/** Of one reseller as many wait at most; of a tenant's three transactions one commits while the others are prepared. */
const limits = { waiting: 10_000, perFlush: 40, inFlight: 3 };

/** Those of different customers and under different keys, in the order of asking; the others come after them. */
function* rounds(all: readonly Asked[]): Generator<readonly Asked[]> {
  for (let left = all; left.length > 0; ) {
    const taken = new Set<string>();
    const isFirst = ({ form, idemKey }: Asked): boolean => {
      const names = [`customer ${form.customer_id}`, `key ${idemKey}`];
      const free = names.every((name) => !taken.has(name));
      if (free) for (const name of names) taken.add(name);
      return free;
    };
    const now = left.filter(isFirst);
    yield now;
    left = left.filter((one) => !now.includes(one));
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null);
const constraintOf = (error: unknown): unknown =>
  error instanceof Error && 'constraint' in error ? error.constraint : null;

/** One of several is at fault, and not the way to the database: each is tried by itself. */
const isOfOne = (error: unknown): boolean =>
  error instanceof Refusal ||
  error instanceof NotCovered ||
  error instanceof ClaimLost ||
  /^2[23]/.test(String(codeOf(error)));

/** The key is that of a payment that no deposit made, or that another process makes just now for another customer. */
const told = (error: unknown): unknown =>
  constraintOf(error) === 'payments_once' ? new Refusal('CONFLICT', 'Another payment was made under this key.') : error;

/** The payments of one tenant's resellers: those that arrive together are booked together, each reseller in its turn. */
function createTill({ db, clock }: Deps, tenantId: string) {
  async function round(some: readonly Asked[]): Promise<readonly Answer[]> {
    try {
      return await db.worker(tenantId, (tx) => payTogether(tx, tenantId, clock(), some));
    } catch (error) {
      if (some.length === 1 || !isOfOne(error)) return some.map(() => ({ ok: false, error: told(error) }));
      const answers: Answer[] = [];
      for (const one of some) answers.push(...(await round([one])));
      return answers;
    }
  }
  async function flush(all: readonly Asked[]): Promise<readonly Answer[]> {
    const answers = new Map<Asked, Answer>();
    for (const some of rounds(all)) {
      const told = await round(some);
      for (const [i, one] of some.entries()) answers.set(one, told[i] as Answer);
    }
    return all.map((one) => answers.get(one) as Answer);
  }
  return createBatcher(
    flush,
    () => false,
    ({ resellerId }) => resellerId,
    limits,
  );
}

/**
 * Pays a customer's bills out of its reseller's deposit (spec S1, S2): payment, bills, books, the customer's lines and the
 * deposit are one transaction, which payments that arrive together share (ADR 47). What is paid already, more than is
 * open, and what the deposit does not cover are refused, each by itself, and nothing is spent.
 */
export function createPayFromDeposit(deps: Deps) {
  const tills = new Map<string, ReturnType<typeof createTill>>();
  const tillOf = (tenantId: string): ReturnType<typeof createTill> => {
    const known = tills.get(tenantId);
    if (known) return known;
    const made = createTill(deps, tenantId);
    tills.set(tenantId, made);
    return made;
  };
  return async (who: Who, form: DepositPaymentForm, idemKey: string): Promise<DepositPayment> => {
    demand(who.caller, 'own_sales:write');
    const { tenantId } = who;
    const resellerId = demandReseller(who);
    const answer = await tillOf(tenantId)({ who, resellerId, form, idemKey, claim: claimOf(tenantId) });
    if (answer.ok) return answer.value;
    throw answer.error;
  };
}
