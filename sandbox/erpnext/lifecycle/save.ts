import type { DocType } from '../doctypes/doctype.ts';
import { type Doc, type Input, number, rows, text } from '../site/document.ts';
import { invalid } from '../site/frappe-error.ts';
import { nameFor } from '../site/naming.ts';
import { applyInput, blankDocument, hashName } from '../site/new-document.ts';
import { settle, touch, touchWithRows } from '../site/touch.ts';
import type { Transaction } from '../site/transaction.ts';
import { checkDocument, checkNameIsFree } from './checks.ts';
import { controllerOf } from './controllers.ts';

const wantedDocstatus = (input: Input, current: number): number =>
  input.docstatus === undefined ? current : Number(input.docstatus);

/**
 * Creates a document; with `docstatus: 1` it is submitted in the same request, and then the webhooks' bodies come from
 * an instance that does not know the outcome (Sales Invoice: Draft, outstanding 0.0).
 */
export function insertDocument(tx: Transaction, doctype: string, input: Input): Doc {
  const meta = tx.site.meta(doctype);
  const birth = { user: tx.user, at: tx.stamp() };
  const doc = blankDocument(meta, birth);
  const docstatus = wantedDocstatus(input, 0);
  if (docstatus === 2 || (docstatus === 1 && !meta.submittable)) {
    throw invalid(`Cannot change docstatus from 0 to ${docstatus}`, 'DocstatusTransitionError');
  }
  applyInput(meta, doc, input, birth);
  doc.docstatus = docstatus;
  const controller = controllerOf(doctype);
  controller.validate?.(tx, doc);
  checkDocument(tx.site, meta, doc);
  doc.name = nameFor(tx.site, meta, doc, input);
  checkNameIsFree(tx.site, doctype, doc.name);
  nameRows(meta, doc);
  tx.site.put(doc);
  controller.afterInsert?.(tx, doc);
  tellInsert(tx, doc, docstatus === 1 ? (controller.staleInstance?.(doc) ?? doc) : doc);
  if (docstatus === 1) controller.onSubmit?.(tx, doc);
  return doc;
}

function tellInsert(tx: Transaction, doc: Doc, instance: Doc): void {
  tx.note('after_insert', instance);
  tx.note('on_update', instance);
  if (doc.docstatus !== 1) return;
  if (instance === doc) tx.note('on_submit', doc);
  else tellStale(tx, doc, instance);
}

/** The truth comes first, from an instance read afresh; what the outdated one says of the submit comes after it. */
function tellStale(tx: Transaction, doc: Doc, instance: Doc): void {
  settle(doc);
  touch(tx, doc);
  tx.note('on_change', doc);
  tx.noteLate('on_submit', instance);
}

function nameRows(meta: DocType, doc: Doc): void {
  for (const table of Object.keys(meta.tables)) {
    for (const row of rows(doc, table)) {
      row.name = hashName();
      row.parent = text(doc, 'name');
      row.docstatus = number(doc, 'docstatus');
    }
  }
}

/**
 * Saves changes (merged into what is there), submits (`docstatus: 1`) or cancels (`docstatus: 2`). A `modified` in the
 * input is the lock: another one in the document is TimestampMismatchError.
 */
export function updateDocument(tx: Transaction, doctype: string, name: string, input: Input): Doc {
  const doc = tx.site.get(doctype, name);
  if (typeof input.modified === 'string' && input.modified !== doc.modified) {
    throw invalid('Document has been modified after you have opened it', 'TimestampMismatchError');
  }
  if (doc.docstatus === 2) throw invalid('Cannot edit cancelled document');
  const [from, to] = [number(doc, 'docstatus'), wantedDocstatus(input, number(doc, 'docstatus'))];
  if (from === 0 && to === 0) return saveDraft(tx, doc, input);
  if (from === 0 && to === 1) return submit(tx, doc, input);
  if (from === 1 && to === 1) return updateSubmitted(tx, doc, input);
  if (from === 1 && to === 2) return cancel(tx, doc);
  throw invalid(`Cannot change docstatus from ${from} to ${to}`, 'DocstatusTransitionError');
}

/** The changed copy, checked; only then does it take the document's place, so that a refusal leaves no trace. */
function checkedChange(tx: Transaction, doc: Doc, input: Input, docstatus: number): Doc {
  const meta = tx.site.meta(text(doc, 'doctype'));
  const changed = structuredClone(doc);
  applyInput(meta, changed, input, { user: tx.user, at: tx.stamp() });
  changed.docstatus = docstatus;
  controllerOf(meta.name).validate?.(tx, changed);
  checkDocument(tx.site, meta, changed);
  touchWithRows(tx, changed);
  return Object.assign(doc, changed);
}

function saveDraft(tx: Transaction, doc: Doc, input: Input): Doc {
  checkedChange(tx, doc, input, 0);
  tx.note('on_update', doc);
  tx.note('on_change', doc);
  return doc;
}

function submit(tx: Transaction, doc: Doc, input: Input): Doc {
  if (!tx.site.meta(text(doc, 'doctype')).submittable) {
    throw invalid('Cannot change docstatus from 0 to 1', 'DocstatusTransitionError');
  }
  checkedChange(tx, doc, input, 1);
  controllerOf(text(doc, 'doctype')).onSubmit?.(tx, doc);
  for (const event of ['on_update', 'on_submit', 'on_change'] as const) tx.note(event, doc);
  return doc;
}

/** Only `on_change` tells it: Frappe 15's `on_update_after_submit` webhook never fires. */
function updateSubmitted(tx: Transaction, doc: Doc, input: Input): Doc {
  const meta = tx.site.meta(text(doc, 'doctype'));
  const frozen = Object.keys(input).find(
    (field) =>
      field in meta.fields.defaults && !meta.allowOnSubmit.includes(field) && input[field] !== (doc[field] ?? null),
  );
  if (frozen !== undefined) {
    throw invalid(`Not allowed to change ${frozen} after submission`, 'UpdateAfterSubmitError');
  }
  const tables = new Set(Object.keys(meta.tables));
  const birth = { user: tx.user, at: tx.stamp() };
  applyInput(meta, doc, Object.fromEntries(Object.entries(input).filter(([field]) => !tables.has(field))), birth);
  touchWithRows(tx, doc);
  tx.note('on_change', doc);
  return doc;
}

function cancel(tx: Transaction, doc: Doc): Doc {
  doc.docstatus = 2;
  touchWithRows(tx, doc);
  controllerOf(text(doc, 'doctype')).onCancel?.(tx, doc);
  tx.note('on_cancel', doc);
  tx.note('on_change', doc);
  return doc;
}
