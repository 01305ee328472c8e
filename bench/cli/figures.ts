/**
 * Computes and prints figures.
 * @module
 */

/** The median. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which the fraction `part` of all values lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * part)] ?? NaN;
}

/** Prints one line: what was measured, the result, and the target if there is one. */
export function report(what: string, figure: string, wanted = ""): void {
  console.log(what.padEnd(46) + figure.padEnd(32) + (wanted && `wanted: ${wanted}`));
}
