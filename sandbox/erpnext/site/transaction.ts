import { type Doc, text } from './document.ts';
import type { Change, Site } from './site.ts';

/** Frappe's webhook events. `on_update_after_submit` can be registered too, and never fires. */
export type WebhookEvent = 'after_insert' | 'on_update' | 'on_submit' | 'on_cancel' | 'on_trash' | 'on_change';

/** One request's work on the site. A refusal must come before the first change: nothing is rolled back here. */
export type Transaction = {
  readonly site: Site;
  readonly user: string;
  stamp(): string;
  /** A webhook event of this document; told once per (event, document), with the document's state at commit. */
  note(event: WebhookEvent, doc: Doc): void;
  /** The event of an outdated instance: its delivery is held back, so that it comes after the truth. */
  noteLate(event: WebhookEvent, instance: Doc): void;
};

export function runTransaction<T>(
  site: Site,
  user: string,
  work: (tx: Transaction) => T,
): { answer: T; changes: readonly Change[] } {
  const changes = new Map<string, Change>();
  const add = (event: WebhookEvent, doc: Doc, late: boolean): void => {
    const [doctype, name] = [text(doc, 'doctype'), text(doc, 'name')];
    changes.set(`${event} ${doctype} ${name}`, { event, doctype, name, doc, late });
  };
  const answer = work({
    site,
    user,
    stamp: () => site.clock.stamp(),
    note: (event, doc) => add(event, doc, false),
    noteLate: (event, instance) => add(event, instance, true),
  });
  return { answer, changes: [...changes.values()] };
}
