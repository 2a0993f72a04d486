import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeInSeries, codeSeries, defaultCustomerFormat } from './code-format.ts';

const usernameFormat = '{ROUTER}{NNN}';
const parts = { location: 'KCB', router: 'CKP', date: '2025-02-01' };
const seriesOf = (format: string, known = {}): string => {
  const series = codeSeries(format, { ...parts, ...known });
  return series.ok ? series.value : series.error;
};

describe('codes', () => {
  it('C7: the code of a customer names location, router and day', () => {
    expect(codeInSeries(seriesOf('{LOCATION}-{ROUTER}{DDMMYY}-{NNN}'), 1n)).toBe('KCB-CKP010225-001');
  });

  it('C7: the default code is CUST001, the username behind a router CKP123', () => {
    expect(codeInSeries(seriesOf(defaultCustomerFormat), 1n)).toBe('CUST001');
    expect(codeInSeries(seriesOf(usernameFormat), 123n)).toBe('CKP123');
  });

  it('C7: a number grows to four digits when the thousand are used up', () => {
    const series = seriesOf(usernameFormat);
    expect([999n, 1000n, 12_345n].map((number) => codeInSeries(series, number))).toEqual([
      'CKP999',
      'CKP1000',
      'CKP12345',
    ]);
  });

  it('C7: what no username could hold is left out of a part', () => {
    expect(seriesOf(usernameFormat, { router: 'Cikampek $& 1' })).toBe('Cikampek1{NNN}');
  });

  it('says which format makes no codes, and what is not known of a customer', () => {
    expect(seriesOf('CUST')).toBe('no_number');
    expect(seriesOf('{NN}{NNN}')).toBe('no_number');
    expect(seriesOf('{TOWN}{NNN}')).toBe('unknown_part');
    expect(seriesOf('{ROUTER}{NNN}', { router: null })).toBe('missing_part');
    expect(seriesOf('{ROUTER}{NNN}', { router: '!!!' })).toBe('missing_part');
  });

  it('P8: in one series two numbers never make one code', () => {
    const number = fc.bigInt({ min: 1n, max: 10n ** 9n });
    fc.assert(
      fc.property(number, number, (a, b) => {
        const series = seriesOf(usernameFormat);
        expect(codeInSeries(series, a) === codeInSeries(series, b)).toBe(a === b);
      }),
      { numRuns: 200 },
    );
  });
});
