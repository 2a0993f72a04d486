/** Who registers, and the request that all that follows from it is told under. */
export type Registering = { readonly tenantId: string; readonly userId: string; readonly correlationId: string };
export type Registered = { readonly customerId: string; readonly subscriptionId: string; readonly password: string };
