/**
 * Finds all commands through their help, so that tests cover new ones automatically.
 * @module
 */
import { roomz } from "./test_io.ts";

/** Every command below `path`, with its options. */
export async function allCommands(path: readonly string[] = []): Promise<Map<string, string[]>> {
  const { stdout } = await roomz([...path, "--help"]);
  const options = [...stdout.matchAll(/^ *(?:-\w, )?--([\w-]+)/gm)].map(([, name = ""]) => name);
  const found = new Map([[path.join(" "), options]]);
  const [, list = ""] = stdout.split(/^Commands:$/m);
  for (const [, name = ""] of list.matchAll(/^ {2}(\w+)/gm)) {
    for (const [command, its] of await allCommands([...path, name])) found.set(command, its);
  }
  return found;
}
