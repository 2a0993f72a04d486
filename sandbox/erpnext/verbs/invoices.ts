import { draftCreditNote } from '../accounts/drafts.ts';
import type { Input } from '../site/document.ts';
import type { Site } from '../site/site.ts';
import { type Desk, deskUser } from './desk.ts';

/** `amount` in the site's currency as a decimal number (150000 rupiah); dates `YYYY-MM-DD`. */
export type NewInvoice = {
  readonly customer: string;
  readonly item: string;
  readonly amount: number;
  readonly due_date: string;
  readonly subscription?: string;
  /** Today, or the due date when that lies in the past: ERPNext takes no due date before the posting date. */
  readonly posting_date?: string;
  /** True by default; false leaves a draft. */
  readonly submit?: boolean;
  /** Insert and submit in one request, whose `on_submit` body is stale. */
  readonly onePost?: boolean;
  /** Several due dates; their amounts sum to `amount`. */
  readonly terms?: readonly { readonly due_date: string; readonly amount: number }[];
};

export type InvoiceVerbs = {
  createInvoice(wanted: NewInvoice): string;
  cancelInvoice(name: string): void;
  /**
   * A credit note over the whole invoice. It stands for itself, and the original keeps its debt, unless
   * `settleOriginal` is true.
   */
  creditNote(invoice: string, options?: { readonly settleOriginal?: boolean }): string;
};

export const invoiceVerbs = (site: Site, desk: Desk): InvoiceVerbs => ({
  createInvoice: (wanted) => {
    const input = invoiceInput(site, wanted);
    if (wanted.submit === false) return desk.insert('Sales Invoice', input);
    if (wanted.onePost) return desk.insert('Sales Invoice', { ...input, docstatus: 1 });
    return desk.insertAndSubmit('Sales Invoice', input);
  },
  cancelInvoice: (name) => desk.cancel('Sales Invoice', name),
  creditNote: (invoice, options) =>
    desk.insertAndSubmit('Sales Invoice', {
      ...draftCreditNote(site, deskUser, invoice),
      update_outstanding_for_self: options?.settleOriginal ? 0 : 1,
    }),
});

function invoiceInput(site: Site, wanted: NewInvoice): Input {
  const today = site.clock.today();
  const postingDate = wanted.posting_date ?? earlier(wanted.due_date, today);
  return {
    customer: wanted.customer,
    subscription: wanted.subscription ?? null,
    ...(postingDate === today ? {} : { set_posting_time: 1, posting_date: postingDate }),
    due_date: wanted.due_date,
    items: [{ item_code: wanted.item, qty: 1, rate: wanted.amount }],
    payment_schedule: (wanted.terms ?? []).map((term) => ({ due_date: term.due_date, payment_amount: term.amount })),
  };
}

const earlier = (a: string, b: string): string => (a < b ? a : b);
