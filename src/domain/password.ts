/** Letters and digits that nobody confuses when a password is read out or typed from paper: no 0 O, no 1 l I. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** Spec C7. */
const passwordLength = 8;

/** Bytes from here on would make the alphabet's first characters likelier than its last. */
const unbiased = 256 - (256 % alphabet.length);

/** A PPPoE password of 8 letters and digits from random bytes, each character equally likely; null: it takes more bytes. */
export function passwordFrom(bytes: Uint8Array): string | null {
  const kept = [...bytes].filter((byte) => byte < unbiased).slice(0, passwordLength);
  return kept.length < passwordLength ? null : kept.map((byte) => alphabet[byte % alphabet.length]).join('');
}

export type PasswordFault = 'length' | 'character' | 'quote';

const utf8Octets = (text: string): number => {
  const widths = [...text].map((character) => {
    const point = character.codePointAt(0) ?? 0;
    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  });
  return widths.reduce((sum, width) => sum + width, 0);
};

/**
 * Why a password that somebody chose cannot be one; null: it can. FreeRADIUS takes a value between quotation marks
 * apart, and runs one between back quotes, so none begins with them; RADIUS carries at most 128 octets.
 */
export function passwordFault(password: string): PasswordFault | null {
  if (/\p{Cc}/u.test(password) || !password.isWellFormed()) return 'character';
  if (password === '' || utf8Octets(password) > 128) return 'length';
  return /^["'`]/.test(password) ? 'quote' : null;
}
