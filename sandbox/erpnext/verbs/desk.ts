import { deleteDocument } from '../lifecycle/remove.ts';
import { insertDocument, updateDocument } from '../lifecycle/save.ts';
import { type Doc, type Input, text } from '../site/document.ts';
import type { Site } from '../site/site.ts';

/** The person at the desk: webhooks name it as `modified_by`. */
export const deskUser = 'admin@isp.local';

/** What a person can do with any document, each as one request. */
export type Desk = {
  /** Answers the new document's name. */
  insert(doctype: string, input: Input): string;
  update(doctype: string, name: string, input: Input): void;
  submit(doctype: string, name: string): void;
  cancel(doctype: string, name: string): void;
  /** Deletes. */
  remove(doctype: string, name: string): void;
  /** A copy of the document as it is now, child tables included. */
  get(doctype: string, name: string): Doc;
  /** Inserts and submits as two requests, as people do. */
  insertAndSubmit(doctype: string, input: Input): string;
};

export function openDesk(site: Site): Desk {
  const desk: Desk = {
    insert: (doctype, input) => {
      const doc = site.transact(deskUser, (tx) => insertDocument(tx, doctype, input));
      return text(doc, 'name');
    },
    update: (doctype, name, input) => void site.transact(deskUser, (tx) => updateDocument(tx, doctype, name, input)),
    submit: (doctype, name) => desk.update(doctype, name, { docstatus: 1 }),
    cancel: (doctype, name) => desk.update(doctype, name, { docstatus: 2 }),
    remove: (doctype, name) => site.transact(deskUser, (tx) => deleteDocument(tx, doctype, name)),
    get: (doctype, name) => structuredClone(site.get(doctype, name)),
    insertAndSubmit: (doctype, input) => {
      const name = desk.insert(doctype, input);
      desk.submit(doctype, name);
      return name;
    },
  };
  return desk;
}
