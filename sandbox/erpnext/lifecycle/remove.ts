import { rows } from '../site/document.ts';
import { invalid } from '../site/frappe-error.ts';
import { touch } from '../site/touch.ts';
import type { Transaction } from '../site/transaction.ts';
import { controllerOf } from './controllers.ts';
import { linkExists, repoint, usesOfCustomer } from './links.ts';
import { insertDocument } from './save.ts';

/** Deletes a draft or a document without docstatus; `Deleted Document` keeps a trace of it. */
export function deleteDocument(tx: Transaction, doctype: string, name: string): void {
  const doc = tx.site.get(doctype, name);
  if (doc.docstatus === 1) throw invalid(`Submitted Record cannot be deleted: ${doctype} ${name}`);
  if (doc.docstatus === 2) throw linkExists(doctype, name, 'GL Entry');
  controllerOf(doctype).onTrash?.(tx, doc);
  tx.site.remove(doctype, name);
  tx.note('on_trash', doc);
  tx.note('on_change', doc);
  insertDocument(tx, 'Deleted Document', { deleted_doctype: doctype, deleted_name: name, data: JSON.stringify(doc) });
}

/** The event shows the new name only; what names the customer is re-pointed without a word. */
export function renameCustomer(tx: Transaction, oldName: string, newName: string): string {
  const customer = tx.site.get('Customer', oldName);
  if (tx.site.find('Customer', newName)) throw invalid(`Another Customer with name ${newName} exists`);
  for (const user of usesOfCustomer(tx.site, oldName)) repoint(user, newName);
  for (const entry of tx.site.all('Journal Entry')) {
    for (const row of rows(entry, 'accounts')) if (row.party === oldName) row.party = newName;
  }
  tx.site.remove('Customer', oldName);
  customer.name = newName;
  tx.site.put(customer);
  touch(tx, customer);
  tx.note('on_change', customer);
  return newName;
}
