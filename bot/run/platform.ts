/**
 * What a running bot takes from the system: time, signals, unhandled rejections. Tests replace it.
 * @module
 */
import { MAX_TIMER_DELAY } from "../../client/base/platform.ts";
import type { Clock } from "../context/clock.ts";

/** The signals that stop a bot. */
export type StopSignal = "SIGINT" | "SIGTERM";

/** The parts of the system that a running bot uses. */
export interface Platform extends Clock {
  /** Calls `listener` for every signal to stop; the returned function removes it. */
  onStopSignal(listener: (signal: StopSignal) => void): () => void;
  /** Calls `listener` for every unhandled rejection; the returned function removes it. */
  onUnhandledRejection(listener: (reason: unknown) => void): () => void;
}

/** The system that the program runs on. */
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
  onStopSignal(listener) {
    // Windows has no SIGTERM.
    const signals: readonly StopSignal[] = Deno.build.os === "windows"
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
