import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/** Seconds that a code of the authenticator is shown. */
const stepSeconds = 30;
const issuer = 'Jembatan';
const totpOf = (secret: string, label = 'user'): TOTP =>
  new TOTP({ issuer, label, algorithm: 'SHA1', digits: 6, period: stepSeconds, secret: Secret.fromBase32(secret) });

/** A new secret of 160 bits (RFC 4226 §4, R6), in base32. */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32;

/** What the authenticator scans. */
export const totpUrl = (secret: string, email: string): string => totpOf(secret, email).toString();

/** The step that a code belongs to, of the present one and its two neighbours (RFC 6238 §5.2); null: of none of them. */
export function totpStep(secret: string, code: string, now: number): number | null {
  const delta = totpOf(secret).validate({ token: code, timestamp: now, window: 1 });
  return delta === null ? null : Math.floor(now / 1_000 / stepSeconds) + delta;
}

export const isTotpCode = (text: string): boolean => /^\d{6}$/.test(text);

/** Letters and digits that are not taken for each other on paper. */
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

/** A recovery code of 60 bits, as `xxxx-xxxx-xxxx`. */
function newRecoveryCode(): string {
  const letters = [...randomBytes(12)].map((byte) => alphabet[byte % alphabet.length]).join('');
  return letters.replace(/(.{4})(?=.)/g, '$1-');
}

export const newRecoveryCodes = (): readonly string[] => Array.from({ length: 10 }, newRecoveryCode);

/** However it was typed from the paper. The user stands in it, so that equal codes of two users differ. */
export const recoveryHash = (userId: string, code: string): Buffer =>
  createHash('sha256')
    .update(`${userId} ${code.toLowerCase().replace(/[^a-z0-9]/g, '')}`)
    .digest();
