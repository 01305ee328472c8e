/**
 * How a value is stored in Deno KV: its bytes, then the mark of the write that put it there.
 *
 * The mark is a byte that UTF-8 never has and 12 random bytes. A value that leaves no room for it within
 * Deno KV's 64 KiB is stored without one.
 * @module
 */
import { MAX_VALUE_BYTES } from "./storage.ts";

/** In place of a value: the key was deleted. */
export const TOMBSTONE: unique symbol = Symbol("tombstone");

/** A stored entry, decoded. */
export interface KvEntry {
  /** The value, or that there is none any more. */
  readonly text: string | typeof TOMBSTONE;
  /** The mark of its write; undefined for an entry without one. */
  readonly nonce: string | undefined;
}

const NONCE_BYTES = 12;
const BEFORE_NONCE = 0xff;
/** The whole value of a tombstone: no UTF-8 either. */
const DELETED = 0xfe;

/** A mark that no other write has. */
export function newNonce(): string {
  return crypto.getRandomValues(new Uint8Array(NONCE_BYTES)).toHex();
}

/** The bytes to store. */
export function encodeEntry(value: Uint8Array | typeof TOMBSTONE, nonce: string): Uint8Array {
  const bytes = value === TOMBSTONE ? Uint8Array.of(DELETED) : value;
  if (bytes.length + 1 + NONCE_BYTES > MAX_VALUE_BYTES) return bytes;
  const entry = new Uint8Array(bytes.length + 1 + NONCE_BYTES);
  entry.set(bytes);
  entry[bytes.length] = BEFORE_NONCE;
  entry.set(Uint8Array.fromHex(nonce), bytes.length + 1);
  return entry;
}

/** Decodes stored bytes; if there is no mark, all of them are the value. */
export function decodeEntry(bytes: Uint8Array): KvEntry {
  const end = bytes.length - 1 - NONCE_BYTES;
  const isMarked = end >= 0 && bytes[end] === BEFORE_NONCE;
  const value = isMarked ? bytes.subarray(0, end) : bytes;
  return {
    text: value.length === 1 && value[0] === DELETED ? TOMBSTONE : new TextDecoder().decode(value),
    nonce: isMarked ? bytes.subarray(end + 1).toHex() : undefined,
  };
}
