import { describe, expect, it } from 'vitest';
import { dunningPresets } from '#domain/dunning.ts';
import { readTenantSettings, TenantSettingsChange } from '#platform/tenant-settings.ts';

const refused = (change: unknown): boolean => !TenantSettingsChange.safeParse(change).success;

describe('the settings of a tenant', () => {
  it('T5: what was never set has the contract’s defaults', () => {
    expect(readTenantSettings({})).toEqual({
      time_zone: 'Asia/Jakarta',
      currency: 'IDR',
      language: 'id',
      default_billing_mode: 'postpaid',
      prepaid_due_day: 1,
      postpaid_due_day: 20,
      grace_days: 0,
      bill_day: 1,
      bills_from: '2000-01-01',
      invoice_lead_days: 7,
      tax: {
        enabled: false,
        inclusive: true,
        rates: [{ from: '2025-01-01', rate_bp: 1200, base_numerator: 11, base_denominator: 12 }],
      },
      brake_percent: 10,
      brake_minimum: 20,
      promise_max_days: 7,
      promise_max_running: 1,
      promise_max_per_month: 2,
      notice_hours: 0,
      no_cut: { weekdays: [], dates: [], hours: [] },
      dunning: { preset: 'as_due', steps: [] },
      code_formats: { customer: 'CUST{NNN}', username: '{ROUTER}{NNN}', location: null },
      branding: { name: null, logo: null, colour: null, phone: null },
      isolir_allow: [],
      payment_instructions: null,
      qris: null,
      scan_online_minutes: 30,
      allow_roaming: false,
      allow_private_networks: false,
      drift_policy: {},
      field_work: {
        order_at_registration: false,
        order_from_erpnext: false,
        photos_to_verify: 0,
        incentive_per_install: 0,
        incentive_component: 'Incentive',
        places: [],
      },
      commissions: {
        approval_limit: 5_000_000,
        erp_account: 'Commission on Sales',
        salary_component: 'Commission',
      },
      webhook_disable_days: 5,
      deposit_two_people_from: 10_000_000,
      resellers_outside_coverage: false,
      keep_events_days: null,
      keep_messages_days: 365,
      keep_webhooks_days: 90,
    });
  });

  it('a part of a nested setting leaves the other defaults in force', () => {
    const { code_formats } = readTenantSettings({ code_formats: { location: 'KCB' } });
    expect(code_formats).toEqual({ customer: 'CUST{NNN}', username: '{ROUTER}{NNN}', location: 'KCB' });
  });

  it('a change carries no defaults: what it does not name is not in it', () => {
    expect(TenantSettingsChange.parse({ grace_days: 2 })).toEqual({ grace_days: 2 });
    expect(TenantSettingsChange.parse({ branding: { colour: '#1a2b3c' } })).toEqual({
      branding: { colour: '#1a2b3c' },
    });
  });

  it.each([
    { unknown_field: 1 },
    { branding: { font: 'x' } },
    { time_zone: 'Asia/Nowhere' },
    { time_zone: '' },
    { currency: 'RUPIAH' },
    { language: 'fr' },
    { prepaid_due_day: 0 },
    { postpaid_due_day: 32 },
    { grace_days: -1 },
    { grace_days: 1.5 },
    { bill_day: 0 },
    { invoice_lead_days: 0 },
    { tax: { enabled: 'yes' } },
    { tax: { enabled: true, rates: [] } },
    {
      tax: { enabled: true, rates: [{ from: '2025-02-30', rate_bp: 1200, base_numerator: 11, base_denominator: 12 }] },
    },
    { brake_percent: 0 },
    { brake_percent: 101 },
    { code_formats: { customer: 'CUST' } },
    { branding: { colour: 'red' } },
    { branding: { phone: 'call me' } },
    { isolir_allow: ['0.0.0.0/0'] },
    { qris: '00020101021126' },
    { branding: { logo: 'javascript:alert(1)' } },
    { allow_roaming: 'yes' },
    { dunning: {} },
    { dunning: { preset: 'never' } },
    { dunning: { preset: 'as_due', steps: [] } },
    { dunning: { steps: [{ kind: 'message', from: 'due', days: 0.5 }] } },
    { dunning: { steps: [{ kind: 'call', from: 'due', days: 1 }] } },
    { dunning: { steps: [{ kind: 'fee', from: 'due', days: 1 }] } },
    { dunning: { steps: [{ kind: 'fee', from: 'due', days: -1, amount: 5000 }] } },
    { dunning: { steps: [{ kind: 'message', from: 'issue', days: -1 }] } },
    { dunning: { steps: [1, 2].map((days) => ({ kind: 'isolate', from: 'due', days })) } },
    { dunning: { steps: Array.from({ length: 21 }, () => ({ kind: 'message', from: 'due', days: 1 })) } },
    { code_formats: { customer: '{NNN}-{NN}' } },
    { code_formats: { customer: '{AREA}{NNN}' } },
    { code_formats: { customer: '{NNN}}' } },
    { code_formats: { customer: '{NNNNNNN}' } },
    { code_formats: { username: 'pelanggan {NNN}' } },
    { code_formats: { username: `${'x'.repeat(30)}{NNN}` } },
    { branding: { name: 'a\u0000b' } },
    { branding: { name: ' ' } },
  ])('T5: refuses %j', (change) => {
    expect(refused(change)).toBe(true);
  });

  it('L4: each preset may be chosen by its name and answers its steps, and those may be written as one’s own', () => {
    for (const [preset, steps] of Object.entries(dunningPresets)) {
      const chosen = TenantSettingsChange.parse({ dunning: { preset } });
      expect(readTenantSettings(chosen).dunning).toEqual({ preset, steps });
      const own = TenantSettingsChange.parse({ dunning: { steps } });
      expect(readTenantSettings(own).dunning).toEqual({ preset: null, steps });
    }
  });

  it('what was accepted once is still read back when the rules for a change have become stricter', () => {
    const stored = { code_formats: { username: 'pelanggan {NNN}' }, dunning: {}, branding: { name: ' ' } };
    expect(readTenantSettings(stored)).toMatchObject({
      code_formats: stored.code_formats,
      dunning: { preset: 'as_due' },
    });
  });
});

describe('a tenant’s settings', () => {
  it('that are stored alike are read once, and nobody can change them for another', () => {
    const read = readTenantSettings({ grace_days: 3, isolir_allow: ['192.0.2.7'] });
    expect(readTenantSettings({ grace_days: 3, isolir_allow: ['192.0.2.7'] })).toBe(read);
    expect(() => read.isolir_allow.push('192.0.2.8')).toThrow(TypeError);
    expect(() => Object.assign(read.tax, { name: 'another' })).toThrow(TypeError);
    expect(readTenantSettings({ grace_days: 3, isolir_allow: ['192.0.2.7'] }).isolir_allow).toEqual(['192.0.2.7']);
  });

  it('are read anew as soon as they are stored otherwise', () => {
    expect(readTenantSettings({ grace_days: 3 }).grace_days).toBe(3);
    expect(readTenantSettings({ grace_days: 4 }).grace_days).toBe(4);
    expect(readTenantSettings(null).grace_days).toBe(0);
    for (let days = 0; days < 2_500; days++)
      readTenantSettings({ grace_days: days % 91, payment_instructions: `${days}` });
    expect(readTenantSettings({ grace_days: 3 }).grace_days).toBe(3);
  });
});
