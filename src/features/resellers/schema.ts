import { z } from '@hono/zod-openapi';
import { accessStates } from '#domain/access.ts';
import { Amount, PageQuery, pageOf } from '#platform/routing.ts';
import { filledText, storedText } from '#platform/stored-text.ts';

const fields = {
  name: filledText(100).trim().openapi({ example: 'Warung Bu Tini' }),
  phone: storedText(30).openapi({ example: '+62 812 3456 7890' }),
  email: z.string().trim().max(254).pipe(z.email()).nullable().openapi({ example: 'tini@warung.example' }),
  address: storedText(500).openapi({ example: 'Jl. Melati 5, Cikampek' }),
  notes: storedText(2_000),
  is_active: z.boolean().openapi({ description: 'False: its users and keys are let in nowhere; its customers stay' }),
  erp_supplier: filledText(140)
    .nullable()
    .openapi({ description: 'The Supplier of ERPNext that its commission is paid to, by journal entry' }),
  erp_employee: filledText(140)
    .nullable()
    .openapi({ description: 'The Employee of ERPNext, where its commission is paid as additional salary instead' }),
};

export const NewReseller = z
  .object({
    ...fields,
    phone: fields.phone.default(''),
    email: fields.email.default(null),
    address: fields.address.default(''),
    notes: fields.notes.default(''),
    is_active: fields.is_active.default(true),
    erp_supplier: fields.erp_supplier.default(null),
    erp_employee: fields.erp_employee.default(null),
  })
  .openapi('NewReseller', { example: { name: 'Warung Bu Tini', phone: '+62 812 3456 7890' } });
export type NewReseller = z.infer<typeof NewReseller>;

export const ResellerChange = z
  .object(fields)
  .partial()
  .openapi('ResellerChange', { example: { is_active: false } });
export type ResellerChange = z.infer<typeof ResellerChange>;

export const Reseller = z
  .object({ id: z.uuid(), ...fields, created_at: z.iso.datetime(), updated_at: z.iso.datetime() })
  .openapi('Reseller');
export type Reseller = z.infer<typeof Reseller>;

const Listed = Reseller.extend({ customers: z.number().int().openapi({ example: 42 }) }).openapi('ListedReseller');
export type Listed = z.infer<typeof Listed>;
export const ResellerPage = pageOf(Listed);

export const ResellerQuery = PageQuery.extend({
  is_active: z.enum(['true', 'false', 'all']).default('true'),
  sort: z.enum(['name', '-name', 'created_at', '-created_at']).default('name'),
});
export type ResellerQuery = z.infer<typeof ResellerQuery>;

export const ResellerStatistics = z
  .object({
    customers: z.number().int(),
    by_status: z.record(z.enum(accessStates), z.number().int()),
    users: z.number().int().openapi({ description: 'Who may log in for it' }),
    keys: z.number().int().openapi({ description: 'API keys that are not revoked' }),
  })
  .openapi('ResellerStatistics', {
    example: {
      customers: 42,
      by_status: { pending: 1, active: 38, isolated: 3, suspended: 0, terminated: 0 },
      users: 2,
      keys: 0,
    },
  });
export type ResellerStatistics = z.infer<typeof ResellerStatistics>;

const price = Amount.nullable();

/** So many plans at most; a tenant has some dozens. */
const plansMax = 500;

export const ResellerPlansChange = z
  .object({
    plans: z
      .array(
        z.object({
          service_plan_id: z.uuid(),
          price: price.default(null).openapi({ description: 'A month; null: what the plan costs' }),
        }),
      )
      .max(plansMax),
  })
  .openapi('ResellerPlansChange', {
    example: { plans: [{ service_plan_id: '0f8fad5b-d9cb-469f-a165-70867728950e', price: 175_000 }] },
  });
export type ResellerPlansChange = z.infer<typeof ResellerPlansChange>;

export const ResellerPlans = z
  .object({
    sells_all: z
      .boolean()
      .openapi({ description: 'No plan is listed: it sells all that are on sale, at their own price' }),
    plans: z.array(
      z.object({
        service_plan_id: z.uuid(),
        name: z.string(),
        plan_price: z.number().int(),
        price: price.openapi({ description: "Its own price a month; null: the plan's" }),
      }),
    ),
  })
  .openapi('ResellerPlans');
export type ResellerPlans = z.infer<typeof ResellerPlans>;
