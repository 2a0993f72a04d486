import { createHmac } from 'node:crypto';
import { keyIdOf } from '#platform/sealing.ts';

/** The installation's master keys (docs/adr/0018). */
export type MasterKeys = {
  /** Seals. */
  readonly current: Buffer;
  /** Open what was sealed before the key was changed, until all of it is sealed anew. */
  readonly former: readonly Buffer[];
  /** What is derived comes from this, so that it outlives the keys. */
  readonly derivation: Buffer;
};

/** Of an installation whose key was never changed. */
export const soleKey = (key: Buffer): MasterKeys => ({
  current: key,
  former: [],
  derivation: createHmac('sha256', key).update('derivation').digest(),
});

const keyBytes = 32;
const derivationMark = 'derivation ';

function keyIn(line: string, file: string): Buffer {
  const key = Buffer.from(line, 'base64');
  if (key.length !== keyBytes)
    throw new Error(`${file} must hold ${keyBytes} bytes in base64; it holds ${key.length}.`);
  return key;
}

/** A key a line, the current one first; what is derived from in a line of its own. A file of one key has no such line. */
export function parseMasterKeys(text: string, file: string): MasterKeys {
  const lines = text.split('\n').map((line) => line.trim());
  const derivation = lines.find((line) => line.startsWith(derivationMark))?.slice(derivationMark.length);
  const [current = Buffer.alloc(0), ...former] = lines
    .filter((line) => line !== '' && !line.startsWith(derivationMark))
    .map((line) => keyIn(line, file));
  if (current.length === 0) throw new Error(`${file} must hold ${keyBytes} bytes in base64; it is empty.`);
  if (derivation !== undefined) return { current, former, derivation: keyIn(derivation, file) };
  if (former.length > 0) throw new Error(`${file} holds several keys and no line "derivation …".`);
  return soleKey(current);
}

export const formatMasterKeys = ({ current, former, derivation }: MasterKeys): string =>
  [
    ...[current, ...former].map((key) => key.toString('base64')),
    `${derivationMark}${derivation.toString('base64')}`,
    '',
  ].join('\n');

/** Null: none of them. */
export const keyById = ({ current, former }: MasterKeys, id: string): Buffer | null =>
  [current, ...former].find((key) => keyIdOf(key) === id) ?? null;
