/**
 * The commands as their own help lists them, so that no test forgets a new one.
 * @module
 */
import { roomz } from "./test_io.ts";

/** Every command, as its help lists them, with its options. */
export async function allCommands(path: readonly string[] = []): Promise<Map<string, string[]>> {
  const { stdout } = await roomz([...path, "--help"]);
  const options = [...stdout.matchAll(/^ *(?:-\w, )?--([\w-]+)/gm)].map(([, name = ""]) => name);
  const found = new Map([[path.join(" "), options]]);
  const [, list = ""] = stdout.split(/^Commands:$/m);
  for (const [, name = ""] of list.matchAll(/^ {2}(\w+)/gm)) {
    for (const [below, its] of await allCommands([...path, name])) found.set(below, its);
  }
  return found;
}
