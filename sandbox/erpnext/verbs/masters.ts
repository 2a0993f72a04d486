import { cancelSubscription } from '../accounts/subscription.ts';
import { renameCustomer } from '../lifecycle/remove.ts';
import type { Input } from '../site/document.ts';
import type { Site } from '../site/site.ts';
import { type Desk, deskUser } from './desk.ts';

export type NewSubscription = {
  readonly party: string;
  readonly plans: readonly string[];
  /** `YYYY-MM-DD`; today when missing. */
  readonly start_date?: string;
  readonly jembatan_billing_mode?: 'prepaid' | 'postpaid' | '';
  readonly jembatan_due_day?: number;
  readonly jembatan_username?: string;
} & Input;

export type MasterVerbs = {
  createCustomer(input: { readonly customer_name: string; readonly mobile_no?: string } & Input): string;
  createItem(input: { readonly item_code: string } & Input): string;
  /** `cost` in the site's currency, per month. */
  createPlan(input: { readonly name: string; readonly item: string; readonly cost: number } & Input): string;
  createSubscription(input: NewSubscription): string;
  cancelSubscription(name: string): void;
  renameCustomer(from: string, to: string): void;
};

export const masterVerbs = (site: Site, desk: Desk): MasterVerbs => ({
  createCustomer: (input) => desk.insert('Customer', input),
  createItem: (input) => desk.insert('Item', { item_group: 'Services', is_stock_item: 0, ...input }),
  createPlan: ({ name, ...more }) =>
    desk.insert('Subscription Plan', {
      plan_name: name,
      currency: site.settings.currency,
      price_determination: 'Fixed Rate',
      ...more,
    }),
  createSubscription: ({ plans, ...more }) =>
    desk.insert('Subscription', { party_type: 'Customer', plans: plans.map((plan) => ({ plan, qty: 1 })), ...more }),
  cancelSubscription: (name) => site.transact(deskUser, (tx) => cancelSubscription(tx, name)),
  renameCustomer: (from, to) => void site.transact(deskUser, (tx) => renameCustomer(tx, from, to)),
});
