import { describe, expect, it } from 'vitest';
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
      brake_percent: 10,
      brake_minimum: 20,
      dunning: {},
      code_formats: { customer: 'CUST{NNN}', username: '{ROUTER}{NNN}', location: null },
      branding: { name: null, logo: null, colour: null },
      allow_roaming: false,
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
    { brake_percent: 0 },
    { brake_percent: 101 },
    { code_formats: { customer: 'CUST' } },
    { branding: { colour: 'red' } },
    { branding: { logo: 'javascript:alert(1)' } },
    { allow_roaming: 'yes' },
  ])('T5: refuses %j', (change) => {
    expect(refused(change)).toBe(true);
  });
});
