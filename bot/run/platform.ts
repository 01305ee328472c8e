/**
 * What running a bot takes from the machine; tests replace it.
 * @module
 */
import { type Clock, MAX_TIMER_DELAY } from "../context/clock.ts";

/** The signals of the system that ask a program to end. */
export type EndingSignal = "SIGINT" | "SIGTERM";

/** The parts of the machine that are used. */
export interface Platform extends Clock {
  /** Calls `listener` when the system asks to end; the function that it returns ends that. */
  onEndingSignal(listener: (signal: EndingSignal) => void): () => void;
  /** Hands over every rejection that nobody handles; the function that it returns ends that. */
  onUnhandledRejection(listener: (reason: unknown) => void): () => void;
}

/** The machine that the program runs on. */
export const systemPlatform: Platform = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(callback, delay) {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (left: number) => {
      const later = () => left > MAX_TIMER_DELAY ? wait(left - MAX_TIMER_DELAY) : callback();
      timer = setTimeout(later, Math.min(left, MAX_TIMER_DELAY));
    };
    wait(delay);
    return () => clearTimeout(timer);
  },
  onEndingSignal(listener) {
    // Windows knows no SIGTERM.
    const signals: readonly EndingSignal[] = Deno.build.os === "windows"
      ? ["SIGINT"]
      : ["SIGINT", "SIGTERM"];
    const listeners = signals.map((signal) => [signal, () => listener(signal)] as const);
    for (const [signal, handler] of listeners) Deno.addSignalListener(signal, handler);
    return () => {
      for (const [signal, handler] of listeners) Deno.removeSignalListener(signal, handler);
    };
  },
  onUnhandledRejection(listener) {
    const handler = (event: PromiseRejectionEvent) => {
      event.preventDefault();
      listener(event.reason);
    };
    globalThis.addEventListener("unhandledrejection", handler);
    return () => globalThis.removeEventListener("unhandledrejection", handler);
  },
};
