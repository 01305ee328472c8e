/**
 * 2,000 generated command lines: none crashes, and with the real cliffy and @std they mean the same.
 *
 * ROOMZ_REAL_CONFIG names a Deno configuration that links the real packages from their repositories.
 * @module
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { skip } from "../support/skip.ts";
import { generateLines, meaningOf } from "./support/command_lines.ts";

const LINES = 2_000;

Deno.test("every command line is help, a call or a usage error", async () => {
  const seen = new Map<string, number>();
  for (const line of generateLines(LINES, 1)) {
    const meaning = await meaningOf(line);
    const [kind = ""] = Object.keys(meaning);
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    if ("error" in meaning) assertEquals(meaning.exitCode, 2, line.join(" "));
  }
  assertEquals([...seen.keys()].toSorted(), ["error", "help", "ran"]);
});

const realConfig = Deno.env.get("ROOMZ_REAL_CONFIG");
if (realConfig === undefined) {
  skip("the same command lines on the real cliffy", "ROOMZ_REAL_CONFIG is not set");
} else {
  Deno.test("command lines mean the same with the real cliffy and @std", async () => {
    const here = await meanings(Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json");
    assertEquals(await meanings(realConfig), here);
    assertEquals(here.length, LINES);
  });
}

async function meanings(config: string): Promise<string[]> {
  const script = fromFileUrl(new URL("support/command_lines.ts", import.meta.url));
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", `--config=${config}`, script, `${LINES}`, "2"],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}
