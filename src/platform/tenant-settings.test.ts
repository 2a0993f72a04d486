import { describe, expect, it } from 'vitest';
import { readTenantSettings } from '#platform/tenant-settings.ts';

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
