/**
 * The protocol's messages on the streams of the command: one JSON object per line.
 * @module
 */
import { deserializeMessage, serializeMessage } from "@modelcontextprotocol/server";
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/server";
import type { Input, Io } from "../../command_line/io.ts";

/** The longest line, in bytes, as in the SDK: a longer one ends the connection. */
const LONGEST_LINE = 10 * 1024 * 1024;

const NEWLINE = 10;

/** Reads messages from stdin and writes them to stdout, until one of the two ends. */
export class IoTransport implements Transport {
  onmessage?: Transport["onmessage"];
  onclose?: Transport["onclose"];
  onerror?: Transport["onerror"];
  readonly #io: Io;
  readonly #closed = Promise.withResolvers<void>();
  #isClosed = false;
  /** Resolves after the last write that was queued: parts of two messages must not mix. */
  #written: Promise<void> = Promise.resolve();

  constructor(io: Io) {
    this.#io = io;
  }

  /** Resolves when the host has closed stdin or stdout, or the transport was closed. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  start(): Promise<void> {
    this.#read().catch((error: unknown) => this.#report(error)).finally(() => this.close());
    return Promise.resolve();
  }

  send(message: JSONRPCMessage): Promise<void> {
    const line = serializeMessage(message);
    const write = this.#written.then(() => this.#io.stdout.write(line));
    this.#written = write.catch(() => void this.close()); // The host has stopped reading.
    return write;
  }

  close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.onclose?.();
      this.#closed.resolve();
    }
    return Promise.resolve();
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const line of linesOf(this.#io.stdin)) {
      if (this.#isClosed) return;
      let message: JSONRPCMessage;
      try {
        message = deserializeMessage(decoder.decode(line));
      } catch {
        continue; // What is not a message has no id to answer to.
      }
      this.onmessage?.(message);
    }
  }

  #report(error: unknown): void {
    this.onerror?.(error instanceof Error ? error : new Error(String(error)));
  }
}

/** @throws {Error} A line is too long. */
async function* linesOf(input: Input): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for (let bytes = await input.read(); bytes !== null; bytes = await input.read()) {
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE)) {
      yield joined([...parts, bytes.subarray(0, end)]);
      bytes = bytes.subarray(end + 1);
      parts = [];
      length = 0;
    }
    length += bytes.length;
    if (length > LONGEST_LINE) throw new Error(`A message is longer than ${LONGEST_LINE} bytes.`);
    if (bytes.length > 0) parts.push(bytes);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return only;
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
