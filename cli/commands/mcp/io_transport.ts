/**
 * The protocol's messages on the streams of the command: one JSON object per line.
 * @module
 */
import {
  deserializeMessage,
  isJSONRPCRequest,
  type JSONRPCMessage,
  type RequestId,
  serializeMessage,
  type Transport,
} from "@modelcontextprotocol/server";
import type { Input, Io } from "../../command_line/io.ts";

/** The longest line, in bytes, as in the SDK: a longer one ends the connection. */
const LONGEST_LINE = 10 * 1024 * 1024;

const NEWLINE = 10;

/**
 * Reads messages from stdin and writes them to stdout. When stdin ends it does not close: what was asked
 * before can still be answered.
 */
export class IoTransport implements Transport {
  onmessage?: Transport["onmessage"];
  onclose?: Transport["onclose"];
  onerror?: Transport["onerror"];
  readonly #io: Io;
  readonly #ended = Promise.withResolvers<void>();
  readonly #answered = Promise.withResolvers<void>();
  /** The requests without an answer. */
  readonly #pending = new Set<RequestId>();
  #inputEnded = false;
  #isClosed = false;
  /** Resolves after the last write that was queued: parts of two messages must not mix. */
  #written: Promise<void> = Promise.resolve();

  constructor(io: Io) {
    this.#io = io;
  }

  /** Resolves when the host has closed stdin or stdout, or the transport was closed. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Resolves when it has ended and every request has its answer, or none can be given any more. */
  get answered(): Promise<void> {
    return this.#answered.promise;
  }

  start(): Promise<void> {
    this.#read().catch((error: unknown) => this.#report(error)).finally(() => {
      this.#inputEnded = true;
      this.#ended.resolve();
      this.#settle();
    });
    return Promise.resolve();
  }

  send(message: JSONRPCMessage): Promise<void> {
    const line = serializeMessage(message);
    const write = this.#written.then(() => this.#io.stdout.write(line));
    this.#written = write.then(
      () => "id" in message && message.id !== undefined && this.#settle(message.id),
      () => this.close(), // The host has stopped reading.
    ).then(() => {});
    return write;
  }

  close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.onclose?.();
      this.#ended.resolve();
      this.#answered.resolve();
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
      this.#note(message);
      this.onmessage?.(message);
    }
  }

  #note(message: JSONRPCMessage): void {
    // The answer to `subscriptions/listen` is a notification.
    if (isJSONRPCRequest(message) && message.method !== "subscriptions/listen") {
      this.#pending.add(message.id);
    } else if ("method" in message && message.method === "notifications/cancelled") {
      const requestId = message.params?.["requestId"];
      if (typeof requestId === "string" || typeof requestId === "number") this.#settle(requestId);
    }
  }

  /** A request has got its answer, or needs none. */
  #settle(id?: RequestId): void {
    if (id !== undefined) this.#pending.delete(id);
    if (this.#inputEnded && this.#pending.size === 0) this.#answered.resolve();
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
