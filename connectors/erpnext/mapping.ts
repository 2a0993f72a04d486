import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { type PaymentMethod, paymentMethods } from '#domain/accounts.ts';

/** A field name that Frappe accepts. */
const fieldName = z.string().regex(/^[a-z][a-z0-9_]{0,60}$/);

const referenced = z.strictObject({ reference: fieldName });

const modeName = z.string().min(1).max(140).optional();

const mappingShape = z.strictObject({
  Subscription: z.strictObject({
    billing_mode: fieldName,
    due_day: fieldName,
    username: fieldName,
    modem_serial: fieldName,
    reference: fieldName,
  }),
  Customer: referenced,
  'Sales Invoice': referenced,
  'Payment Entry': referenced,
  Issue: referenced,
  'Journal Entry': referenced,
  'Additional Salary': referenced,
  'Employee Checkin': referenced,
  mode_of_payment: z.strictObject(
    Object.fromEntries(paymentMethods.map((method) => [method, modeName])) as Record<PaymentMethod, typeof modeName>,
  ),
});

/** Which custom field of ERPNext holds what: `mappings/erpnext.yaml`. */
export type ErpnextMapping = z.infer<typeof mappingShape>;

const file = new URL('../../mappings/erpnext.yaml', import.meta.url);

/** Throws when the installation's own file is missing or wrong: the hub must not start then. */
export const loadErpnextMapping = (text: string = readFileSync(file, 'utf8')): ErpnextMapping =>
  mappingShape.parse(parse(text));
