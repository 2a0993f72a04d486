import { z } from '@hono/zod-openapi';
import { accessStates } from '#domain/access.ts';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { filledText, storedText } from '#platform/stored-text.ts';
import { nationalIdPattern } from './national-id.ts';

const fields = {
  name: filledText(200).openapi({ example: 'Budi Santoso' }),
  phone: filledText(50).openapi({ example: '+62 812 3456 7890' }),
  address: filledText(500).openapi({ example: 'Jl. Melati 5, Karawang' }),
  email: z.email().max(200).nullable().openapi({ example: 'budi@contoh.id' }),
  notes: storedText(5_000).openapi({ example: 'Rumah pagar hijau' }),
};
const place = {
  latitude: z.number().min(-90).max(90).nullable().openapi({ example: -6.3 }),
  longitude: z.number().min(-180).max(180).nullable().openapi({ example: 107.3 }),
};
const nationalId = z
  .string()
  .regex(nationalIdPattern, 'has 16 digits')
  .openapi({ example: '3215012345670001', description: 'NIK; kept encrypted, shown masked' });
const billingMode = z.enum(['prepaid', 'postpaid']);
const dueDay = z.number().int().min(1).max(31).openapi({ description: 'Day of the month', example: 20 });

/** What the form says of the line of service. */
const line = {
  service_plan_id: z.uuid(),
  billing_mode: billingMode.optional(),
  due_date: dueDay.optional(),
  username: storedText(100).optional().openapi({ example: 'CKP001', description: 'Generated where it is left out' }),
  password: storedText(128).optional().openapi({ description: 'PPPoE password; generated where it is left out' }),
  erp_subscription: filledText(140).optional().openapi({ example: 'ACC-SUB-2026-00001' }),
  router_id: z.uuid().optional(),
  mac: storedText(40).optional().openapi({ example: 'AA:BB:CC:DD:EE:FF' }),
};
const planExample = '0f8fad5b-d9cb-469f-a165-70867728950e';

export const NewLine = z.object(line).openapi('NewSubscription', { example: { service_plan_id: planExample } });
export type NewLine = z.infer<typeof NewLine>;

export const NewCustomer = z
  .object({
    ...line,
    name: fields.name,
    phone: fields.phone,
    address: fields.address,
    email: fields.email.optional(),
    notes: fields.notes.optional(),
    national_id: nationalId.nullable().optional(),
    latitude: place.latitude.optional(),
    longitude: place.longitude.optional(),
    reseller_id: z.uuid().nullable().optional().openapi({ description: 'The reseller whose customer it is' }),
    erp_customer: filledText(140).optional().openapi({ example: 'Budi Santoso', description: 'Its name in ERPNext' }),
  })
  .openapi('NewCustomer', {
    example: { name: 'Budi Santoso', phone: '08123456789', address: 'Jl. Melati 5', service_plan_id: planExample },
  });
export type NewCustomer = z.infer<typeof NewCustomer>;

export const CustomerChange = z
  .object({
    ...fields,
    ...place,
    national_id: nationalId.nullable(),
    due_date: dueDay.openapi({ description: 'Day of the month, for all of its subscriptions that the hub bills' }),
    reseller_id: z.uuid().nullable(),
  })
  .partial()
  .openapi('CustomerChange', { example: { phone: '08129876543', notes: 'Pindah ke rumah depan' } });
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
    name: z.string(),
    phone: z.string(),
    address: z.string(),
    email: z.string().nullable(),
    notes: z.string(),
    ...place,
    national_id: z.string().nullable().openapi({ example: '************0001' }),
    has_photo: z.boolean(),
    is_masked: z.boolean().openapi({ description: 'Contact data is hidden from this role' }),
    status: z.enum(accessStates).openapi({ description: 'Of its best served line' }),
    service_plan_id: z.uuid().nullable(),
    reseller_id: z.uuid().nullable(),
    erp_customer: z.string().nullable(),
    subscription: Line.nullable().openapi({ description: 'Its best served line' }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi('Customer');
export type Customer = z.infer<typeof Customer>;

export const CustomerPage = pageOf(Customer)
  .extend({ next_cursor: z.string().nullable().openapi({ description: 'For the page after this one; null: none' }) })
  .openapi('CustomerPage');

export const CustomerDetail = Customer.extend({ subscriptions: z.array(Line) }).openapi('CustomerDetail');
export type CustomerDetail = z.infer<typeof CustomerDetail>;

export const RegisteredLine = Line.extend({
  password: z.string().openapi({ description: 'The PPPoE password' }),
}).openapi('RegisteredSubscription');

export const RegisteredCustomer = Customer.extend({ subscription: RegisteredLine }).openapi('RegisteredCustomer');

export const CustomerQuery = PageQuery.extend({
  status: z.enum(accessStates).optional(),
  service_plan_id: z.uuid().optional().openapi({ description: 'Customers with a subscription on this plan' }),
  reseller_id: z.uuid().optional(),
  national_id: nationalId.optional().openapi({ description: 'Exactly this one' }),
  sort: z.enum(['name', '-name', 'customer_code', '-customer_code', 'created_at', '-created_at']).default('created_at'),
  cursor: z
    .string()
    .max(300)
    .optional()
    .openapi({ description: 'next_cursor of the page before, with the same filters and sort; page is not looked at' }),
});
export type CustomerQuery = z.infer<typeof CustomerQuery>;
