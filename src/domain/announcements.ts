import type { AccessState } from '#domain/access.ts';

/** A customer as other systems are told of it (spec X12). */
export type AnnouncedCustomer = { readonly id: string; readonly customer_code: string; readonly name: string };

/** A plan as other systems are told of it; the price in the currency's minor unit in common use. */
export type AnnouncedPlan = { readonly id: string; readonly name: string; readonly price: number };

/** What the hub tells other systems by signed webhooks, and what each says. */
export type Announced = {
  readonly 'customer.created': AnnouncedCustomer;
  readonly 'customer.updated': AnnouncedCustomer;
  readonly 'customer.deleted': AnnouncedCustomer;
  readonly 'subscription.state_changed': {
    readonly id: string;
    readonly username: string;
    readonly state: AccessState;
    /** Null: it is new. */
    readonly was: AccessState | null;
    readonly reason: string;
  };
  readonly 'brake.engaged': {
    readonly id: string;
    readonly since: string;
    readonly lines: number;
    /** Why it holds, where the count of lines does not say so, or why a release was stopped. */
    readonly note: string | null;
  };
  /** It leaves Disconnects and CoAs unanswered. */
  readonly 'router.silent': { readonly id: string; readonly name: string; readonly since: string };
  readonly 'router.heard': { readonly id: string; readonly name: string };
  readonly 'ledger.away': { readonly since: string; readonly detail: string };
  readonly 'ledger.back': { readonly since: string; readonly until: string };
  readonly 'stock.away': { readonly since: string; readonly detail: string };
  readonly 'stock.back': { readonly since: string; readonly until: string };
  readonly 'plan.created': AnnouncedPlan;
  readonly 'plan.updated': AnnouncedPlan;
  readonly 'plan.deleted': AnnouncedPlan;
  readonly ping: { readonly text: string };
};
export type AnnouncedType = keyof Announced;

export const announcedTypes = [
  'customer.created',
  'customer.updated',
  'customer.deleted',
  'subscription.state_changed',
  'brake.engaged',
  'router.silent',
  'router.heard',
  'ledger.away',
  'ledger.back',
  'stock.away',
  'stock.back',
  'plan.created',
  'plan.updated',
  'plan.deleted',
  'ping',
] as const satisfies readonly AnnouncedType[];

/** One thing that happened. */
export type Announcement = {
  readonly [T in AnnouncedType]: { readonly type: T; readonly data: Announced[T] };
}[AnnouncedType];
