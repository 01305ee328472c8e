/**
 * A signal that reaches a process twice.
 *
 * systemd and `timeout` send SIGTERM to all processes of a service or a group, and `deno task` passes
 * its own on: the child of a task gets both. Taken as two requests, the second one would end a bot at
 * once, in the middle of its handlers.
 * @module
 */

/** How far apart both may be on a busy machine, milliseconds. */
const WINDOW = 250;

/**
 * Tells for each signal whether it repeats an earlier one. Only SIGTERM is repeated: Ctrl+C arrives once,
 * and whoever presses it again means it.
 */
export function repeatedSignals(monotonic: () => number): (signal: string) => boolean {
  let received = -Infinity;
  return (signal) => {
    if (signal !== "SIGTERM") return false;
    const time = monotonic();
    if (time - received < WINDOW) return true;
    received = time;
    return false;
  };
}
