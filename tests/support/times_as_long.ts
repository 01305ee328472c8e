/**
 * A comparison of times that a busy machine does not make wrong.
 * @module
 */

/**
 * How many times as long as `base` `run` takes, by the shortest times of the two: whatever else the
 * machine does only adds time. Both are run in turn, five times, and up to 50 times while the result is
 * not below `limit`.
 */
export function timesAsLong(run: () => void, base: () => void, limit: number): number {
  let [shortest, shortestBase] = [Infinity, Infinity];
  for (let round = 0; round < 50; round++) {
    shortestBase = Math.min(shortestBase, timeOf(base));
    shortest = Math.min(shortest, timeOf(run));
    if (round >= 4 && shortest / shortestBase < limit) break;
  }
  return shortest / shortestBase;
}

function timeOf(run: () => void): number {
  const started = performance.now();
  run();
  return performance.now() - started;
}
