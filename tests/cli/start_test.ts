/**
 * What Deno reads before a command does anything: the start is short because it is little.
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { RUN_FLAGS } from "../../cli/config/permissions.ts";
import { evaluatedBefore } from "../support/module_graph.ts";
import { bareEnvironment } from "./support/bare_environment.ts";

const root = new URL("../../", import.meta.url);
const ENTRY_POINT = "cli/main.ts";

/** The modules on the way of each start, and how many there may be: each takes 0.15 ms. */
const STARTS: readonly (readonly [what: string, modules: readonly string[], most: number])[] = [
  ["roomz --version and errors", [], 18],
  ["roomz whoami", ["cli/commands/whoami.ts"], 45],
  ["the chat's first frame", ["cli/commands/chat.ts", "cli/chat/screen_chat.ts"], 52],
];
for (const [what, modules, most] of STARTS) {
  Deno.test(`${what}: at most ${most} modules, none of a package, of bots or of another command`, async () => {
    const read = await readFor(modules);
    assert(read.includes("cli/program.ts"), "the graph was read");
    const foreign =
      /^(npm|jsr|https|node):|^(dev_server|testing)\/|^bot\/(?!text\/)|^cli\/commands\//;
    assertEquals(read.filter((file) => foreign.test(file) && !modules.includes(file)), []);
    assert(read.length <= most, `${read.length} modules: ${read.join(" ")}`);
  });
}

Deno.test("roomz whoami works where nothing else is, with the flags of an installation", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const file of await readFor(["cli/commands/whoami.ts"])) {
      await Deno.mkdir(join(folder, dirname(file)), { recursive: true });
      await Deno.copyFile(new URL(file, root), join(folder, file));
    }
    // Without the imports, no package can be found.
    await Deno.writeTextFile(join(folder, "deno.json"), '{ "version": "1.0.0" }');
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-lock", ...RUN_FLAGS, join(folder, ENTRY_POINT), "whoami"],
      clearEnv: true,
      env: { ...bareEnvironment, HOME: folder, DENO_DIR: join(folder, "deno_dir"), NO_COLOR: "1" },
      cwd: folder,
    }).output();
    assertStringIncludes(new TextDecoder().decode(stderr), "roomz: Not logged in to ");
    assertEquals(code, 3);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** The files that the entry point and the modules that it loads need. */
async function readFor(modules: readonly string[]): Promise<string[]> {
  const all = await Promise.all(
    [ENTRY_POINT, ...modules].map((file) => evaluatedBefore(root, file)),
  );
  return [...new Set(all.flat())];
}
