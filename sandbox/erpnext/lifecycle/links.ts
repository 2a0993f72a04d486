import { type Doc, text } from '../site/document.ts';
import { type FrappeError, invalid } from '../site/frappe-error.ts';
import type { Site } from '../site/site.ts';

/** The field, per doctype, that names a customer. */
const customerFields: Readonly<Record<string, string>> = {
  'Sales Invoice': 'customer',
  'Payment Entry': 'party',
  Subscription: 'party',
};

export const usesOfCustomer = (site: Site, customer: string): Doc[] =>
  Object.entries(customerFields).flatMap(([doctype, field]) =>
    [...site.all(doctype)].filter((doc) => doc[field] === customer),
  );

export function repoint(doc: Doc, customer: string): void {
  const field = customerFields[text(doc, 'doctype')];
  if (field) doc[field] = customer;
}

export const linkExists = (doctype: string, name: string, by: string): FrappeError =>
  invalid(`Cannot delete or cancel because ${doctype} ${name} is linked with ${by}`, 'LinkExistsError');
