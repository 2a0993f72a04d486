import { childTable, doctype } from './doctype.ts';

const planDetail = childTable(
  'Subscription Plan Detail',
  { unset: 'plan', preset: { qty: 1 } },
  { plan: 'Subscription Plan' },
);

export const subscription = doctype('Subscription', {
  naming: { series: 'ACC-SUB-.YYYY.-' },
  mandatory: ['party_type', 'party', 'plans'],
  tables: { plans: planDetail },
  fields: {
    float: 'additional_discount_amount additional_discount_percentage',
    int: 'cancel_at_period_end days_until_due follow_calendar_months generate_new_invoices_past_due_date number_of_days',
    unset: `cancelation_date company cost_center current_invoice_end current_invoice_start end_date party party_type
      purchase_tax_template sales_tax_template start_date trial_period_end trial_period_start`,
    blank: 'apply_additional_discount',
    preset: {
      generate_invoice_at: 'Beginning of the current subscription period',
      status: 'Active',
      submit_invoice: 1,
    },
  },
});

export const subscriptionPlan = doctype('Subscription Plan', {
  naming: { field: 'plan_name' },
  mandatory: ['plan_name', 'item', 'price_determination', 'billing_interval'],
  links: { item: 'Item' },
  fields: {
    float: 'cost',
    unset: 'cost_center currency item payment_gateway plan_name price_determination price_list product_price_id',
    preset: { billing_interval: 'Month', billing_interval_count: 1 },
  },
});
