import { childTable, doctype } from './doctype.ts';

const item = childTable(
  'Sales Invoice Item',
  {
    float: `actual_batch_qty actual_qty amount base_amount base_net_amount base_net_rate base_price_list_rate base_rate
      base_rate_with_margin company_total_stock conversion_factor=1 delivered_qty discount_amount discount_percentage
      distributed_discount_amount incoming_rate margin_rate_or_amount net_amount net_rate price_list_rate qty rate
      rate_with_margin stock_qty stock_uom_rate total_weight weight_per_unit`,
    int: `allow_zero_valuation_rate delivered_by_supplier enable_deferred_revenue has_item_scanned is_fixed_asset
      is_free_item page_break use_serial_batch_fields`,
    unset: `asset barcode batch_no brand customer_item_code deferred_revenue_account delivery_note discount_account
      dn_detail finance_book item_tax_template pos_invoice pos_invoice_item pricing_rules project purchase_order
      purchase_order_item quality_inspection sales_invoice_item sales_order serial_and_batch_bundle serial_no
      service_end_date service_start_date service_stop_date so_detail target_warehouse weight_uom item_code item_name
      description cost_center expense_account income_account warehouse`,
    blank: 'image margin_type',
    preset: { grant_commission: 1, item_group: 'Services', item_tax_rate: '{}', stock_uom: 'Nos', uom: 'Nos' },
  },
  { item_code: 'Item' },
);

const paymentSchedule = childTable('Payment Schedule', {
  float: `base_outstanding base_paid_amount base_payment_amount discount discounted_amount invoice_portion outstanding
    paid_amount payment_amount`,
  int: 'credit_days credit_months discount_validity',
  unset: `description discount_date discount_type discount_validity_based_on due_date due_date_based_on
    mode_of_payment payment_term`,
});

export const salesInvoice = doctype('Sales Invoice', {
  naming: { series: 'ACC-SINV-.YYYY.-' },
  submittable: true,
  mandatory: ['customer'],
  links: { subscription: 'Subscription', return_against: 'Sales Invoice', amended_from: 'Sales Invoice' },
  allowOnSubmit: ['remarks', 'po_no', 'letter_head', 'group_same_items', 'from_date', 'to_date', 'subscription'],
  tables: { items: item, payment_schedule: paymentSchedule },
  emptyTables: 'advances packed_items payments pricing_rules sales_team taxes timesheets',
  fields: {
    float: `additional_discount_percentage amount_eligible_for_commission base_change_amount base_discount_amount
      base_grand_total base_net_total base_paid_amount base_rounded_total base_rounding_adjustment base_total
      base_total_taxes_and_charges base_write_off_amount change_amount commission_rate conversion_rate=1
      discount_amount grand_total loyalty_amount net_total outstanding_amount paid_amount plc_conversion_rate=1
      rounded_total rounding_adjustment total total_advance total_billing_amount total_billing_hours total_commission
      total_net_weight total_qty total_taxes_and_charges write_off_amount`,
    int: `allocate_advances_automatically disable_rounded_total group_same_items ignore_default_payment_terms_template
      ignore_pricing_rule is_cash_or_non_trade_discount is_consolidated is_debit_note is_discounted
      is_internal_customer is_pos is_return loyalty_points only_include_allocated_payments redeem_loyalty_points
      set_posting_time update_billed_amount_in_sales_order update_stock use_company_roundoff_cost_center
      write_off_outstanding_amount_automatically`,
    unset: `account_for_change_amount additional_discount_account address_display amended_from auto_repeat campaign
      cash_bank_account company_address company_address_display company_contact_person company_tax_id cost_center
      customer customer_address customer_group customer_name contact_display contact_mobile contact_person
      against_income_account base_in_words currency debit_to dispatch_address dispatch_address_name due_date from_date
      in_words incoterm inter_company_invoice_reference last_scanned_warehouse letter_head loyalty_program
      loyalty_redemption_account loyalty_redemption_cost_center named_place other_charges_calculation
      party_account_currency payment_terms_template po_date pos_profile posting_date posting_time price_list_currency
      project represents_company return_against sales_partner scan_barcode select_print_heading set_target_warehouse
      set_warehouse shipping_address shipping_address_name shipping_rule source subscription tax_id
      taxes_and_charges tc_name terms territory title to_date unrealized_profit_loss_account write_off_account
      write_off_cost_center company`,
    blank: 'contact_email po_no tax_category',
    preset: {
      apply_discount_on: 'Grand Total',
      is_opening: 'No',
      language: 'en',
      naming_series: 'ACC-SINV-.YYYY.-',
      remarks: 'No Remarks',
      selling_price_list: 'Standard Selling',
      status: 'Draft',
      update_billed_amount_in_delivery_note: 1,
      update_outstanding_for_self: 1,
    },
  },
});
