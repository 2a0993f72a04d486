import { err, ok } from '#domain/result.ts';
import type { LedgerPush } from '#ports/ledger/push/port.ts';
import { sameName } from '../client.ts';
import { companyOf } from './company.ts';
import { pushDocument } from './push-document.ts';
import type { Pusher } from './pusher.ts';

/** A complaint, as one Issue. */
export const createIssue =
  ({ client, mapping }: Pusher): LedgerPush['createIssue'] =>
  ({ hubRef, customer, subject, description }) =>
    pushDocument(client, {
      doctype: 'Issue',
      field: mapping.Issue.reference,
      hubRef,
      document: async () => ok({ subject, customer, description }),
      submitting: null,
      differs: (found) => (sameName(found.customer, customer) ? null : `is of ${String(found.customer)}`),
    });

/** Commission or incentive, as one Additional Salary beside what the salary's structure says. */
export const createSalary =
  ({ client, mapping, amount, minor }: Pusher): LedgerPush['createSalary'] =>
  ({ hubRef, employee, component, amount: asked, payrollDate }) =>
    pushDocument(client, {
      doctype: 'Additional Salary',
      field: mapping['Additional Salary'].reference,
      hubRef,
      document: async () => {
        const company = await companyOf(client, null);
        if (!company.ok) return company;
        const { name } = company.value;
        const currency = await client.document('Company', name);
        if (!currency.ok) return currency;
        if (currency.value === null) return err({ reason: 'unreachable', detail: `Company ${name} went away` });
        return ok({
          employee,
          salary_component: component,
          company: name,
          amount: amount(asked),
          currency: currency.value.default_currency,
          payroll_date: payrollDate,
          // By default it would take the place of what the structure says.
          overwrite_salary_structure_amount: 0,
        });
      },
      submitting: async () => ok({}),
      differs: (found) =>
        sameName(found.employee, employee) && minor(found.amount) === asked ? null : 'is of another amount or employee',
    });

const logTypes = { in: 'IN', out: 'OUT' } as const;

/**
 * That an employee came or went, as one Employee Checkin (frappe/hrms), from which HR makes attendance by its own shifts.
 * Two of one kind in one second are refused there: the second is no news.
 */
export const recordCheckIn =
  ({ client, mapping }: Pusher): LedgerPush['recordCheckIn'] =>
  ({ hubRef, employee, kind, at, latitude, longitude, place }) =>
    pushDocument(client, {
      doctype: 'Employee Checkin',
      field: mapping['Employee Checkin'].reference,
      hubRef,
      document: async () =>
        ok({
          employee,
          log_type: logTypes[kind],
          time: at,
          latitude,
          longitude,
          ...(place !== '' && { device_id: place }),
        }),
      submitting: null,
      differs: (found) =>
        sameName(found.employee, employee) && found.log_type === logTypes[kind]
          ? null
          : 'is of another employee or kind',
    });
