import { err, ok, type Result } from '#domain/result.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';
import type { ErpnextClient, Fields } from '../client.ts';

type Answer<T> = Promise<Result<T, LedgerFailure>>;

/** A document that is to be in ERPNext once. */
export type Push = {
  readonly doctype: string;
  /** The unique custom field, and the hub's id that stands in it. */
  readonly field: string;
  readonly hubRef: string;
  /** As it is inserted: a draft where the doctype is submittable. */
  readonly document: () => Answer<Fields>;
  /** What is set when it is submitted, worked out from how things are then; null: the doctype has no drafts. */
  readonly submitting: (() => Answer<Fields>) | null;
  /** Where the one that is there already is not what was asked for: how it differs. */
  readonly differs: (found: Fields) => string | null;
};

/** Others change what it hangs on meanwhile (a bill is paid by somebody else): so often it is worked out anew. */
const submitTries = 3;

/** The name of the document that carries the reference; null: none does. */
async function named(client: ErpnextClient, { doctype, field, hubRef }: Push): Answer<string | null> {
  const list = await client.list(doctype, { fields: ['name'], filters: [[field, '=', hubRef]], pageLength: 2 });
  if (!list.ok) return list;
  const [first, second] = list.value.map(({ name }) => name);
  if (second !== undefined)
    return err({ reason: 'rejected', detail: `${doctype}: two carry ${hubRef}: is ${field} unique?` });
  return ok(typeof first === 'string' && first !== '' ? first : null);
}

async function whole(client: ErpnextClient, { doctype }: Push, name: string): Answer<Fields> {
  const document = await client.document(doctype, name);
  if (!document.ok) return document;
  if (document.value !== null) return ok(document.value);
  return err({ reason: 'unreachable', detail: `${doctype} ${name} went away while it was pushed` });
}

/** Inserts it, and answers its name; whoever was faster under the same reference has made it. */
async function insert(client: ErpnextClient, push: Push): Answer<string> {
  const document = await push.document();
  if (!document.ok) return document;
  const inserted = await client.create(push.doctype, { ...document.value, [push.field]: push.hubRef });
  if (!inserted.ok) return inserted;
  if (inserted.value !== 'duplicate' && typeof inserted.value.name === 'string') return ok(inserted.value.name);
  const there = await named(client, push);
  if (!there.ok) return there;
  if (there.value !== null) return ok(there.value);
  return err({
    reason: 'rejected',
    detail: `ERPNext took no second ${push.doctype} of that name, nor one of ${push.hubRef}`,
  });
}

/**
 * Submits the draft in the version that was looked at, and looks again. What ERPNext refuses is worked out anew while that
 * gives something else than before; a version that was overtaken is the next attempt's to look at.
 */
async function submit(client: ErpnextClient, push: Push, draft: Fields, name: string): Answer<string> {
  let before: string | null = null;
  let refusal: LedgerFailure = { reason: 'unreachable', detail: `${push.doctype} ${name} could not be submitted` };
  for (let tries = 0; tries < submitTries; tries += 1) {
    const changes = push.submitting === null ? ok({}) : await push.submitting();
    if (!changes.ok) return changes;
    const told = JSON.stringify(changes.value);
    if (told === before) return err(refusal);
    before = told;
    const submitted = await client.update(push.doctype, name, {
      ...changes.value,
      docstatus: 1,
      modified: draft.modified,
    });
    if (submitted.ok) {
      const after = await whole(client, push, name);
      if (!after.ok) return after;
      if (after.value.docstatus === '1') return ok(name);
      return err({ reason: 'unreachable', detail: `${push.doctype} ${name} is no longer as it was submitted` });
    }
    if (submitted.error.reason !== 'rejected') return submitted;
    refusal = submitted.error;
  }
  return err(refusal);
}

/**
 * Makes a document in ERPNext once: it is looked for by the hub's reference, inserted as a draft, submitted in a second step
 * and looked at again. Wherever it ends in between, whoever begins again goes on from there (REL-19). One that a person has
 * cancelled there stays cancelled: it was pushed. A site without the field refuses the first look, so that nothing is
 * inserted that could not be found again.
 */
export async function pushDocument(client: ErpnextClient, push: Push): Answer<string> {
  const before = await named(client, push);
  if (!before.ok) return before;
  const name = before.value === null ? await insert(client, push) : ok(before.value);
  if (!name.ok) return name;
  const found = await whole(client, push, name.value);
  if (!found.ok) return found;
  const difference = push.differs(found.value);
  if (difference !== null) {
    return err({
      reason: 'rejected',
      detail: `${push.doctype} ${name.value} carries ${push.hubRef}, but ${difference}`,
    });
  }
  if (push.submitting === null || found.value.docstatus !== '0') return name;
  return submit(client, push, found.value, name.value);
}
