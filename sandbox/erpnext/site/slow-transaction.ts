import { type Doc, text } from './document.ts';
import type { Change, Site } from './site.ts';
import { runTransaction } from './transaction.ts';

/** A transaction whose work is done, stamped with its time, and that nobody sees before `commit`. */
export type SlowTransaction = { readonly site: Site; commit(): void };

/**
 * The site as one database transaction sees it: what it writes stays with it until it commits, as with MariaDB under a
 * Frappe request. `modified` is stamped when the work is done, so whoever commits late brings an old stamp into sight.
 * Numbers of a series and the clock are everybody's, as they are there. Nothing is locked: two that change one document
 * overwrite each other. Deletion is not played.
 */
export function slowTransaction(site: Site, publish: (changes: readonly Change[]) => void): SlowTransaction {
  const written = new Map<string, Doc>();
  const changes: Change[] = [];
  const keyOf = (doctype: string, name: string): string => `${doctype} ${name}`;
  const find = (doctype: string, name: string): Doc | undefined => {
    const own = written.get(keyOf(doctype, name));
    if (own) return own;
    const shown = site.find(doctype, name);
    if (!shown) return undefined;
    const copy = structuredClone(shown);
    written.set(keyOf(doctype, name), copy);
    return copy;
  };
  const inside: Site = {
    ...site,
    find,
    get: (doctype, name) => find(doctype, name) ?? site.get(doctype, name),
    put: (doc) => void written.set(keyOf(text(doc, 'doctype'), text(doc, 'name')), doc),
    transact: (user, work) => {
      const done = runTransaction(inside, user, work);
      changes.push(...done.changes);
      return done.answer;
    },
  };
  const isChanged = (doc: Doc): boolean =>
    site.find(text(doc, 'doctype'), text(doc, 'name'))?.modified !== doc.modified;
  return {
    site: inside,
    commit: () => {
      for (const doc of written.values()) if (isChanged(doc)) site.put(doc);
      publish(changes);
    },
  };
}
