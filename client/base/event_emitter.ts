/**
 * Calls event handlers in the order of their registration, and isolates their failures.
 * @module
 */
import { messageOf } from "./errors.ts";
import type { EventHandler, EventMap, EventName } from "./events.ts";

type HandlerLists = { [K in EventName]?: readonly EventHandler<K>[] };

/** The event handlers of one client. */
export class EventEmitter {
  // Lists are replaced, never changed, so that on() and off() do not disturb an ongoing emit().
  readonly #handlers: HandlerLists = {};

  /** Adds a handler. */
  on<K extends EventName>(event: K, handler: EventHandler<K>): void {
    const lists: { [P in K]?: readonly EventHandler<P>[] } = this.#handlers;
    lists[event] = [...(lists[event] ?? []), handler];
  }

  /** Removes a handler, or all handlers of the event. */
  off<K extends EventName>(event: K, handler?: EventHandler<K>): void {
    const lists: { [P in K]?: readonly EventHandler<P>[] } = this.#handlers;
    const list = lists[event];
    if (list === undefined) return;
    lists[event] = handler === undefined ? [] : list.filter((entry) => entry !== handler);
  }

  /** Calls every handler of the event. A handler that throws or rejects causes an `error` event. */
  emit<K extends EventName>(event: K, payload: EventMap[K]): void {
    const lists: { [P in K]?: readonly EventHandler<P>[] } = this.#handlers;
    const list = lists[event];
    if (list === undefined) return;
    for (let i = 0; i < list.length; i++) {
      try {
        const result = list[i]?.(payload);
        if (isThenable(result)) {
          result.then(undefined, (error) => this.#handlerFailed(event, error));
        }
      } catch (error) {
        this.#handlerFailed(event, error);
      }
    }
  }

  #handlerFailed(event: EventName, cause: unknown): void {
    const error = `A handler of "${event}" failed: ${messageOf(cause)}`;
    if (event !== "error" && (this.#handlers.error?.length ?? 0) > 0) {
      this.emit("error", { error, code: 500, cause });
    } else {
      // The last resort: there is no error handler, or it is the error handler that failed.
      // deno-lint-ignore no-console
      console.error(`${error} (register an "error" handler that does not throw)`, cause);
    }
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}
