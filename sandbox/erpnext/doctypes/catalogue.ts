import {
  account,
  additionalSalary,
  company,
  customField,
  deletedDocument,
  employeeCheckin,
  issue,
  modeOfPayment,
  supplier,
  user,
  webhook,
} from './core.ts';
import type { DocType } from './doctype.ts';
import { journalEntry } from './journal-entry.ts';
import { paymentEntry } from './payment-entry.ts';
import { salesInvoice } from './sales-invoice.ts';
import { customer, item } from './selling.ts';
import { subscription, subscriptionPlan } from './subscription.ts';

/** Every doctype that the stand-in plays. */
export const catalogue: readonly DocType[] = [
  customer,
  item,
  subscriptionPlan,
  subscription,
  salesInvoice,
  paymentEntry,
  journalEntry,
  company,
  account,
  supplier,
  modeOfPayment,
  user,
  issue,
  customField,
  webhook,
  deletedDocument,
];

/** What a site has with frappe/hrms beside them. */
export const payroll: readonly DocType[] = [additionalSalary, employeeCheckin];
