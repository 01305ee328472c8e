/**
 * Reports what this machine cannot test, so that nothing passes in silence.
 * @module
 */

/** Writes one line, for tests that are ignored, and returns it. */
export function reportSkipped(what: string, reason: string): string {
  const line = `SKIPPED, ${what}: ${reason}`;
  Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
  return line;
}

/** The same, and registers an ignored test that the summary counts. */
export function skip(what: string, reason: string): void {
  Deno.test({ name: reportSkipped(what, reason), ignore: true, fn() {} });
}

/** The same in a test that has begun, because only it could find out. */
export async function skipRest(t: Deno.TestContext, what: string, reason: string): Promise<void> {
  await t.step({ name: reportSkipped(what, reason), ignore: true, fn() {} });
}
