import { z } from '@hono/zod-openapi';
import { accessStates } from '#domain/access.ts';
import { PageQuery } from '#platform/routing.ts';
import { filledText, storedText } from '#platform/stored-text.ts';

const fields = {
  name: filledText(200).openapi({ example: 'Budi Santoso' }),
  phone: filledText(50).openapi({ example: '+62 812 3456 7890' }),
  address: filledText(500).openapi({ example: 'Jl. Melati 5, Karawang' }),
  email: z.email().max(200).nullable().openapi({ example: 'budi@contoh.id' }),
  notes: storedText(5_000).openapi({ example: 'Rumah pagar hijau' }),
};
const billingMode = z.enum(['prepaid', 'postpaid']);
const dueDay = z.number().int().min(1).max(31).openapi({ description: 'Day of the month', example: 20 });

export const NewCustomer = z
  .object({
    name: fields.name,
    phone: fields.phone,
    address: fields.address,
    service_plan_id: z.uuid(),
    email: fields.email.optional(),
    notes: fields.notes.optional(),
    billing_mode: billingMode.optional(),
    due_date: dueDay.optional(),
    username: storedText(100).optional().openapi({ example: 'CKP001', description: 'Generated where it is left out' }),
    password: storedText(128).optional().openapi({ description: 'PPPoE password; generated where it is left out' }),
    erp_customer: filledText(140).optional().openapi({ example: 'Budi Santoso', description: 'Its name in ERPNext' }),
    erp_subscription: filledText(140).optional().openapi({ example: 'ACC-SUB-2026-00001' }),
    router_id: z.uuid().optional(),
    mac: storedText(40).optional().openapi({ example: 'AA:BB:CC:DD:EE:FF' }),
  })
  .openapi('NewCustomer');
export type NewCustomer = z.infer<typeof NewCustomer>;

export const CustomerChange = z.object(fields).partial().openapi('CustomerChange');
export type CustomerChange = z.infer<typeof CustomerChange>;

const Line = z.object({
  id: z.uuid(),
  service_plan_id: z.uuid(),
  username: z.string(),
  state: z.enum(accessStates),
  billing_mode: billingMode,
  due_date: z.number().int(),
  next_due_date: z.iso.date(),
  monthly_fee: z.number().int(),
  mac: z.string().nullable(),
  router_id: z.uuid().nullable(),
  erp_subscription: z.string().nullable(),
});

export const Customer = z
  .object({
    id: z.uuid(),
    customer_code: z.string().openapi({ example: 'CUST001' }),
    ...fields,
    status: z.enum(accessStates).openapi({ description: 'Of its best served line' }),
    service_plan_id: z.uuid().nullable(),
    erp_customer: z.string().nullable(),
    subscription: Line.nullable().openapi({ description: 'Its best served line' }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi('Customer');
export type Customer = z.infer<typeof Customer>;

export const CustomerDetail = Customer.extend({ subscriptions: z.array(Line) }).openapi('CustomerDetail');
export type CustomerDetail = z.infer<typeof CustomerDetail>;

export const RegisteredCustomer = Customer.extend({
  subscription: Line.extend({ password: z.string().openapi({ description: 'The PPPoE password' }) }),
}).openapi('RegisteredCustomer');
export type RegisteredCustomer = z.infer<typeof RegisteredCustomer>;

export const CustomerQuery = PageQuery.extend({
  status: z.enum(accessStates).optional(),
  service_plan_id: z.uuid().optional(),
  sort: z.enum(['name', '-name', 'customer_code', '-customer_code', 'created_at', '-created_at']).default('created_at'),
});
export type CustomerQuery = z.infer<typeof CustomerQuery>;
