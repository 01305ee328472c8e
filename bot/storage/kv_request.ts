/**
 * How large a request to a KV server is: small ones and large ones are sent differently, so this is exact.
 * (Measured with Deno 2.9.6 and denokv 0.14.0: `deno task bench:kv`.)
 * @module
 */
import type { StorageKey } from "./storage.ts";

/** What a write has to say, as far as its size depends on it. */
export interface WriteShape {
  readonly checks: readonly { readonly key: StorageKey; readonly version: string | null }[];
  readonly sets: readonly { readonly key: StorageKey; readonly bytes: number }[];
  readonly deletes?: readonly StorageKey[];
  /** Whether the values that are set have an expiry. */
  readonly expires?: boolean;
}

/** The body of a request that writes: a message of KV Connect in protobuf, bytes. */
export function writeSize({ checks, sets, deletes = [], expires = false }: WriteShape): number {
  let size = 0;
  for (const { key, version } of checks) {
    size += field(field(keySize(key)) + (version === null ? 0 : field(VERSION_BYTES)));
  }
  for (const { key, bytes } of sets) {
    const value = field((bytes === 0 ? 0 : field(bytes)) + NUMBER);
    size += field(field(keySize(key)) + value + NUMBER + (expires ? EXPIRY_BYTES : 0));
  }
  for (const key of deletes) size += field(field(keySize(key)) + field(NUMBER) + NUMBER);
  return size;
}

/** The body of a request that reads keys, bytes. */
export function readSize(keys: readonly StorageKey[]): number {
  let size = 0;
  for (const key of keys) {
    // A key is read as the range from it to the next possible key, which has one byte more.
    const bytes = keySize(key);
    size += field(field(bytes) + field(bytes + 1) + NUMBER);
  }
  return size;
}

const VERSION_BYTES = 10;
/** A field with a number below 128. */
const NUMBER = 2;
/** A field with a time in milliseconds since 1970. */
const EXPIRY_BYTES = 7;

/** A field of so many bytes: its tag, its length, and they. */
function field(bytes: number): number {
  return 1 + (bytes < 128 ? 1 : bytes < 16_384 ? 2 : 3) + bytes;
}

/** An encoded key: each part has a byte before and after it, and one more for each NUL. */
function keySize(key: StorageKey): number {
  let size = 0;
  for (const part of key) size += 2 + byteLength(part);
  return size;
}

function byteLength(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return new TextEncoder().encode(text.replaceAll("\0", "\0\0")).length;
    if (unit === 0) bytes++;
  }
  return bytes;
}
