import { randomUUID } from 'node:crypto';
import type { Tx } from '#db/database.ts';
import { takeNumber } from '#db/take-number.ts';
import { type CodeParts, codeInSeries, codeSeries, defaultCustomerFormat } from '#domain/code-format.ts';
import { insertCustomer, nationalIdColumns } from '#features/customers/verbs.ts';
import { Refusal } from '#platform/refusal.ts';
import type { TenantContext } from './tenant-context.ts';

export type CustomerDetails = {
  readonly name: string;
  readonly phone: string;
  readonly address: string;
  readonly email: string | null;
  readonly notes: string;
  readonly erpCustomer: string | null;
  /** NIK, in clear. */
  readonly nationalId: string | null;
  readonly position: { readonly latitude: number; readonly longitude: number } | null;
  readonly resellerId: string | null;
};

/** What is not known of a customer who came from elsewhere. */
export const noDetails = { notes: '', nationalId: null, position: null, resellerId: null } as const;

/** What a format may name of a customer behind `routerName`. */
export const codeParts = ({ settings, today }: TenantContext, routerName: string | null): CodeParts => ({
  location: settings.code_formats.location,
  router: routerName,
  date: today,
});

/** Codes that stand already, of customers who were imported perhaps, are passed over at most so many at a time. */
const attemptsMax = 10_000;

/** Adds a customer under the next free code of the tenant's format (spec C7). */
export async function addCustomer(
  tx: Tx,
  context: TenantContext,
  details: CustomerDetails,
  routerName: string | null,
): Promise<{ readonly id: string; readonly code: string }> {
  const series = codeSeries(context.settings.code_formats.customer, codeParts(context, routerName));
  const format = series.ok ? series.value : defaultCustomerFormat;
  const id = randomUUID();
  const values = { ...details, id, nationalId: nationalIdColumns(context.vault, id, details.nationalId) };
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const code = codeInSeries(format, await takeNumber(tx, context.tenantId, `customer_code ${format}`));
    const inserted = await insertCustomer(tx, context.tenantId, { ...values, code });
    if (inserted === 'erp_customer_taken') {
      const message = `${details.erpCustomer} of ERPNext is a customer here already.`;
      throw new Refusal('DUPLICATE_ENTRY', message, { field: 'erp_customer' });
    }
    if (inserted !== 'code_taken') return { id, code };
  }
  throw new Refusal('CONFLICT', `No code of ${format} is free.`);
}
