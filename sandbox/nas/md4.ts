const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

const choose = (x: number, y: number, z: number): number => (x & y) | (~x & z);
const majority = (x: number, y: number, z: number): number => (x & y) | (x & z) | (y & z);
const parity = (x: number, y: number, z: number): number => x ^ y ^ z;

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

/** The three rounds of RFC 1320 §3.4: function, constant, order of the words, and the four shifts in turn. */
const rounds = [
  { mix: choose, constant: 0, order: range(16), shifts: [3, 7, 11, 19] },
  {
    mix: majority,
    constant: 0x5a827999,
    order: range(16).map((at) => (at % 4) * 4 + (at >> 2)),
    shifts: [3, 5, 9, 13],
  },
  {
    mix: parity,
    constant: 0x6ed9eba1,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
  },
] as const;

type State = readonly [number, number, number, number];

function blockDigest(state: State, block: Buffer): State {
  let [a, b, c, d] = state;
  for (const { mix, constant, order, shifts } of rounds) {
    for (const [step, word] of order.entries()) {
      const sum = (a + mix(b, c, d) + block.readUInt32LE(word * 4) + constant) | 0;
      [a, b, c, d] = [d, rotate(sum, shifts[step % 4] ?? 0), b, c];
    }
  }
  return [(state[0] + a) | 0, (state[1] + b) | 0, (state[2] + c) | 0, (state[3] + d) | 0];
}

function padded(message: Uint8Array): Buffer {
  const whole = Buffer.alloc((((message.length + 8) >> 6) + 1) * 64);
  whole.set(message);
  whole[message.length] = 0x80;
  whole.writeBigUInt64LE(BigInt(message.length) * 8n, whole.length - 8);
  return whole;
}

/** MD4 (RFC 1320). Broken for any purpose of its own; MS-CHAPv2 hashes passwords with it, and OpenSSL 3 has it no more. */
export function md4(message: Uint8Array): Buffer {
  const whole = padded(message);
  let state: State = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let at = 0; at < whole.length; at += 64) state = blockDigest(state, whole.subarray(at, at + 64));
  const digest = Buffer.alloc(16);
  for (const [at, word] of state.entries()) digest.writeInt32LE(word, at * 4);
  return digest;
}
