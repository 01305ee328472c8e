/**
 * How often each fault is injected: a few times in an ordinary test run, many times with
 * `ROOMZ_FAULTS=long`, which also prints what was measured.
 * @module
 */
import { writeLine } from "./lines.ts";

/** Whether this is the long run. */
export const LONG: boolean = Deno.env.get("ROOMZ_FAULTS") === "long";

/** The number of rounds of this run. */
export function rounds(counts: { readonly short: number; readonly long: number }): number {
  return LONG ? counts.long : counts.short;
}

/**
 * How late something may be, milliseconds: in the long run, which has the machine to itself, as late
 * as is promised; in an ordinary run, where other tests keep the machine busy, later.
 */
export const GRACE: number = LONG ? 250 : 2_000;

/** Tests that stop processes by signals do not run on Windows. */
export const NO_SIGNALS: boolean = Deno.build.os === "windows";

/** Prints a row of the long run's table. */
export function measured(fault: string, result: string): void {
  if (LONG) writeLine(`| ${fault} | ${result} |`);
}

/** The median and the maximum of some durations, as text. */
export function durations(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return `median ${median.toFixed(0)} ms, max ${(sorted.at(-1) ?? 0).toFixed(0)} ms`;
}

/** Bytes as megabytes, as text. */
export function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
