import { z } from '@hono/zod-openapi';
import { assetConditions, assetStates } from '#domain/asset.ts';
import { scanKinds, scanStates, stepStates } from '#domain/scan.ts';
import { PageQuery, pageOf } from '#platform/routing.ts';
import { filledText } from '#platform/stored-text.ts';

const at = z.iso.datetime();

export const NewScan = z
  .strictObject({
    kind: z.enum(scanKinds).openapi({
      description:
        '`hand_over`: the warehouse gives to `technician_id`; `pick_up`: the technician confirms; `install`: at the line ' +
        'of `subscription_id` or `work_order_id`; `return`: from the customer into the bag, from the bag to the warehouse',
    }),
    code: filledText(1_000).openapi({ description: 'As scanned or typed: QR text, serial, MAC or GPON serial' }),
    client_ref: filledText(100).openapi({ description: 'Of the phone: the same again answers the same scan' }),
    scanned_at: z.iso.datetime({ offset: true }).openapi({ description: 'By the phone; may be up to 30 days ago' }),
    technician_id: z.uuid().optional().openapi({ description: 'Whose bag; of a technician who scans: its own' }),
    work_order_id: z.uuid().optional(),
    subscription_id: z.uuid().optional(),
    replaces: filledText(1_000).optional().openapi({ description: 'Code of the modem that is taken out' }),
    condition: z.enum(assetConditions).optional().openapi({ description: 'Of the unit that comes back' }),
    latitude: z.number().min(-90).max(90).optional(),
    longitude: z.number().min(-180).max(180).optional(),
  })
  .openapi('NewScan', {
    example: {
      kind: 'install',
      code: 'S/N: ZTEGC8D2F011 MAC: 4C:5E:0C:AA:BB:01',
      client_ref: 'hp-budi-000231',
      scanned_at: '2026-11-21T09:12:44+07:00',
      subscription_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    },
  });
export type NewScan = z.infer<typeof NewScan>;

const Unit = z
  .object({
    id: z.uuid(),
    part: z.string(),
    serial: z.string().nullable(),
    mac: z.string().nullable(),
    gpon_sn: z.string().nullable(),
    state: z.enum(assetStates),
    place: z.string(),
  })
  .openapi('ScannedUnit');

const ScanStep = z
  .object({
    name: z.string().openapi({ example: 'mac_lock' }),
    state: z.enum(stepStates),
    detail: z.string(),
    at: at.nullable(),
  })
  .openapi('ScanStep');

export const Scan = z
  .object({
    id: z.uuid(),
    kind: z.enum(scanKinds),
    code: z.string(),
    client_ref: z.string(),
    scanned_at: at,
    received_at: at,
    scanned_by: z.uuid(),
    status: z.enum(scanStates).openapi({
      description:
        '`running`: steps are under way; `refused`: nothing came of it; `held`: `problem` says what it waits for',
    }),
    problem: z
      .object({ code: z.string(), text: z.string() })
      .nullable()
      .openapi({ description: "In the tenant's language" }),
    asset: Unit.nullable(),
    replaced: Unit.nullable(),
    subscription: z
      .object({ id: z.uuid(), username: z.string(), customer_code: z.string(), customer_name: z.string() })
      .nullable(),
    technician: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    work_order_id: z.uuid().nullable(),
    condition: z.enum(assetConditions).nullable(),
    steps: z.array(ScanStep),
  })
  .openapi('Scan', {
    example: {
      id: '7a0e3a58-5d8b-4f64-9b0c-0d6b2f6f5a10',
      kind: 'pick_up',
      code: 'ZTEGC8D2F011',
      client_ref: 'hp-budi-000230',
      scanned_at: '2026-11-21T01:02:03.000Z',
      received_at: '2026-11-21T01:02:04.000Z',
      scanned_by: '16fd2706-8baf-433b-82eb-8c7fada847da',
      status: 'done',
      problem: null,
      asset: {
        id: '0f8fad5b-d9cb-469f-a165-70867728950e',
        part: 'ONT F609',
        serial: 'ZTEGC8D2F011',
        mac: '4C:5E:0C:AA:BB:01',
        gpon_sn: 'ZTEGC8D2F011',
        state: 'in_transit',
        place: 'Budi',
      },
      replaced: null,
      subscription: null,
      technician: { id: '16fd2706-8baf-433b-82eb-8c7fada847da', name: 'Budi' },
      work_order_id: null,
      condition: null,
      steps: [{ name: 'asset', state: 'done', detail: '', at: '2026-11-21T01:02:04.000Z' }],
    },
  });
export type Scan = z.infer<typeof Scan>;

export const ScanPage = pageOf(Scan).openapi('ScanPage');
export type ScanPage = z.infer<typeof ScanPage>;
export const ScanQuery = PageQuery.omit({ search: true }).extend({
  state: z.enum(scanStates).optional(),
  kind: z.enum(scanKinds).optional(),
  asset_id: z.uuid().optional(),
  subscription_id: z.uuid().optional(),
  work_order_id: z.uuid().optional(),
  technician_id: z.uuid().optional(),
});
export type ScanQuery = z.infer<typeof ScanQuery>;
