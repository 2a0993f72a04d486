import type { Database } from '#db/database.ts';
import { readHeld } from '#inbox/known.ts';
import { type Begun, beginLook, beginReading } from '#inbox/look-up.ts';
import type { Source } from '#inbox/look-up-one.ts';
import { readStored, type Stored } from '#inbox/record.ts';
import type { Clock } from '#platform/clock.ts';
import type { Ledger } from '#ports/ledger/port.ts';

/** What looks at one tenant's documents work with. */
export type Looking = {
  readonly db: Database;
  readonly clock: Clock;
  readonly tenantId: string;
  readonly ledger: Ledger;
};

/** A look that has begun; or for how long the document rests, because it was found unchanged a moment ago. */
export type Prepared =
  | { readonly restMs: number }
  | { readonly restMs: null; readonly held: Stored | undefined; readonly begun: Begun };

/** A document that was found unchanged is not looked at again sooner: ERPNext's daily jobs re-save everything. */
const unchangedRestMs = 5_000;

export const sourceOf = ({ db, tenantId, ledger, clock }: Looking): Source => ({
  ledger,
  clock,
  heldOf: (customer) => db.look(tenantId, (tx) => readHeld(tx, tenantId, customer)),
});

/**
 * Reads what is held of a document and begins to look at it; `hint`: the customer that it may be a bill of, whose reading
 * begins at once.
 */
export async function prepareLook(
  looking: Looking,
  document: { readonly doctype: string; readonly name: string; readonly attempts: number },
  hint: string | null,
): Promise<Prepared> {
  const { db, tenantId, clock } = looking;
  const now = clock();
  const holding = db.look(tenantId, (tx) =>
    Promise.all([
      readStored(tx, tenantId, document.doctype, [document.name]),
      hint === null ? null : readHeld(tx, tenantId, hint),
    ]),
  );
  const source = sourceOf(looking);
  const heldOf: Source['heldOf'] = async (customer) => {
    const [, heldOfHint] = await holding;
    return customer === hint && heldOfHint ? heldOfHint : source.heldOf(customer);
  };
  const early = hint === null ? null : beginReading({ ...source, heldOf }, hint);
  const [stored] = await holding;
  const held = stored.get(document.name);
  const age = held === undefined ? unchangedRestMs : now - held.fetchedAt;
  if (held?.changed === false && document.attempts === 1 && age < unchangedRestMs) {
    return { restMs: unchangedRestMs - age };
  }
  return { restMs: null, held, begun: beginLook(source, document, early) };
}
