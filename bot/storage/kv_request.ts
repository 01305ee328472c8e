/**
 * How large a request to a KV server is, and how a large one is sent without a delay.
 *
 * Deno writes the head of a request and a body of 1,024 bytes or more apart, with Nagle's algorithm on, as
 * it does with two requests on one handle: the second part waits some 44 ms for the server's system to
 * acknowledge the first. If a small request goes before a large one in the same tick, both parts of the
 * large one leave together. A small request gains nothing by that and waits itself, so sizes are exact.
 * (Measured with Deno 2.9.6 and denokv 0.14.0: `deno task bench:kv`.)
 * @module
 */
import type { KvHandle } from "./kv_handle.ts";
import type { StorageKey } from "./storage.ts";

/** The smallest body of a request that Deno writes apart from its head, bytes. */
const LARGE_BODY = 1_024;

/** Any small request will do. */
const SMALL_READ: StorageKey = ["prompt"];

/** What a write has to say, as far as its size depends on it. */
export interface WriteShape {
  readonly checks: readonly { readonly key: StorageKey; readonly version: string | null }[];
  readonly sets: readonly { readonly key: StorageKey; readonly bytes: number }[];
  readonly deletes?: readonly StorageKey[];
  /** Whether the values that are set have an expiry. */
  readonly expires?: boolean;
}

/** Sends a request whose body has `size` bytes through `send`, which uses only this handle. */
export async function sendPromptly<T>(
  kv: Pick<KvHandle, "get">,
  size: number,
  send: () => Promise<T>,
): Promise<T> {
  if (size < LARGE_BODY) return await send();
  // Its result is not needed; it must have ended when the handle is used again.
  const prompt = kv.get([...SMALL_READ]).catch(() => {});
  try {
    return await send();
  } finally {
    await prompt;
  }
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
