/**
 * Says what a machine lacks to prove, so that nothing passes in silence.
 * @module
 */

/** Writes one line, for tests that are ignored; returns it. */
export function tellNotProved(what: string, reason: string): string {
  const line = `NOT PROVED, ${what}: ${reason}`;
  Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
  return line;
}

/** The same, and registers an ignored test that the summary counts, where there is none yet. */
export function skip(what: string, reason: string): void {
  Deno.test({ name: tellNotProved(what, reason), ignore: true, fn() {} });
}
