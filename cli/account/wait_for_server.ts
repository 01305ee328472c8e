/**
 * Waits for a server that is not up yet, for commands that run until they are stopped.
 * @module
 */
import { Backoff } from "../../client/connection/backoff.ts";
import { isTransient, requestedDelay } from "../../client/connection/transient.ts";
import type { CommandInput } from "../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import { interruptible } from "../command_line/interruption.ts";
import type { Io } from "../command_line/io.ts";
import { say } from "../terminal/output.ts";

/** The upper bounds of the first and of any delay between two attempts, milliseconds. */
const FIRST_DELAY = 500;
const LONGEST_DELAY = 5_000;

/** The longest time that `--wait` takes, in hours: a longer one is a typing error. */
const MOST_HOURS = 24;

/**
 * How long to wait according to `--wait` and `--no-wait`, in milliseconds; undefined without either.
 * @throws {CommandError} The value is not a duration, or both were given.
 */
export function readWait(input: CommandInput): number | undefined {
  const text = input.text("wait");
  if (text === undefined) return input.flag("noWait") ? 0 : undefined;
  if (input.flag("noWait")) {
    throw new CommandError("--wait cannot be combined with --no-wait.", ExitCode.USAGE);
  }
  const [, hours = 0, minutes = 0, seconds = 0] =
    /^(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/.exec(text) ?? [];
  const wait = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
  const isDuration = wait > 0 || /^0+[smh]?$/.test(text);
  if (isDuration && wait <= MOST_HOURS * 3_600_000) return wait;
  throw new CommandError(
    `--wait must be a duration up to ${MOST_HOURS}h, such as 30s, 5m or 1h30m, but is "${text}".`,
    ExitCode.USAGE,
  );
}

/**
 * Calls `connect` until it succeeds, for at most `wait` milliseconds (default: until `signal` aborts).
 * The first failure is reported on stderr. An attempt in progress is never cut off: it may be using up a
 * magic-link token.
 * @throws The last error of `connect`, when the time is up or trying again cannot help.
 */
export async function connectWhenUp<T>(
  io: Io,
  wait: number | undefined,
  connect: () => Promise<T>,
  signal: AbortSignal = io.signal,
): Promise<T> {
  const limit = wait ?? Infinity;
  const start = performance.now();
  const backoff = new Backoff(FIRST_DELAY, Math.random);
  for (let attempt = 1;; attempt++) {
    try {
      return await connect();
    } catch (error) {
      const left = start + limit - performance.now();
      if (signal.aborted || left <= 0 || !isTransient(error)) throw error;
      if (attempt === 1) await say(io, `${error.facts} ${waitingFor(wait)}`);
      const delay = Math.max(Math.min(backoff.next(), LONGEST_DELAY), requestedDelay(error));
      await sleep(Math.min(delay, left), signal);
    }
  }
}

function waitingFor(wait: number | undefined): string {
  return wait === undefined
    ? "Waiting for the server. Press Ctrl+C to stop (--no-wait: fail at once)."
    : `Waiting for the server for up to ${wait / 1_000} s.`;
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  try {
    await interruptible(signal, promise);
  } finally {
    clearTimeout(timer);
  }
}
