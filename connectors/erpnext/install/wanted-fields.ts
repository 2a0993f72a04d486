import type { Fields } from '../client.ts';
import type { ErpnextMapping } from '../mapping.ts';

/** A custom field of ERPNext as the hub wants it. */
export type WantedField = {
  readonly doctype: string;
  readonly fieldname: string;
  readonly label: string;
  readonly fieldtype: 'Data' | 'Int' | 'Select';
  readonly isUnique: boolean;
  /** What more it is made with. */
  readonly more: Fields;
};

const field = (
  doctype: string,
  fieldname: string,
  label: string,
  over: Partial<Pick<WantedField, 'fieldtype' | 'isUnique' | 'more'>> = {},
): WantedField => ({ doctype, fieldname, label, fieldtype: 'Data', isUnique: false, more: {}, ...over });

/** By it a document is found again whose answer was lost; a copy is another document. */
const reference = (doctype: string, fieldname: string): WantedField =>
  field(doctype, fieldname, 'Jembatan Reference', { isUnique: true, more: { no_copy: 1, read_only: 1 } });

/** Doctypes of HR and its payroll (frappe/hrms), which not every site has. */
const ofHr = ['Additional Salary', 'Employee Checkin'] as const;
export const payrollDoctypes: ReadonlySet<string> = new Set(ofHr);

/** All custom fields, by the names of the mapping. */
export function wantedFields(mapping: ErpnextMapping): readonly WantedField[] {
  const { billing_mode, due_day, username, modem_serial, reference: own } = mapping.Subscription;
  const choices = { fieldtype: 'Select', more: { options: '\nprepaid\npostpaid' } } as const;
  const referenced = ['Customer', 'Sales Invoice', 'Payment Entry', 'Journal Entry', 'Issue', ...ofHr] as const;
  return [
    field('Subscription', billing_mode, 'Billing Mode', choices),
    field('Subscription', due_day, 'Due Day', { fieldtype: 'Int' }),
    field('Subscription', username, 'PPPoE Username', { isUnique: true, more: { no_copy: 1, read_only: 1 } }),
    field('Subscription', modem_serial, 'Modem Serial', { more: { no_copy: 1 } }),
    reference('Subscription', own),
    ...referenced.map((doctype) => reference(doctype, mapping[doctype].reference)),
  ];
}
