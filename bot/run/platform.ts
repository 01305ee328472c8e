/**
 * What a running bot takes from the system: time, signals, late failures, the end of the process. Tests
 * replace it.
 * @module
 */
import { MAX_TIMER_DELAY } from "../../client/base/platform.ts";
import type { Clock } from "../context/clock.ts";
import { HOLD } from "../question/question_board.ts";

/** The signals that stop a bot. */
export type StopSignal = "SIGINT" | "SIGTERM";

/** The parts of the system that a running bot uses. */
export interface Platform extends Clock {
  /** A number from 0 up to 1, for the delays between attempts to connect, and for handles. */
  random(): number;
  /** How long a new question holds answers back, milliseconds: older ones may be said again. */
  readonly answerHold: number;
  /** Calls `listener` for every signal to stop; the returned function removes it. */
  onStopSignal(listener: (signal: StopSignal) => void): () => void;
  /**
   * Calls `listener` for every rejection that nothing handles; the returned function removes it. The
   * rejection ends the process unless a listener returns true.
   */
  onUnhandledRejection(
    listener: (reason: unknown, promise: Promise<unknown>) => boolean,
  ): () => void;
  /**
   * Calls `listener` for every exception that nothing catches, such as one in a timer's callback. It does
   * not end the process until the returned function removes the listener.
   */
  onUncaughtException(listener: (error: unknown) => void): () => void;
  /** Ends the process at once. Default: with the code that the program has set, or else 0. */
  exit(code?: number): void;
  /**
   * Calls `callback` after `delay` milliseconds, if the process is still running. The wait does not keep
   * it running.
   */
  ifStillRunning(callback: () => void, delay: number): void;
}

/** What the runtime does in a way of its own. */
type Runtime = Omit<Platform, "now" | "monotonic" | "random" | "answerHold" | "schedule">;

const deno: Runtime = {
  onStopSignal(listener) {
    const listeners = stopSignals(Deno.build.os === "windows")
      .map((signal) => [signal, () => listener(signal)] as const);
    for (const [signal, handler] of listeners) Deno.addSignalListener(signal, handler);
    return () => {
      for (const [signal, handler] of listeners) Deno.removeSignalListener(signal, handler);
    };
  },
  onUnhandledRejection(listener) {
    const handler = (event: PromiseRejectionEvent) => {
      if (event.defaultPrevented) return; // Another bot of this process took it.
      if (listener(event.reason, event.promise)) event.preventDefault();
    };
    globalThis.addEventListener("unhandledrejection", handler);
    return () => globalThis.removeEventListener("unhandledrejection", handler);
  },
  onUncaughtException(listener) {
    const handler = (event: ErrorEvent) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      listener(event.error);
    };
    globalThis.addEventListener("error", handler);
    return () => globalThis.removeEventListener("error", handler);
  },
  exit: (code) => Deno.exit(code),
  ifStillRunning(callback, delay) {
    Deno.unrefTimer(setTimeout(callback, delay));
  },
};

/** The listeners of the bots of this process, on Node and Bun: there, the program's event has no result. */
const rejectionListeners = new Set<(reason: unknown, promise: Promise<unknown>) => boolean>();

/** Node and Bun. */
const node: Runtime = {
  onStopSignal(listener) {
    const { process } = globalThis;
    const listeners = stopSignals(process.platform === "win32")
      .map((signal) => [signal, () => listener(signal)] as const);
    for (const [signal, handler] of listeners) process.on(signal, handler);
    return () => {
      for (const [signal, handler] of listeners) process.off(signal, handler);
    };
  },
  onUnhandledRejection(listener) {
    const { process } = globalThis;
    if (rejectionListeners.size === 0) process.on("unhandledRejection", takeRejection);
    rejectionListeners.add(listener);
    return () => {
      rejectionListeners.delete(listener);
      if (rejectionListeners.size === 0) process.off("unhandledRejection", takeRejection);
    };
  },
  onUncaughtException(listener) {
    const { process } = globalThis;
    process.on("uncaughtException", listener);
    return () => process.off("uncaughtException", listener);
  },
  exit: (code) => globalThis.process.exit(code),
  ifStillRunning(callback, delay) {
    const timer: unknown = setTimeout(callback, delay); // For Deno's types a number, here an object.
    if (timer instanceof Object && "unref" in timer && timer.unref instanceof Function) {
      timer.unref();
    }
  },
};

function takeRejection(reason: unknown, promise: Promise<unknown>): void {
  for (const listener of rejectionListeners) if (listener(reason, promise)) return;
  // Any listener, also this one, keeps a rejection from ending the program: what no bot takes must.
  if (globalThis.process.listenerCount("unhandledRejection") === 1) throw reason;
}

/** Windows has no SIGTERM. */
function stopSignals(isWindows: boolean): readonly StopSignal[] {
  return isWindows ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
}

/** The system that the program runs on. */
export const systemPlatform: Platform = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  answerHold: HOLD,
  schedule(callback, delay) {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (left: number) => {
      const later = () => left > MAX_TIMER_DELAY ? wait(left - MAX_TIMER_DELAY) : callback();
      timer = setTimeout(later, Math.min(left, MAX_TIMER_DELAY));
    };
    wait(delay);
    return () => clearTimeout(timer);
  },
  ...(typeof Deno === "undefined" ? node : deno),
};
