/**
 * Says what was not proved, so that a skipped test is seen.
 * @module
 */

/** Registers one ignored test and writes one line. */
export function skip(notProved: string, reason: string): void {
  const name = `NOT PROVED, ${notProved}: ${reason}`;
  Deno.test({ name, ignore: true, fn() {} });
  Deno.stderr.writeSync(new TextEncoder().encode(`${name}\n`));
}
