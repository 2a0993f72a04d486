import { type Doc, number, rows, text } from './document.ts';
import type { Transaction } from './transaction.ts';

/** Sets `modified` of the document alone, as Frappe's `db_set` does. */
export function touch(tx: Transaction, doc: Doc): void {
  doc.modified = tx.stamp();
  doc.modified_by = tx.user;
}

/** A save moves the child rows' `modified` and `docstatus` with the parent's. */
export function touchWithRows(tx: Transaction, doc: Doc): void {
  touch(tx, doc);
  for (const table of Object.keys(tx.site.meta(text(doc, 'doctype')).tables)) {
    for (const row of rows(doc, table)) {
      row.modified = text(doc, 'modified');
      row.modified_by = tx.user;
      row.docstatus = number(doc, 'docstatus');
    }
  }
}

/**
 * Brings a just saved document into the form in which the database gives it back: no `__unsaved` marks, and a time
 * without its leading zero. Until then webhooks show the fresh form, which is why both occur for one document.
 */
export function settle(doc: Doc): void {
  for (const field in doc) for (const row of rows(doc, field)) delete row.__unsaved;
  if (typeof doc.posting_time === 'string') doc.posting_time = doc.posting_time.replace(/^0(\d:)/, '$1');
}
