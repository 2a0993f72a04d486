import { z } from '@hono/zod-openapi';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { filledText, storedText } from '#platform/stored-text.ts';
import { Geometry } from './geometry.ts';
import { leadStates } from './lead-states.ts';

const latitude = z.number().min(-90).max(90);
const longitude = z.number().min(-180).max(180);
const billingMode = z.enum(['prepaid', 'postpaid']);

const fields = {
  name: filledText(200).openapi({ example: 'Ani Wijaya' }),
  phone: filledText(50).openapi({ example: '08123456789' }),
  address: filledText(500).openapi({ example: 'Jl. Mawar 3, Karawang' }),
  email: z.email().max(200).nullable().openapi({ example: 'ani@contoh.id' }),
  latitude: latitude.nullable().openapi({ example: -6.3 }),
  longitude: longitude.nullable().openapi({ example: 107.3 }),
  service_plan_id: z.uuid().nullable().openapi({ description: 'The plan that is wanted' }),
  billing_mode: billingMode.nullable(),
  notes: storedText(5_000),
};

export const NewLead = z
  .object({
    ...fields,
    email: fields.email.default(null),
    latitude: fields.latitude.default(null),
    longitude: fields.longitude.default(null),
    service_plan_id: fields.service_plan_id.default(null),
    billing_mode: fields.billing_mode.default(null),
    notes: fields.notes.default(''),
  })
  .openapi('NewLead', {
    example: { name: 'Ani', phone: '0812', address: 'Jl. Mawar 3', latitude: -6.3, longitude: 107.3 },
  });
export type NewLead = z.infer<typeof NewLead>;

export const LeadChange = z
  .object({
    ...fields,
    state: z.enum(['new', 'lost']).openapi({ description: 'lost: given up; new: taken up again' }),
    lost_reason: storedText(500).nullable(),
  })
  .partial()
  .openapi('LeadChange', { example: { state: 'lost', lost_reason: 'Terlalu mahal' } });
export type LeadChange = z.infer<typeof LeadChange>;

export const Lead = z
  .object({
    id: z.uuid(),
    ...fields,
    email: z.string().nullable(),
    state: z.enum(leadStates),
    lost_reason: z.string().nullable(),
    coverage_area_id: z.uuid().nullable(),
    checked_at: z.iso.datetime().nullable(),
    reseller_id: z.uuid().nullable(),
    customer_id: z.uuid().nullable().openapi({ description: 'What it was converted into' }),
    converted_at: z.iso.datetime().nullable(),
    is_masked: z.boolean().openapi({ description: 'Contact data is hidden from this role' }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi('Lead');
export type Lead = z.infer<typeof Lead>;
export const LeadPage = pageOf(Lead).openapi('LeadPage');

export const LeadQuery = PageQuery.extend({
  state: z.enum(leadStates).optional(),
  service_plan_id: z.uuid().optional(),
  sort: z.enum(['created_at', '-created_at', 'name', '-name']).default('-created_at'),
});
export type LeadQuery = z.infer<typeof LeadQuery>;

/** What the registration form asks for beside what the lead says already. */
export const Conversion = z
  .object({
    service_plan_id: z.uuid().optional().openapi({ description: 'Else the plan that the lead wanted' }),
    billing_mode: billingMode.optional(),
    due_date: z.number().int().min(1).max(31).optional(),
    username: storedText(100).optional(),
    password: storedText(128).optional(),
    router_id: z.uuid().optional(),
    mac: storedText(40).optional(),
    national_id: z
      .string()
      .regex(/^[0-9]{16}$/, 'has 16 digits')
      .optional(),
    force: z.boolean().default(false).openapi({ description: 'Although it is not found covered; needs a reason' }),
    reason: filledText(500).optional(),
  })
  .openapi('LeadConversion', { example: { billing_mode: 'postpaid' } });
export type Conversion = z.infer<typeof Conversion>;

export const Converted = z
  .object({
    lead: Lead,
    customer_id: z.uuid(),
    customer_code: z.string(),
    subscription: z.object({
      id: z.uuid(),
      username: z.string(),
      password: z.string().openapi({ description: 'The PPPoE password' }),
    }),
  })
  .openapi('ConvertedLead');

const areaFields = {
  name: filledText(100).openapi({ example: 'Karawang Barat' }),
  geometry: Geometry,
  radius_m: z.number().int().min(1).max(100_000).nullable().openapi({ description: 'Metres; of a point alone' }),
  is_active: z.boolean(),
};

export const NewArea = z
  .object({ ...areaFields, radius_m: areaFields.radius_m.default(null), is_active: areaFields.is_active.default(true) })
  .openapi('NewCoverageArea', {
    example: { name: 'ODP 7', geometry: { type: 'Point', coordinates: [107.3, -6.3] }, radius_m: 300 },
  });
export type NewArea = z.infer<typeof NewArea>;

export const AreaChange = z
  .object(areaFields)
  .partial()
  .openapi('CoverageAreaChange', { example: { is_active: false } });
export type AreaChange = z.infer<typeof AreaChange>;

export const Area = z
  .object({ id: z.uuid(), ...areaFields, created_at: z.iso.datetime(), updated_at: z.iso.datetime() })
  .openapi('CoverageArea');
export type Area = z.infer<typeof Area>;
export const AreaPage = pageOf(Area).openapi('CoverageAreaPage');

export const AreaQuery = PageQuery.extend({
  is_active: z.enum(['true', 'false']).optional(),
  sort: z.enum(['name', '-name', 'created_at', '-created_at']).default('name'),
});
export type AreaQuery = z.infer<typeof AreaQuery>;

export const PlaceQuery = z.object({
  latitude: z.coerce.number().min(-90).max(90).openapi({ example: -6.3 }),
  longitude: z.coerce.number().min(-180).max(180).openapi({ example: 107.3 }),
});
export const Coverage = z
  .object({ covered: z.boolean(), areas: z.array(z.object({ id: z.uuid(), name: z.string() })) })
  .openapi('Coverage');

/** GeoJSON for a map (RFC 7946). */
export const CoverageMap = z
  .object({
    type: z.literal('FeatureCollection'),
    features: z.array(
      z.object({
        type: z.literal('Feature'),
        id: z.uuid(),
        geometry: Geometry,
        properties: z.object({ name: z.string(), radius_m: z.number().int().nullable() }),
      }),
    ),
  })
  .openapi('CoverageMap');
