/** A line that a journey has made. `password` is in clear: it is shown once. */
export type AddedLine = { readonly subscriptionId: string; readonly password: string };
/** A customer that a journey has made, with its first line. */
export type Registered = AddedLine & { readonly customerId: string };
