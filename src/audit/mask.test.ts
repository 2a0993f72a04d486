import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mask, masked } from './mask.ts';

const canary = fc.stringMatching(/^CANARY[a-z0-9]{12}$/);
const secretNames = [
  'password',
  'new_password',
  'webhookSecret',
  'api_key',
  'api_secret',
  'nik',
  'national_id',
  'phone',
  'email',
  'address',
  'latitude',
  'position',
  'refresh_token',
  'totp_secret',
  'database_url',
];

/** An object in which `value` stands at some depth under a field that is secret or personal. */
const planted = fc
  .tuple(
    canary,
    fc.constantFrom(...secretNames),
    fc.array(fc.constantFrom('settings', 'inner', 'items'), { maxLength: 4 }),
  )
  .map(([value, name, path]) => ({
    value,
    fields: path.reduce<Record<string, unknown>>((inner, field, i) => ({ [field]: i % 2 === 0 ? inner : [inner, 1] }), {
      [name]: value,
      kept: 'shown',
    }),
  }));

describe('what an audit entry keeps', () => {
  it('SEC-22, SEC-28: no secret or personal value, however deep it is nested', () => {
    fc.assert(
      fc.property(planted, planted, (before, after) => {
        const kept = JSON.stringify(masked('customer', before.fields, after.fields));
        expect(kept).not.toContain('CANARY');
      }),
      { numRuns: 300 },
    );
  });

  it('V4: tells that a hidden field changed, and nothing of one that did not', () => {
    expect(masked('customer', { phone: '0811', email: 'a@b.id' }, { phone: '0812', email: 'a@b.id' })).toEqual({
      phone: { old: mask, new: mask },
    });
    expect(masked('customer', { nik: null }, { nik: '3201' })).toEqual({ nik: { old: null, new: mask } });
  });

  it('V4: shows what is neither, old and new, and the address of a router, which is what it is about', () => {
    expect(masked('service_plan', { name: 'Home', price: 100n }, { name: 'Home', price: 150n })).toEqual({
      price: { old: '100', new: '150' },
    });
    const nas = masked('nas', { address: '10.0.0.1', secret: 'old' }, { address: '10.0.0.2', secret: 'new' });
    expect(nas).toEqual({ address: { old: '10.0.0.1', new: '10.0.0.2' }, secret: { old: mask, new: mask } });
  });

  it('SEC-28: hides the numbers and addresses of people that stand in prose', () => {
    const reason = 'Ask Budi, 0812-3456-7890 or +6281234567890, budi@mail.id, NIK 3201234567890001, from 9 am';
    const { reason: told } = masked('subscription', {}, { reason });
    expect(told?.new).toBe(`Ask Budi, ${mask} or ${mask}, ${mask}, NIK ${mask}, from 9 am`);
  });
});
