/**
 * Figures, as they are printed.
 * @module
 */

/** The value in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that this part of all is below. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * part)] ?? NaN;
}

/** Prints a figure. */
export function report(what: string, figure: string, wanted = ""): void {
  console.log(what.padEnd(46) + figure.padEnd(32) + (wanted && `wanted: ${wanted}`));
}
