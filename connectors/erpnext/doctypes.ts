/** The doctypes that decide: the hub cannot do without any of them. */
export const deciding: readonly string[] = [
  'Sales Invoice',
  'Payment Entry',
  'Subscription',
  'Customer',
  'Subscription Plan',
];

/** The doctypes that the hub has a use for; anything else that ERPNext tells is kept, shown and ignored (spec B2). */
export const doctypes: ReadonlySet<string> = new Set([...deciding, 'Journal Entry']);
