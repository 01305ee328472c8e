/**
 * SHA-256 (FIPS 180-4) of short texts, at once. WebCrypto's takes another thread and a turn for each
 * message, which costs more (Deno 2.9.6), and a simulation whose clock is virtual cannot wait for it.
 * @module
 */

const encoder = new TextEncoder();

/** The first `length` bytes of a text's SHA-256, as base64url. */
export function fingerprint(text: string, length: number): string {
  return sha256(encoder.encode(text)).subarray(0, length)
    .toBase64({ alphabet: "base64url", omitPadding: true });
}

/** The SHA-256 of bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const blocks = padded(bytes);
  const state = new Int32Array(INITIAL);
  for (let block = 0; block < blocks.byteLength; block += 64) {
    for (let i = 0; i < 16; i++) words[i] = blocks.getInt32(block + 4 * i);
    for (let i = 16; i < 64; i++) {
      const early = words[i - 15] ?? 0;
      const late = words[i - 2] ?? 0;
      words[i] = (words[i - 16] ?? 0) + (words[i - 7] ?? 0) +
        (rotated(early, 7) ^ rotated(early, 18) ^ early >>> 3) +
        (rotated(late, 17) ^ rotated(late, 19) ^ late >>> 10);
    }
    compress(state);
  }
  const digest = new DataView(new ArrayBuffer(32));
  for (let i = 0; i < 8; i++) digest.setInt32(4 * i, state[i] ?? 0);
  return new Uint8Array(digest.buffer);
}

/** The first 32 bits of the fractional parts of the square and cube roots of the first primes. */
const [INITIAL, CONSTANTS] = constants();

/** The words of the block at hand. */
const words = new Int32Array(64);

function constants(): [Int32Array, Int32Array] {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n++) {
    if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  }
  const fraction = (root: number) => (root % 1) * 2 ** 32 | 0;
  return [
    Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime))),
    Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime))),
  ];
}

/** The message, a 1 bit, zeros, and the message's length in bits: whole blocks of 64 bytes. */
function padded(bytes: Uint8Array): DataView {
  const blocks = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  blocks.set(bytes);
  blocks[bytes.length] = 0x80;
  const view = new DataView(blocks.buffer);
  view.setUint32(blocks.length - 4, bytes.length * 8);
  return view;
}

function compress(state: Int32Array): void {
  const [a0 = 0, b0 = 0, c0 = 0, d0 = 0, e0 = 0, f0 = 0, g0 = 0, h0 = 0] = state;
  let [a, b, c, d, e, f, g, h] = [a0, b0, c0, d0, e0, f0, g0, h0];
  for (let i = 0; i < 64; i++) {
    const first = h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + (e & f ^ ~e & g) +
        (CONSTANTS[i] ?? 0) + (words[i] ?? 0) | 0;
    const second = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + (a & b ^ a & c ^ b & c) | 0;
    h = g;
    g = f;
    f = e;
    e = d + first | 0;
    d = c;
    c = b;
    b = a;
    a = first + second | 0;
  }
  state.set([a0 + a, b0 + b, c0 + c, d0 + d, e0 + e, f0 + f, g0 + g, h0 + h]);
}

function rotated(word: number, bits: number): number {
  return word >>> bits | word << 32 - bits;
}
