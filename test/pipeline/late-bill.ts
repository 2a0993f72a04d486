import type { Invoice } from '#domain/facts.ts';
import type { TestLine } from './test-hub.ts';

/** A line's bill in ERPNext, due on 20 November 2026 and unpaid. */
export const lateBill = (line: TestLine, over: Partial<Invoice> = {}): Invoice => ({
  kind: 'invoice',
  name: `INV-${line.customer}`,
  customer: line.customer,
  subscription: line.customer,
  submitted: true,
  isReturn: false,
  returnAgainst: null,
  dueDate: '2026-11-20',
  total: 150_000n,
  outstanding: 150_000n,
  terms: [{ dueDate: '2026-11-20', amount: 150_000n }],
  items: ['FIBER'],
  ...over,
});
