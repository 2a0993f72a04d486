import { catalogue, payroll } from '../doctypes/catalogue.ts';
import type { DocType } from '../doctypes/doctype.ts';
import type { Doc } from './document.ts';
import { crashed, notFound } from './frappe-error.ts';
import { type SiteClock, siteClock } from './site-clock.ts';
import { type SlowTransaction, slowTransaction } from './slow-transaction.ts';
import { settle } from './touch.ts';
import { runTransaction, type Transaction, type WebhookEvent } from './transaction.ts';

export type SiteSettings = {
  readonly timeZone: string;
  readonly company: string;
  /** The suffix of the company's accounts: `Debtors - FI`. */
  readonly abbreviation: string;
  readonly currency: string;
  readonly now: () => Date;
  /** Whether frappe/hrms is installed. */
  readonly hasPayroll: boolean;
  /** Settings that are one document each, by doctype: `System Settings`, `Global Defaults`, `Subscription Settings`. */
  readonly singles: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
};

/** What a committed transaction did to one document; `doc` is live and must be read at once. */
export type Change = {
  readonly event: WebhookEvent;
  readonly doctype: string;
  readonly name: string;
  readonly doc: Doc;
  /** True for the stale body that ERPNext sends after the right one. */
  readonly late: boolean;
};

/** One ERPNext site, in memory. */
export type Site = {
  readonly settings: SiteSettings;
  readonly clock: SiteClock;
  /** Throws ImportError (500) for a doctype that the site does not have. */
  meta(doctype: string): DocType;
  replaceMeta(meta: DocType): void;
  find(doctype: string, name: string): Doc | undefined;
  /** Throws DoesNotExistError (404). */
  get(doctype: string, name: string): Doc;
  all(doctype: string): Iterable<Doc>;
  put(doc: Doc): void;
  remove(doctype: string, name: string): void;
  /** The next number of a series, from 1: a gap is never filled. */
  nextNumber(series: string): number;
  transact<T>(user: string, work: (tx: Transaction) => T): T;
  /** Begins a transaction that takes its time: see `slowTransaction`. */
  begin(): SlowTransaction;
  /** The listener is called after each commit, in order of the changes. */
  onCommit(listener: (changes: readonly Change[]) => void): void;
};

export function createSite(settings: SiteSettings): Site {
  const metas = new Map([...catalogue, ...(settings.hasPayroll ? payroll : [])].map((meta) => [meta.name, meta]));
  const documents = new Map<string, Map<string, Doc>>();
  const counters = new Map<string, number>();
  const listeners: ((changes: readonly Change[]) => void)[] = [];
  const tableOf = (doctype: string): Map<string, Doc> => {
    const table = documents.get(doctype) ?? new Map<string, Doc>();
    documents.set(doctype, table);
    return table;
  };
  const publish = (changes: readonly Change[]): void => {
    for (const listener of listeners) listener(changes);
    for (const change of changes) settle(change.doc);
  };
  const site: Site = {
    settings,
    clock: siteClock(settings.timeZone, settings.now),
    meta: (doctype) => {
      const meta = metas.get(doctype);
      if (!meta) throw crashed('ImportError', `No module named for DocType ${doctype}`);
      return meta;
    },
    replaceMeta: (meta) => void metas.set(meta.name, meta),
    find: (doctype, name) => documents.get(doctype)?.get(name),
    get: (doctype, name) => {
      const doc = site.find(site.meta(doctype).name, name);
      if (!doc) throw notFound(doctype, name);
      return doc;
    },
    all: (doctype) => tableOf(doctype).values(),
    put: (doc) => void tableOf(String(doc.doctype)).set(String(doc.name), doc),
    remove: (doctype, name) => void tableOf(doctype).delete(name),
    nextNumber: (series) => {
      const number = (counters.get(series) ?? 0) + 1;
      counters.set(series, number);
      return number;
    },
    transact: (user, work) => {
      const { answer, changes } = runTransaction(site, user, work);
      publish(changes);
      return answer;
    },
    begin: () => slowTransaction(site, publish),
    onCommit: (listener) => void listeners.push(listener),
  };
  return site;
}
