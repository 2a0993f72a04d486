import type { DocType } from '../doctypes/doctype.ts';
import { type Doc, number, type Scalar, text } from '../site/document.ts';
import { invalid } from '../site/frappe-error.ts';
import type { Transaction } from '../site/transaction.ts';
import type { Controller } from './controller.ts';

const floatTypes = new Set(['Currency', 'Float', 'Percent']);
const integerTypes = new Set(['Check', 'Int']);

export const customFieldController: Controller = {
  validate: (tx, doc) => {
    const slug = text(doc, 'label')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_');
    doc.fieldname ??= `custom_${slug}`;
    const meta = tx.site.meta(text(doc, 'dt'));
    if (doc.name === '' && text(doc, 'fieldname') in meta.fields.defaults) {
      throw invalid(`A field with the name ${text(doc, 'fieldname')} already exists in ${meta.name}`);
    }
  },
  afterInsert: addField,
};

function unsetValue(fieldtype: string): Scalar {
  return floatTypes.has(fieldtype) || integerTypes.has(fieldtype) ? 0 : null;
}

function addField(tx: Transaction, doc: Doc): void {
  const meta = tx.site.meta(text(doc, 'dt'));
  const [field, fieldtype] = [text(doc, 'fieldname'), text(doc, 'fieldtype')];
  const added: DocType = {
    ...meta,
    fields: {
      defaults: { ...meta.fields.defaults, [field]: unsetValue(fieldtype) },
      floats: floatTypes.has(fieldtype) ? new Set([...meta.fields.floats, field]) : meta.fields.floats,
    },
    unique: number(doc, 'unique') === 1 ? [...meta.unique, field] : meta.unique,
    allowOnSubmit: number(doc, 'allow_on_submit') === 1 ? [...meta.allowOnSubmit, field] : meta.allowOnSubmit,
    mandatory: number(doc, 'reqd') === 1 ? [...meta.mandatory, field] : meta.mandatory,
  };
  tx.site.replaceMeta(added);
  for (const existing of tx.site.all(meta.name)) existing[field] ??= unsetValue(fieldtype);
}
