import { exportJWK } from 'jose';
import type { Clock } from '#platform/clock.ts';
import type { SigningKey } from './signing-key.ts';
import type { KeptKey } from './signing-keys.ts';

/** The public half of a key, as a JSON Web Key (RFC 7517, RFC 7518 §6.3.1). */
export type PublishedKey = {
  readonly kty: string;
  readonly n: string;
  readonly e: string;
  readonly kid: string;
  readonly alg: 'RS256';
  readonly use: 'sig';
};

/** The signing keys as one process has them in hand. */
export type KeyRing = {
  /** The key that signs. */
  current(): Promise<SigningKey>;
  /** Null: none of ours, or retired for so long that nothing it signed is still good. */
  find(id: string): Promise<SigningKey | null>;
  /** The public halves, for `/.well-known/jwks.json` (RFC 7517). */
  published(): Promise<readonly PublishedKey[]>;
};

/** Another process's new key signs here after so long. */
const believedMs = 60_000;
/** An unknown key id may be a new key of another process, or nonsense: it makes us look again at most so often. */
const lookAgainMs = 1_000;

type Held = { readonly keys: readonly KeptKey[]; readonly at: number };

const isCurrent = ({ retiredAt }: KeptKey): boolean => retiredAt === null;

/** `read` answers the keys that sign or verify. While it fails, what was read last goes on being used. */
export function createKeyRing(read: () => Promise<readonly KeptKey[]>, clock: Clock): KeyRing {
  let held: Held | null = null;
  let reading: Promise<Held> | null = null;

  function readAgain(): Promise<Held> {
    reading ??= read()
      .then((keys) => {
        held = { keys, at: clock() };
        return held;
      })
      .finally(() => {
        reading = null;
      });
    return reading;
  }

  async function notOlderThan(ageMs: number): Promise<Held> {
    // A clock that was set back makes what is held no younger.
    const age = held ? clock() - held.at : Number.POSITIVE_INFINITY;
    if (held && age >= 0 && age < ageMs) return held;
    try {
      return await readAgain();
    } catch (error) {
      if (held) return held;
      throw error;
    }
  }

  const among = (keys: readonly KeptKey[], id: string) => keys.find(({ key }) => key.id === id)?.key ?? null;

  return {
    current: async () => {
      const key = (await notOlderThan(believedMs)).keys.find(isCurrent)?.key;
      if (!key) throw new Error('There is no signing key: the hub makes one when it starts.');
      return key;
    },
    find: async (id) =>
      among((await notOlderThan(believedMs)).keys, id) ?? among((await notOlderThan(lookAgainMs)).keys, id),
    published: async () =>
      Promise.all(
        (await notOlderThan(believedMs)).keys.map(async ({ key }) => {
          const { n = '', e = '' } = await exportJWK(key.publicKey);
          return { kty: 'RSA', n, e, kid: key.id, alg: 'RS256', use: 'sig' };
        }),
      ),
  };
}
