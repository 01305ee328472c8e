/**
 * Messages as an async iterable, with a bounded buffer.
 * @module
 */
import { ClientError } from "../base/errors.ts";
import type { Message } from "../base/events.ts";

/** How many messages may wait to be read. */
export const MOST_BUFFERED = 10_000;

/** The messages of a client from the moment the stream was made. */
export class MessageStream implements AsyncIterableIterator<Message> {
  readonly #onEnd: () => void;
  #buffer: Message[] = [];
  #waiting: PromiseWithResolvers<IteratorResult<Message, undefined>>[] = [];
  /** How the stream ended: undefined while it runs. */
  #ended: { readonly error: Error | undefined } | undefined;

  /** `onEnd` is called once, when no message is wanted any more. */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  /** Adds a message. A reader that fell too far behind gets an error, not a gap. */
  push(message: Message): void {
    if (this.#ended !== undefined) return;
    const reader = this.#waiting.shift();
    if (reader !== undefined) reader.resolve({ done: false, value: message });
    else if (this.#buffer.length < MOST_BUFFERED) this.#buffer.push(message);
    else {
      this.end(
        new ClientError(
          `${MOST_BUFFERED} messages wait to be read: read messages() faster, or handle the ` +
            '"message" event.',
        ),
      );
    }
  }

  /** Ends the stream, after what is buffered: with an error, or quietly. */
  end(error?: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = { error };
    this.#onEnd();
    const readers = this.#waiting;
    this.#waiting = [];
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
      this.#waiting.push(reader);
      return reader.promise;
    }
    const { error } = this.#ended;
    // The error is told once; after it the stream is at its end.
    this.#ended = { error: undefined };
    return error === undefined
      ? Promise.resolve({ done: true, value: undefined })
      : Promise.reject(error);
  }

  /** Stops listening and drops what is buffered. */
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
