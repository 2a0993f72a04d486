import { Secret } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { isTotpCode, newRecoveryCodes, newTotpSecret, recoveryHash, totpStep, totpUrl } from './totp.ts';

/** The secret of RFC 6238's appendix B. */
const rfcSecret = new Secret({ buffer: new TextEncoder().encode('12345678901234567890').buffer }).base32;

describe('the second factor', () => {
  it('I2: takes the codes of RFC 6238, appendix B (its last six digits)', () => {
    const vectors = [
      [59, '287082'],
      [1_111_111_109, '081804'],
      [1_111_111_111, '050471'],
      [1_234_567_890, '005924'],
      [2_000_000_000, '279037'],
    ] as const;
    for (const [seconds, code] of vectors) {
      expect(totpStep(rfcSecret, code, seconds * 1_000)).toBe(Math.floor(seconds / 30));
    }
  });

  it('I2: takes a code one step early or late, and tells the step that it is of; two steps are too many', () => {
    const step = 1_234_567_890 / 30;
    const at = (steps: number) => totpStep(rfcSecret, '005924', (step + steps) * 30_000);
    expect([at(-1), at(0), at(1)]).toEqual([step, step, step]);
    expect([at(-2), at(2)]).toEqual([null, null]);
  });

  it('takes no code that is not six digits', () => {
    for (const text of ['', '12345', '1234567', '12345a', ' 12345', '１２３４５６'])
      expect(isTotpCode(text)).toBe(false);
    expect(isTotpCode('012345')).toBe(true);
  });

  it('draws 160 bits, another each time, and says them as an authenticator reads them', () => {
    const secrets = Array.from({ length: 50 }, newTotpSecret);
    expect(new Set(secrets).size).toBe(50);
    for (const secret of secrets) expect(Secret.fromBase32(secret).bytes).toHaveLength(20);
    const url = new URL(totpUrl(secrets[0] ?? '', 'admin@alpha.example'));
    expect(url.protocol).toBe('otpauth:');
    expect(url.searchParams.get('secret')).toBe(secrets[0]);
  });

  it('recovery codes are ten different ones, and are known however they were typed', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    const code = codes[0] ?? '';
    expect(code).toMatch(/^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/);
    expect(recoveryHash('u', ` ${code.toUpperCase().replaceAll('-', ' ')}`)).toEqual(recoveryHash('u', code));
    expect(recoveryHash('v', code)).not.toEqual(recoveryHash('u', code));
  });
});
