import type { Language } from '#domain/reason.ts';

/**
 * What people are written about, and what may be put into the text (spec M1). `company` is known in each. A
 * `transactional` message goes to whoever opted out too: it answers something that the person did, or must be told of.
 */
const events = {
  registration: { placeholders: ['name', 'customer_code', 'plan'], transactional: false },
  password_reset: { placeholders: ['name', 'link', 'minutes'], transactional: true },
  payment_overdue: { placeholders: ['name', 'amount', 'due_date', 'invoice'], transactional: false },
  reminder: { placeholders: ['name', 'amount', 'due_date', 'invoice', 'days'], transactional: false },
  // The condition of a cut: whoever opted out of messages is warned all the same.
  cut_notice: { placeholders: ['name', 'amount', 'due_date', 'invoice', 'hours'], transactional: true },
  receipt: { placeholders: ['name', 'amount', 'date', 'invoice'], transactional: true },
  isolated: { placeholders: ['name', 'customer_code', 'reason'], transactional: false },
  restored: { placeholders: ['name', 'customer_code'], transactional: false },
  ticket_created: { placeholders: ['name', 'ticket', 'subject'], transactional: false },
  boost_approved: { placeholders: ['name', 'plan', 'until'], transactional: false },
  device_offline: { placeholders: ['device', 'since'], transactional: false },
  brake_engaged: { placeholders: ['lines', 'note'], transactional: true },
  ledger_away: { placeholders: ['since', 'detail'], transactional: true },
  ledger_back: { placeholders: ['since', 'until'], transactional: true },
  stock_away: { placeholders: ['since', 'detail'], transactional: true },
  stock_back: { placeholders: ['since', 'until'], transactional: true },
  push_refused: { placeholders: ['what', 'detail'], transactional: true },
  charge_problem: { placeholders: ['charge', 'gateway', 'customer', 'amount', 'problem'], transactional: true },
  low_stock: { placeholders: ['item', 'place', 'quantity', 'minimum'], transactional: true },
  deposit_low: { placeholders: ['name', 'balance', 'amount'], transactional: true },
  deposit_topped_up: { placeholders: ['name', 'balance', 'amount'], transactional: true },
  reseller_request: { placeholders: ['reseller', 'kind', 'text'], transactional: true },
  reseller_answer: { placeholders: ['kind', 'text'], transactional: true },
  webhook_disabled: { placeholders: ['url', 'reason'], transactional: true },
  test: { placeholders: [], transactional: true },
} as const satisfies Record<string, { readonly placeholders: readonly string[]; readonly transactional: boolean }>;

export type MessageEvent = keyof typeof events;
export const messageEvents = Object.keys(events) as readonly MessageEvent[];

/** What an event's template is filled with, by placeholder. */
export type MessageValues<E extends MessageEvent> = Readonly<
  Record<(typeof events)[E]['placeholders'][number], string>
>;

/** Of everything that is sent, what a tenant may reword or turn off. */
export const messageLanguages = ['id', 'en'] as const satisfies readonly Language[];

export const placeholdersOf = (event: MessageEvent): readonly string[] => ['company', ...events[event].placeholders];

export const isTransactional = (event: MessageEvent): boolean => events[event].transactional;
