import { describe, expect, it } from 'vitest';
import { moneyText } from './money-text.ts';

describe('money for people', () => {
  it('L2: rupiah are written as they are in Indonesia, in either language', () => {
    for (const language of ['id', 'en'] as const) {
      expect(moneyText(150_000n, 'IDR', language)).toBe('Rp 150.000');
      expect(moneyText(-1_234_567n, 'IDR', language)).toBe('-Rp 1.234.567');
      expect(moneyText(0n, 'IDR', language)).toBe('Rp 0');
    }
  });

  it('other currencies follow the language', () => {
    expect(moneyText(123_450n, 'USD', 'en')).toBe('USD 1,234.50');
    expect(moneyText(123_450n, 'USD', 'id')).toBe('USD 1.234,50');
  });
});
