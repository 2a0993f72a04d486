import { z } from '@hono/zod-openapi';
import { assetConditions, assetStates, trackerKinds } from '#domain/asset.ts';
import { normalMac } from '#domain/mac.ts';
import { normalGponSn, serialKey } from '#domain/scan-code.ts';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { filledText, storedText } from '#platform/stored-text.ts';

const at = z.iso.datetime();
const uuid = z.uuid();

/** Text that is read in any notation and kept in one; what cannot be read is named. */
const read = (max: number, normal: (text: string) => string | null, told: string) =>
  storedText(max).transform((text, context) => {
    const value = normal(text);
    if (value !== null) return value;
    context.addIssue({ code: 'custom', message: told });
    return z.NEVER;
  });

const serial = storedText(100)
  .trim()
  .refine((text) => serialKey(text) !== '', 'must have a letter or a digit')
  // InvenTree takes a blank or a comma for the end of one serial.
  .refine((text) => !/[\s,]/.test(text), 'must be one word without commas');
const mac = read(40, normalMac, 'is no MAC: twelve hex digits, like AA:BB:CC:DD:EE:FF').openapi({
  description: 'In any notation',
  example: '00:25:9E:AA:BB:01',
});
const gponSn = read(40, (text) => normalGponSn(text, true), 'is no GPON serial, like HWTCA1B2C3D4').openapi({
  description: 'Four letters and eight hex digits, or sixteen hex digits',
  example: 'HWTCA1B2C3D4',
});
const barcode = filledText(300).openapi({ description: 'Another label, exactly as a scanner reads it' });
const part = filledText(100).openapi({ description: 'Its model; with InvenTree the name or number of a part there' });

export const NewUnit = z.strictObject({
  serial,
  mac: mac.nullable().default(null),
  gpon_sn: gponSn.nullable().default(null),
  barcode: barcode.nullable().default(null),
});
export type NewUnit = z.infer<typeof NewUnit>;

export const NewAssets = z.strictObject({ part, units: z.array(NewUnit).min(1).max(100) }).openapi('NewAssets', {
  example: { part: 'ONT F670L', units: [{ serial: 'ZTEGC1234567', mac: '00:25:9E:AA:BB:01' }] },
});
export type NewAssets = z.infer<typeof NewAssets>;

export const ImportQuery = z.object({
  part: part.optional().openapi({ description: 'For lines that name none' }),
  preview: z
    .enum(['true', 'false'])
    .default('true')
    .openapi({ description: 'true: nothing is written, it is told what would be' }),
});
export type ImportQuery = z.infer<typeof ImportQuery>;

const BadLine = z.object({ line: z.int(), field: z.string(), message: z.string() });
export type BadLine = z.infer<typeof BadLine>;
export const Imported = z
  .object({
    lines: z.int(),
    added: z.int().openapi({ description: 'Units that were added; of a preview: that would be' }),
    bad: z.array(BadLine).openapi({ description: 'Lines that were left out, and why' }),
  })
  .openapi('ImportedAssets', {
    example: { lines: 3, added: 2, bad: [{ line: 3, field: 'mac', message: 'is no MAC' }] },
  });
export type Imported = z.infer<typeof Imported>;

export const Asset = z
  .object({
    id: uuid,
    tracker: z.enum(trackerKinds),
    tracker_ref: z.string().openapi({ description: 'Its number in InvenTree' }),
    part: z.string(),
    serial: z.string().nullable(),
    mac: z.string().nullable(),
    gpon_sn: z.string().nullable(),
    barcode: z.string().nullable(),
    state: z.enum(assetStates),
    status: z.string().openapi({ description: "The tracker's own judgement of it" }),
    place: z.string().openapi({ description: 'Where it is, in words' }),
    technician_id: uuid.nullable().openapi({ description: 'In whose bag it is' }),
    customer_id: uuid.nullable(),
    subscription_id: uuid.nullable().openapi({ description: 'The line it was installed for' }),
    note: z.string(),
    gone_at: at.nullable().openapi({ description: 'Since when the tracker has it no more' }),
    created_at: at,
    updated_at: at,
  })
  .openapi('Asset', {
    example: {
      id: '7a0e3a58-5d8b-4f64-9b0c-0d6b2f6f5a10',
      tracker: 'builtin',
      tracker_ref: '7a0e3a58-5d8b-4f64-9b0c-0d6b2f6f5a10',
      part: 'ONT F670L',
      serial: 'ZTEGC1234567',
      mac: '00:25:9E:AA:BB:01',
      gpon_sn: null,
      barcode: null,
      state: 'in_transit',
      status: 'ok',
      place: 'Budi',
      technician_id: '16fd2706-8baf-433b-82eb-8c7fada847da',
      customer_id: null,
      subscription_id: null,
      note: '',
      gone_at: null,
      created_at: '2026-11-20T03:10:00.000Z',
      updated_at: '2026-11-21T02:00:00.000Z',
    },
  });
export type Asset = z.infer<typeof Asset>;
export const AssetPage = pageOf(Asset).openapi('AssetPage');
export const AddedAssets = z.object({ data: z.array(Asset) }).openapi('AddedAssets', { example: { data: [] } });

export const AssetQuery = PageQuery.extend({
  search: storedText(300).trim().optional().openapi({
    description:
      'Any code as scanned or typed: serial, MAC in any notation, GPON serial, label; or words of part or place',
  }),
  state: z.enum(assetStates).optional(),
  technician_id: uuid.optional(),
  customer_id: uuid.optional(),
  subscription_id: uuid.optional(),
  gone: z.enum(['true', 'false']).default('false').openapi({ description: 'Those that the tracker has no more' }),
  sort: z.enum(['created_at', '-created_at', 'updated_at', '-updated_at', 'part', '-part']).default('-updated_at'),
});
export type AssetQuery = z.infer<typeof AssetQuery>;

export const AssetChange = z
  .strictObject({
    mac: mac.nullable(),
    gpon_sn: gponSn.nullable(),
    barcode: barcode.nullable(),
    note: storedText(500),
  })
  .partial()
  .openapi('AssetChange', { example: { mac: '00:25:9E:AA:BB:01' } });
export type AssetChange = z.infer<typeof AssetChange>;

export const Marking = z
  .strictObject({
    condition: z.enum(assetConditions).openapi({ description: '`ok`: it is mended, or was found again' }),
    note: storedText(200).default(''),
  })
  .openapi('AssetMarking', { example: { condition: 'damaged', note: 'Adaptor terbakar' } });
export type Marking = z.infer<typeof Marking>;

const AssetMove = z.object({
  id: uuid,
  happened_at: at,
  kind: z.string(),
  from_state: z.enum(assetStates).nullable(),
  to_state: z.enum(assetStates),
  from_place: z.string(),
  to_place: z.string(),
  technician_id: uuid.nullable(),
  customer_id: uuid.nullable(),
  subscription_id: uuid.nullable(),
  moved_by: uuid.nullable(),
  moved_by_name: z.string(),
  operation_id: uuid.nullable().openapi({ description: 'Null: it was not done through the hub' }),
  note: z.string(),
});
export type AssetMove = z.infer<typeof AssetMove>;
export const AssetMovePage = pageOf(AssetMove).openapi('AssetMovePage', {
  example: {
    data: [
      {
        id: '0f8fad5b-d9cb-469f-a165-70867728950e',
        happened_at: '2026-11-21T02:00:00.000Z',
        kind: 'hand_over',
        from_state: 'in_stock',
        to_state: 'in_transit',
        from_place: 'Gudang',
        to_place: 'Budi',
        technician_id: '16fd2706-8baf-433b-82eb-8c7fada847da',
        customer_id: null,
        subscription_id: null,
        moved_by: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
        moved_by_name: 'gudang@example.net',
        operation_id: '3d813cbb-47fb-432b-9f3e-1b1b7f0b1c9e',
        note: '',
      },
    ],
    page: 1,
    page_size: 10,
    total: 1,
  },
});
export const MoveQuery = PageQuery.omit({ search: true });
