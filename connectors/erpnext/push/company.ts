import { z } from 'zod';
import { err, type Result } from '#domain/result.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';
import type { ErpnextClient } from '../client.ts';
import { optionalText, readFields, text } from '../field-shapes.ts';

type Answer<T> = Promise<Result<T, LedgerFailure>>;

const company = z.object({
  name: text,
  default_bank_account: optionalText,
  default_cash_account: optionalText,
  default_receivable_account: optionalText,
  default_payable_account: optionalText,
  cost_center: optionalText,
});
export type Company = z.infer<typeof company>;

const fields = [
  'name',
  'default_bank_account',
  'default_cash_account',
  'default_receivable_account',
  'default_payable_account',
  'cost_center',
] as const;
const preset = z.object({ default_company: text });

/** The company of that name; without one the site's only one, or the one that it takes where nobody names one. */
export async function companyOf(client: ErpnextClient, named: string | null): Answer<Company> {
  const filters = named === null ? [] : [['name', '=', named] as const];
  const list = await client.list('Company', { fields, filters, pageLength: 50 });
  if (!list.ok) return list;
  const [first, ...others] = list.value;
  if (!first)
    return err({ reason: 'rejected', detail: `ERPNext shows the hub no company${named === null ? '' : ` ${named}`}` });
  let row: (typeof list.value)[number] | undefined = first;
  if (others.length > 0) {
    const query = { doctype: 'Global Defaults', fieldname: '["default_company"]' };
    const answer = await client.call('frappe.client.get_value', query);
    if (!answer.ok) return answer;
    const told = preset.safeParse(answer.value);
    row = told.success ? list.value.find(({ name }) => name === told.data.default_company) : undefined;
    if (!row) {
      const detail = 'ERPNext has several companies and no default one: set it in Global Defaults';
      return err({ reason: 'rejected', detail });
    }
  }
  const read = readFields('Company', company, row);
  return read.ok ? read : err({ reason: 'nonsense', detail: read.error });
}
