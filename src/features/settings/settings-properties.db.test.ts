import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { dunningPresets } from '#domain/dunning.ts';
import { createTenantFiles } from '#platform/tenant-files.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { type Ask, admin, asCaller } from '#test/features/room.ts';
import { settingsRoutes } from './routes.ts';

let room: BridgeRoom;
let ask: Ask;

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  const told = async () => undefined;
  const files = createTenantFiles('/nowhere');
  ask = asCaller(
    settingsRoutes({ db: room.db, files, onPolicyChange: told, onRoamingChange: told }),
    admin(await room.addTenant()),
  );
});
afterAll(() => room.close());

const day = fc.integer({ min: 1, max: 31 });
const from = fc.constantFrom('issue', 'due');
const days = fc.integer({ min: 0, max: 365 });
const text = (maxLength: number) => fc.string({ minLength: 1, maxLength, unit: 'grapheme' }).filter(isStorable);
const isStorable = (one: string): boolean => one.trim() !== '' && one.isWellFormed() && !one.includes('\u0000');

const step = fc.oneof(
  fc.record({ kind: fc.constant('message'), from, days }),
  fc.record({ kind: fc.constant('message'), from: fc.constant('due'), days: fc.integer({ min: -60, max: -1 }) }),
  fc.record({ kind: fc.constant('fee'), from, days, amount: fc.integer({ min: 1, max: 1_000_000 }) }),
);
const isolation = fc.record({ kind: fc.constant('isolate'), from, days });
const dunning = fc.oneof(
  fc.constantFrom(...Object.keys(dunningPresets)).map((preset) => ({ preset })),
  fc
    .tuple(fc.array(step, { maxLength: 10 }), fc.option(isolation, { nil: undefined }))
    .map(([steps, last]) => ({ steps: last ? [...steps, last] : steps })),
);
const number = fc.integer({ min: 1, max: 6 }).map((n) => `{${'N'.repeat(n)}}`);
const part = fc.constantFrom('{LOCATION}', '{ROUTER}', '{DDMMYY}', '-', '.', 'CUST', 'x_1');
const format = fc
  .tuple(fc.array(part, { maxLength: 3 }), number, fc.array(part, { maxLength: 2 }))
  .map(([before, n, after]) => [...before, n, ...after].join(''));

const fields = {
  time_zone: fc.constantFrom('Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura', 'UTC', 'Europe/Berlin'),
  currency: fc.constantFrom('IDR', 'USD', 'MYR'),
  language: fc.constantFrom('id', 'en'),
  default_billing_mode: fc.constantFrom('prepaid', 'postpaid'),
  prepaid_due_day: day,
  postpaid_due_day: day,
  grace_days: fc.integer({ min: 0, max: 90 }),
  bill_day: day,
  bills_from: fc.constantFrom(null, '2026-02-28', '2028-02-29'),
  invoice_lead_days: fc.integer({ min: 1, max: 28 }),
  tax: fc.record({ enabled: fc.boolean(), inclusive: fc.boolean() }),
  brake_percent: fc.integer({ min: 1, max: 100 }),
  brake_minimum: fc.integer({ min: 1, max: 1_000_000 }),
  dunning,
  code_formats: fc.record({ customer: format, username: format }, { requiredKeys: [] }),
  branding: fc.record(
    {
      name: fc.option(text(40)),
      colour: fc.option(fc.integer({ min: 0, max: 0xffffff }).map((c) => `#${c.toString(16).padStart(6, '0')}`)),
      logo: fc.option(fc.webUrl().filter((url) => url.length <= 500)),
    },
    { requiredKeys: [] },
  ),
  allow_roaming: fc.boolean(),
  allow_private_networks: fc.boolean(),
};
const patch = fc.record(fields, { requiredKeys: [] });

/** Each makes any patch one that must be refused. */
const faults: readonly Readonly<Record<string, unknown>>[] = [
  { no_such_setting: 1 },
  { constructor: 1 },
  { time_zone: 'Asia/Nowhere' },
  { currency: 'XYZW' },
  { grace_days: 91 },
  { prepaid_due_day: '1' },
  { brake_percent: null },
  { dunning: { steps: [{ kind: 'isolate', from: 'due', days: -1 }] } },
  { code_formats: { username: 'no number' } },
  { code_formats: { router: '{NNN}' } },
  { branding: { name: 'a\u0000' } },
  { branding: { logo: 'data:text/html,x' } },
  { allow_roaming: 1 },
];

const settings = async () => (await ask('GET', '/settings')).body;

describe('any change of settings', () => {
  it('T5: one that is sound is read back as it was written, and leaves all else as it was', async () => {
    await fc.assert(
      fc.asyncProperty(patch, async (change) => {
        const before = await settings();
        const answer = await ask('PATCH', '/settings', change);
        expect(answer.status, JSON.stringify(answer.body)).toBe(200);
        const after = await settings();
        expect(answer.body).toEqual(after);
        expect(after).toMatchObject(change);
        for (const [name, value] of Object.entries(before)) if (!(name in change)) expect(after[name]).toEqual(value);
      }),
      { numRuns: 150 },
    );
  });

  it('T5: one with a single fault is refused with its field named, and leaves all as it was', async () => {
    await fc.assert(
      fc.asyncProperty(patch, fc.constantFrom(...faults), async (change, fault) => {
        const before = await settings();
        const { status, body } = await ask('PATCH', '/settings', { ...change, ...fault });
        expect(status).toBe(400);
        expect(body.code).toBe('VALIDATION_ERROR');
        expect(String(body.message)).toContain(Object.keys(fault)[0]);
        expect(await settings()).toEqual(before);
      }),
      { numRuns: 150 },
    );
  });
});
