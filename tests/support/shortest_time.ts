/**
 * Times that a busy machine does not make wrong: tests compare two of them, and never one with a limit.
 * @module
 */

/** The shortest of five runs, milliseconds: whatever else the machine does only adds time. */
export function shortestTime(run: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  });
  return Math.min(...times);
}
