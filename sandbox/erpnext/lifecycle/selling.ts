import { type Doc, rows, text } from '../site/document.ts';
import { newRow } from '../site/new-document.ts';
import type { Transaction } from '../site/transaction.ts';
import type { Controller } from './controller.ts';
import { linkExists, usesOfCustomer } from './links.ts';

export const customerController: Controller = {
  onTrash: (tx, doc) => {
    const use = usesOfCustomer(tx.site, text(doc, 'name'))[0];
    if (use) throw linkExists('Customer', text(doc, 'name'), `${text(use, 'doctype')} ${text(use, 'name')}`);
  },
};

export const itemController: Controller = {
  validate: (_tx, doc) => {
    doc.item_name ??= text(doc, 'item_code');
    doc.description ??= text(doc, 'item_name');
  },
  afterInsert: addItemRows,
};

/** ERPNext gives each new item its unit and the company's warehouse. */
function addItemRows(tx: Transaction, doc: Doc): void {
  const { tables } = tx.site.meta('Item');
  const { company, abbreviation } = tx.site.settings;
  const birth = { user: tx.user, at: tx.stamp() };
  const given: Readonly<Record<string, object>> = {
    uoms: { uom: text(doc, 'stock_uom') },
    item_defaults: { company, default_warehouse: `Stores - ${abbreviation}` },
  };
  for (const [table, values] of Object.entries(given)) {
    const meta = tables[table];
    if (meta && rows(doc, table).length === 0) {
      doc[table] = [newRow(meta, { parent: doc, table, idx: 1 }, { ...values }, birth)];
    }
  }
}
