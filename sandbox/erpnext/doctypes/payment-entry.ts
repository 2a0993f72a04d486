import { childTable, doctype } from './doctype.ts';

const reference = childTable('Payment Entry Reference', {
  float: `allocated_amount exchange_gain_loss exchange_rate=1 outstanding_amount payment_request_outstanding
    payment_term_outstanding total_amount`,
  unset: `account account_type advance_voucher_no advance_voucher_type bill_no due_date payment_request payment_term
    payment_type reconcile_effect_on reference_doctype reference_name`,
});

export const paymentEntry = doctype('Payment Entry', {
  naming: { series: 'ACC-PAY-.YYYY.-' },
  submittable: true,
  mandatory: ['payment_type', 'party_type', 'party', 'paid_to', 'paid_amount', 'received_amount'],
  links: { amended_from: 'Payment Entry' },
  allowOnSubmit: ['letter_head', 'remarks'],
  tables: { references: reference },
  emptyTables: 'deductions taxes',
  fields: {
    float: `base_paid_amount base_paid_amount_after_tax base_received_amount base_received_amount_after_tax
      base_total_allocated_amount base_total_taxes_and_charges difference_amount paid_amount paid_amount_after_tax
      paid_from_account_balance paid_to_account_balance party_balance received_amount received_amount_after_tax
      source_exchange_rate=1 target_exchange_rate=1 total_allocated_amount total_taxes_and_charges
      unallocated_amount`,
    int: `apply_tax_withholding_amount book_advance_payments_in_separate_party_account custom_remarks
      reconcile_on_advance_payment_date`,
    unset: `amended_from auto_repeat bank bank_account bank_account_no base_in_words clearance_date company
      contact_person cost_center in_words letter_head mode_of_payment paid_from paid_from_account_currency paid_to
      paid_to_account_currency party party_bank_account party_name party_type payment_order payment_type
      posting_date print_heading project purchase_taxes_and_charges_template reference_date reference_no remarks
      sales_taxes_and_charges_template tax_withholding_category title`,
    blank: 'contact_email',
    preset: {
      is_opening: 'No',
      naming_series: 'ACC-PAY-.YYYY.-',
      paid_from_account_type: 'Receivable',
      paid_to_account_type: 'Cash',
      payment_order_status: 'Initiated',
      status: 'Draft',
    },
  },
});
