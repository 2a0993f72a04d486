import { err, ok, type Result } from '#domain/result.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';
import type { LedgerPush, NewLedgerJournal } from '#ports/ledger/push/port.ts';
import type { ErpnextClient, Fields } from '../client.ts';
import { journalDoctype } from '../journal.ts';
import { type Company, companyOf } from './company.ts';
import { paidToOf } from './paid-to.ts';
import { pushDocument } from './push-document.ts';
import type { Pusher } from './pusher.ts';

type Answer<T> = Promise<Result<T, LedgerFailure>>;

/** The company's account of that name; people know it without the company's mark (`Commission on Sales - FI`). */
export async function accountOf(client: ErpnextClient, { name: company }: Company, named: string): Answer<string> {
  for (const field of ['account_name', 'name']) {
    const filters = [['company', '=', company] as const, ['is_group', '=', 0] as const, [field, '=', named] as const];
    const list = await client.list('Account', { fields: ['name'], filters, pageLength: 1 });
    if (!list.ok) return list;
    const found = list.value[0]?.name;
    if (typeof found === 'string' && found !== '') return ok(found);
  }
  const detail = `${company} has no account ${named} in ERPNext: make it, or name another (settings, commissions.erp_account)`;
  return err({ reason: 'rejected', detail });
}

type Ways = { readonly expense: string; readonly from: string; readonly company: Company };

/**
 * An expense that was paid. Of a supplier it goes over its account, where its ledger shows what it earned and was paid;
 * ERPNext asks for a party on such an account, and for a cost centre on an expense.
 */
function rowsOf(
  { expense, from, company }: Ways,
  supplier: string | null,
  amount: number,
): Result<readonly Fields[], LedgerFailure> {
  const debit = { debit_in_account_currency: amount };
  const credit = { credit_in_account_currency: amount };
  const { name, default_payable_account: payable, cost_center } = company;
  const cost = { account: expense, ...(cost_center === null ? {} : { cost_center }), ...debit };
  const paid = { account: from, ...credit };
  if (supplier === null) return ok([cost, paid]);
  if (payable === null) {
    const detail = `${name} has no default payable account in ERPNext: ${supplier} cannot be paid`;
    return err({ reason: 'rejected', detail });
  }
  const owed = { account: payable, party_type: 'Supplier', party: supplier };
  return ok([cost, { ...owed, ...credit }, { ...owed, ...debit }, paid]);
}

const total = (amount: bigint, supplier: string | null): bigint => (supplier === null ? amount : 2n * amount);

const differs =
  ({ minor }: Pusher, { amount, supplier }: NewLedgerJournal) =>
  ({ total_debit: there }: Fields): string | null =>
    minor(there) === total(amount, supplier) ? null : `is over ${String(there)}, not ${total(amount, supplier)}`;

/** A payout of commission, as one Journal Entry. */
export const createJournal =
  (pusher: Pusher): LedgerPush['createJournal'] =>
  (journal) => {
    const { client, mapping, amount } = pusher;
    const { hubRef, supplier, account, method, paidOn, remark } = journal;
    return pushDocument(client, {
      doctype: journalDoctype,
      field: mapping[journalDoctype].reference,
      hubRef,
      document: async () => {
        const company = await companyOf(client, null);
        if (!company.ok) return company;
        const expense = await accountOf(client, company.value, account);
        if (!expense.ok) return expense;
        const from = await paidToOf(client, mapping.mode_of_payment, method, company.value);
        if (!from.ok) return from;
        const ways = { expense: expense.value, from: from.value.account, company: company.value };
        const accounts = rowsOf(ways, supplier, amount(journal.amount));
        if (!accounts.ok) return accounts;
        return ok({
          voucher_type: 'Journal Entry',
          company: company.value.name,
          posting_date: paidOn,
          user_remark: remark,
          accounts: accounts.value,
        });
      },
      submitting: async () => ok({}),
      differs: differs(pusher, journal),
    });
  };
