import { z } from '@hono/zod-openapi';
import { Amount, PageQuery } from '#platform/routing.ts';
import { storedText } from '#platform/stored-text.ts';

/** Mbps with up to three decimals, so that it is a whole number of kbps. */
const Mbps = z
  .number()
  .positive()
  .max(100_000)
  .refine((value) => Math.abs(value * 1000 - Math.round(value * 1000)) < 1e-6, 'has more than three decimals');

/** A name on a RouterOS router, as its queues and pools have it. */
const routerName = z.string().regex(/^[A-Za-z0-9_./-]{1,64}$/, 'letters, digits and _ . / - only');

const fields = {
  name: storedText(100).trim().min(1).openapi({ example: 'Home 10' }),
  description: storedText(2_000).openapi({ example: 'For a family of four' }),
  speed_download: Mbps.openapi({ example: 10, description: 'Mbps' }),
  speed_upload: Mbps.openapi({ example: 5, description: 'Mbps' }),
  price: Amount.openapi({ example: 150_000 }),
  billing_cycle: z.enum(['monthly']).openapi({ example: 'monthly' }),
  features: z
    .array(storedText(200))
    .max(50)
    .openapi({ example: ['Free modem'] }),
  erp_item: storedText(140)
    .min(1)
    .nullable()
    .openapi({ example: 'HOME-10', description: 'The item that it is in ERPNext' }),
  burst_download: Mbps.nullable(),
  burst_upload: Mbps.nullable(),
  burst_threshold_download: Mbps.nullable(),
  burst_threshold_upload: Mbps.nullable(),
  burst_time: z.number().int().min(1).max(3_600).nullable().openapi({ description: 'seconds' }),
  priority: z.number().int().min(1).max(8).nullable().openapi({ description: '1 is the highest' }),
  address_pool: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'letters, digits and _ . - only')
    .nullable(),
  queue_type: routerName
    .nullable()
    .openapi({ example: 'pcq-download-default', description: 'Queue type on the router' }),
  parent_queue: routerName.nullable().openapi({ example: 'home', description: 'Queue on the router that it is under' }),
  dns: z
    .array(z.union([z.ipv4(), z.ipv6()]))
    .max(2)
    .openapi({ example: ['9.9.9.9'], description: 'Name servers' }),
  max_connections: z
    .number()
    .int()
    .min(1)
    .max(100)
    .nullable()
    .openapi({ description: 'Sessions that one subscription may have at a time; 1 where it is null' }),
  quota_gb: z.number().int().positive().max(1_000_000).nullable().openapi({ description: 'Per billing period' }),
  quota_action: z
    .enum(['isolate', 'throttle'])
    .nullable()
    .openapi({ description: 'What happens beyond the quota; throttle moves to throttle_plan_id' }),
  throttle_plan_id: z.uuid().nullable(),
  is_active: z.boolean(),
};

export const NewPlan = z
  .object({
    ...fields,
    description: fields.description.default(''),
    billing_cycle: fields.billing_cycle.default('monthly'),
    features: fields.features.default([]),
    erp_item: fields.erp_item.default(null),
    burst_download: fields.burst_download.default(null),
    burst_upload: fields.burst_upload.default(null),
    burst_threshold_download: fields.burst_threshold_download.default(null),
    burst_threshold_upload: fields.burst_threshold_upload.default(null),
    burst_time: fields.burst_time.default(null),
    priority: fields.priority.default(null),
    address_pool: fields.address_pool.default(null),
    queue_type: fields.queue_type.default(null),
    parent_queue: fields.parent_queue.default(null),
    dns: fields.dns.default([]),
    max_connections: fields.max_connections.default(null),
    quota_gb: fields.quota_gb.default(null),
    quota_action: fields.quota_action.default(null),
    throttle_plan_id: fields.throttle_plan_id.default(null),
    is_active: fields.is_active.default(true),
  })
  .openapi('NewServicePlan', {
    example: { name: 'Home 10', speed_download: 10, speed_upload: 5, price: 150_000 },
  });
export type NewPlan = z.infer<typeof NewPlan>;

export const PlanChange = z
  .object(fields)
  .partial()
  .openapi('ServicePlanChange', { example: { price: 165_000 } });
export type PlanChange = z.infer<typeof PlanChange>;

export const Plan = z
  .object({ id: z.uuid(), key: z.string(), ...fields, created_at: z.iso.datetime(), updated_at: z.iso.datetime() })
  .openapi('ServicePlan');
export type Plan = z.infer<typeof Plan>;

export const PlanQuery = PageQuery.extend({
  is_active: z.enum(['true', 'false', 'all']).default('true'),
  sort: z.enum(['name', '-name', 'price', '-price', 'created_at', '-created_at']).default('name'),
});
export type PlanQuery = z.infer<typeof PlanQuery>;
