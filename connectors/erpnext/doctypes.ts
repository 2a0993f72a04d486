/** The doctypes that the hub has a use for; anything else that ERPNext tells is kept, shown and ignored (spec B2). */
export const doctypes: ReadonlySet<string> = new Set([
  'Sales Invoice',
  'Payment Entry',
  'Subscription',
  'Customer',
  'Subscription Plan',
]);
