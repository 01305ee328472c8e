/**
 * What Deno reads before a command does anything: the start is short because it is little.
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { type Io, main } from "@roomz/roomz/cli";
import { RUN_FLAGS } from "../../cli/config/permissions.ts";
import { evaluatedBefore } from "../support/module_graph.ts";
import { bareEnvironment } from "./support/bare_environment.ts";
import { TestHome } from "./support/test_home.ts";
import { TestIo } from "./support/test_io.ts";

const root = new URL("../../", import.meta.url);
const ENTRY_POINT = "cli/main.ts";

/**
 * The modules on the way of each start, and how many there may be: each takes 0.15 ms. There is room for two
 * or three more; what needs more than that is loaded when it is used.
 */
const STARTS: readonly (readonly [what: string, modules: readonly string[], most: number])[] = [
  ["roomz --version and errors", [], 21],
  ["roomz whoami", ["cli/commands/whoami.ts"], 48],
  ["the chat's first frame", ["cli/commands/chat.ts", "cli/chat/screen_chat.ts"], 55],
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

// Deno takes 5 to 8 ms for the first call of a process, even if it stops no timer.
Deno.test("neither whoami without a session nor the chat's first frame calls setTimeout or clearTimeout", async () => {
  await using home = await TestHome.make();
  const env = { ...home.env, ROOMZ_SERVER_URL: "http://127.0.0.1:9", TERM: "xterm" };
  using timers = countTimers();
  const whoami = new TestIo({ env });
  assertEquals(await main(["whoami"], whoami), 3);
  assertEquals(timers.calls, 0, "whoami");

  const { stdin, stderr, signal, stdout } = new TestIo({ env, terminalColumns: 80, stdin: null });
  let atFrame: number | undefined;
  const io: Io = {
    ...{ stdin, stderr, signal, env: (name) => whoami.env(name), workingFolder: () => home.path },
    stdout: {
      isTerminal: true,
      columns: () => 80,
      write(text) {
        if (text.includes("○ loading")) atFrame ??= timers.calls;
        return stdout.write(text);
      },
    },
    terminal: {
      size: () => ({ columns: 80, rows: 24 }),
      onChange: () => () => {},
      onExit: () => () => {},
      writeNow() {},
    },
  };
  stdin.type("\x04"); // Ctrl+D leaves the chat.
  assertEquals(await main([], io), 0);
  assertEquals(atFrame, 0, "the first frame");
});

/** Counts the calls of the functions that load Deno's timers, until it is disposed. */
function countTimers(): { readonly calls: number } & Disposable {
  const { setTimeout, clearTimeout } = globalThis;
  const counter = {
    calls: 0,
    [Symbol.dispose]: () => void Object.assign(globalThis, { setTimeout, clearTimeout }),
  };
  for (const [name, original] of Object.entries({ setTimeout, clearTimeout })) {
    const counted = (...args: unknown[]): unknown => {
      counter.calls++;
      return Reflect.apply(original, globalThis, args);
    };
    Object.assign(globalThis, { [name]: counted });
  }
  return counter;
}

/** The files that the entry point and the modules that it loads need. */
async function readFor(modules: readonly string[]): Promise<string[]> {
  const all = await Promise.all(
    [ENTRY_POINT, ...modules].map((file) => evaluatedBefore(root, file)),
  );
  return [...new Set(all.flat())];
}
