/**
 * Reads keys from a terminal in raw mode.
 * @module
 */
import { interruptible } from "../command_line/interruption.ts";
import type { Input } from "../command_line/io.ts";
import { type Key, KeyDecoder } from "./key_decoder.ts";

/** ESC counts as a key, and an unmarked paste ends, if nothing follows for this long, milliseconds. */
const REST_TIMEOUT = 50;

/**
 * The keys in `input`, until it ends. Reads only when the next key is asked for.
 * @throws The abort reason, as soon as `signal` aborts.
 */
export async function* readKeys(input: Input, signal: AbortSignal): AsyncGenerator<Key> {
  const decoder = new KeyDecoder();
  for (;;) {
    const reading = interruptible(signal, input.read());
    if (decoder.isIncomplete && !await settlesInTime(reading)) yield* decoder.flush();
    const bytes = await reading;
    if (bytes === null) return yield* decoder.flush();
    yield* decoder.decode(bytes);
  }
}

async function settlesInTime(reading: Promise<unknown>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(resolve, REST_TIMEOUT, false);
  try {
    return await Promise.race([reading.then(() => true), promise]);
  } finally {
    clearTimeout(timer);
  }
}
