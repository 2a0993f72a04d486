import { z } from '@hono/zod-openapi';
import { filledText } from '#platform/stored-text.ts';

const fields = {
  /** A payout above it is approved by another person than who made it; 0: every one. */
  approval_limit: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  /** The expense account of ERPNext that commission is booked on, by its name with or without the company's mark. */
  erp_account: filledText(140),
  /** What ERPNext's payroll calls commission, of a reseller who is an employee there. */
  salary_component: filledText(140),
};

export const Commissions = z
  .object({
    approval_limit: fields.approval_limit.default(5_000_000),
    erp_account: fields.erp_account.default('Commission on Sales'),
    salary_component: fields.salary_component.default('Commission'),
  })
  .openapi('CommissionSettings', {
    example: { approval_limit: 5_000_000, erp_account: 'Commission on Sales', salary_component: 'Commission' },
  });

/** What may be changed of it; what is not named stays. */
export const CommissionsChange = z
  .strictObject(fields)
  .partial()
  .openapi('CommissionSettingsChange', { example: { approval_limit: 2_000_000 } });
