/**
 * Runs programs that may be missing on this machine, such as shells.
 * @module
 */
import { assertEquals } from "@std/assert";

/**
 * What a program prints for `input`; undefined if it is not installed. Fails if it writes to stderr.
 */
export async function outputOf(
  program: string,
  args: readonly string[],
  input: string,
  cwd?: string,
): Promise<string | undefined> {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args: [...args],
      ...(cwd === undefined ? {} : { cwd }),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { stdout, stderr } = await child.output();
  assertEquals(new TextDecoder().decode(stderr), "");
  return new TextDecoder().decode(stdout);
}
