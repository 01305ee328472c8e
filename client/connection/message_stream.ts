/**
 * Messages as an async iterable with a bounded buffer.
 * @module
 */
import { ClientError } from "../base/errors.ts";
import type { Message } from "../base/events.ts";

/** How many unread messages are buffered. */
export const MAX_BUFFERED = 10_000;

/** The messages of a client since the stream was created. */
export class MessageStream implements AsyncIterableIterator<Message> {
  readonly #onEnd: () => void;
  #buffer: Message[] = [];
  #readers: PromiseWithResolvers<IteratorResult<Message, undefined>>[] = [];
  /** How the stream ended; undefined while it is open. */
  #ended: { readonly error: Error | undefined } | undefined;

  /** `onEnd` is called once, when the stream ends. */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  /** Adds a message. A reader that falls too far behind gets an error rather than a gap. */
  push(message: Message): void {
    if (this.#ended !== undefined) return;
    const reader = this.#readers.shift();
    if (reader !== undefined) reader.resolve({ done: false, value: message });
    else if (this.#buffer.length < MAX_BUFFERED) this.#buffer.push(message);
    else {
      this.end(
        new ClientError(`More than ${MAX_BUFFERED} messages are waiting to be read.`, {
          advice: 'Read messages() faster, or handle the "message" event.',
        }),
      );
    }
  }

  /** Ends the stream after the buffered messages, with an error if one is given. */
  end(error?: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = { error };
    this.#onEnd();
    const readers = this.#readers;
    this.#readers = [];
    for (const reader of readers) {
      if (error === undefined) reader.resolve({ done: true, value: undefined });
      else reader.reject(error);
    }
  }

  /** The next message. */
  next(): Promise<IteratorResult<Message, undefined>> {
    const message = this.#buffer.shift();
    if (message !== undefined) return Promise.resolve({ done: false, value: message });
    if (this.#ended === undefined) {
      const reader = Promise.withResolvers<IteratorResult<Message, undefined>>();
      this.#readers.push(reader);
      return reader.promise;
    }
    const { error } = this.#ended;
    // Reported once; after that the stream is done.
    this.#ended = { error: undefined };
    return error === undefined
      ? Promise.resolve({ done: true, value: undefined })
      : Promise.reject(error);
  }

  /** Ends the stream and drops the buffered messages. */
  return(): Promise<IteratorResult<Message, undefined>> {
    this.#buffer = [];
    this.end();
    this.#ended = { error: undefined };
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
