import { childTable, doctype } from './doctype.ts';

const account = childTable(
  'Journal Entry Account',
  {
    float: 'balance credit credit_in_account_currency debit debit_in_account_currency exchange_rate=1 party_balance',
    unset: `account account_currency account_type against_account cost_center party party_type project
      reference_due_date reference_name reference_type user_remark`,
    preset: { is_advance: 'No' },
  },
  { account: 'Account' },
);

/** Not recorded: the fields that the documentation of ERPNext 15 names and that matter here. */
export const journalEntry = doctype('Journal Entry', {
  naming: { series: 'ACC-JV-.YYYY.-' },
  submittable: true,
  mandatory: ['accounts'],
  links: { amended_from: 'Journal Entry' },
  tables: { accounts: account },
  fields: {
    float: 'difference total_amount total_credit total_debit',
    int: 'multi_currency is_system_generated',
    unset: `amended_from bill_date bill_no cheque_date cheque_no clearance_date company due_date finance_book
      mode_of_payment pay_to_recd_from posting_date remark title total_amount_currency total_amount_in_words
      user_remark`,
    preset: { is_opening: 'No', naming_series: 'ACC-JV-.YYYY.-', voucher_type: 'Journal Entry' },
  },
});
