/**
 * Standalone bots as processes of their own: how they end, and what does not end them.
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { mintSession, OTHER_EMAIL } from "../../contract/support/target.ts";
import { ServerProcess } from "../../faults/support/server_process.ts";

const DRAIN = 300;
/**
 * How long a process may take to end after the drain timeout: it takes half a second, and more on a busy
 * machine. What would keep it running does so for longer, most of it for good.
 */
const GRACE = 3_000;

/** A program that runs a standalone bot; `body` defines `commands` and may use `client`. */
function program(body: string, options = `drainTimeout: ${DRAIN}`): string {
  return `
import { defineBot, runBot } from "@roomz/roomz/bot";
import { ScriptedClient } from "${new URL("../support/scripted_client.ts", import.meta.url)}";

const client = new ScriptedClient();
const never = new Promise(() => {});
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let commands = {};
let definition = {};
let storage;
const logger = {
  debug() {},
  info: (message) => {
    console.log(message);
    if (message.includes("ready")) setTimeout(() => client.hear("!go"));
  },
  warn: (message) => console.log(message),
  error: (message, cause) => console.log(message, String(cause)),
};
${body}
const bot = defineBot({ name: "helper", session: { initial: () => ({}) }, commands, ...definition });
await runBot(bot, { client, standalone: true, logger, storage, ${options} });
console.log("stopped");
`;
}

interface Ended {
  readonly code: number;
  readonly output: string;
  /** From the first signal, milliseconds. */
  readonly duration: number;
}

/** Runs a program, and sends it the signals, 300 ms apart, once it prints "go". */
async function run(
  text: string,
  signals: readonly Deno.Signal[],
  flags: readonly string[] = [],
  before = () => {},
): Promise<Ended> {
  const file = await Deno.makeTempFile({ suffix: ".js" });
  await Deno.writeTextFile(file, text);
  const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", `--config=${config}`, ...flags, file],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let output = "";
  let start = NaN;
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    output += chunk;
    if (!/^go$/m.test(output) || start > 0) continue;
    before();
    start = performance.now();
    for (const [index, signal] of signals.entries()) {
      if (index > 0) await new Promise((resolve) => setTimeout(resolve, 300));
      child.kill(signal);
    }
  }
  const { code } = await child.status;
  await Deno.remove(file);
  return { code, output, duration: performance.now() - start };
}

const leftovers: Readonly<Record<string, string>> = {
  "a handler waits on its own timer":
    'commands = { go: async () => { console.log("go"); await sleep(600_000); } };',
  "a handler ignores its signal, and keeps an interval":
    'commands = { go: async () => { setInterval(() => {}, 10); console.log("go"); await never; } };',
  "a server of its own listens":
    'Deno.serve({ port: 0, onListen() {} }, () => new Response()); commands = { go: () => console.log("go") };',
  "a child process runs":
    'commands = { go: () => { new Deno.Command(Deno.execPath(), { args: ["eval", "await new Promise((r) => setTimeout(r, 5000))"], stdin: "null", stdout: "null", stderr: "null" }).spawn(); console.log("go"); } };',
  "a worker runs":
    'commands = { go: () => { new Worker("data:application/javascript,setInterval(() => {}, 10)", { type: "module" }); console.log("go"); } };',
  "the storage hangs": `
    setInterval(() => {}, 1_000); // As a socket of the storage does.
    storage = { read: () => (console.log("go"), never), write: () => never, delete: () => never };
    commands = { go: ({ session }) => { session.x = 1; } };`,
  "the storage hangs when it saves": `
    setInterval(() => {}, 1_000);
    storage = { read: async () => {}, write: () => (console.log("go"), never), delete: () => never };
    commands = { go: ({ session }) => { session.x = 1; } };`,
  "the storage hangs while flows are looked for": `
    setInterval(() => {}, 1_000);
    storage = { read: () => (console.log("go"), never), write: () => never, delete: () => never };
    definition = { flows: { x: { version: 1, state: () => ({}), steps: { a: { ask: "?" } } } } };`,
  "the storage hangs while a schedule runs": `
    setInterval(() => {}, 1_000);
    storage = { read: () => (console.log("go"), never), write: () => never, delete: () => never };
    definition = { schedule: { x: { every: "1s", missed: "once", run: () => "x" } } };`,
  "a handler answers in parts and never ends":
    'commands = { go: async function* () { console.log("go"); for (;;) { await sleep(20); yield "."; } } };',
};
for (const [what, body] of Object.entries(leftovers)) {
  Deno.test({
    name: `a standalone bot exits soon after drainTimeout when SIGTERM comes, although ${what}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      const { code, output, duration } = await run(program(body), ["SIGTERM"], ["--allow-all"]);
      assertStringIncludes(output, "stopped");
      assertEquals(code, 0);
      assert(duration < DRAIN + GRACE, `took ${duration} ms: ${output}`);
    },
  });
}

for (
  const [signals, code] of [
    [["SIGTERM", "SIGTERM"], 143],
    [["SIGINT", "SIGINT"], 130],
    [["SIGTERM", "SIGINT"], 130],
  ] as const
) {
  Deno.test({
    name: `the second signal ends a standalone bot at once: ${signals.join(", ")}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      const hangs = 'commands = { go: async () => { console.log("go"); await never; } };';
      const ended = await run(program(hangs, "drainTimeout: 60_000"), signals);
      assertEquals(ended.code, code, ended.output);
      assert(ended.duration < GRACE, `took ${ended.duration} ms`);
      assert(!ended.output.includes("stopped"));
    },
  });
}

const late: Readonly<Record<string, string>> = {
  "an exception in a timer": 'setTimeout(() => { throw new Error("late"); }, 5)',
  "an exception in an interval":
    'const id = setInterval(() => { clearInterval(id); throw new Error("late"); }, 5)',
  "an exception in a microtask": 'queueMicrotask(() => { throw new Error("late"); })',
  "an exception in a listener":
    'const target = new EventTarget(); target.addEventListener("x", () => { throw new Error("late"); }); target.dispatchEvent(new Event("x"))',
  "a rejection": 'void Promise.reject(new Error("late"))',
  "a rejection in a timer": 'setTimeout(async () => { throw new Error("late"); }, 5)',
};
for (const [what, statement] of Object.entries(late)) {
  Deno.test({
    name: `${what} is logged and does not end a standalone bot`,
    ignore: Deno.build.os === "windows",
    async fn() {
      const body = `commands = { go: async () => { ${statement}; await sleep(50); return "go"; } };
        client.answer = (text) => void console.log(text);`;
      const { code, output } = await run(program(body), ["SIGTERM"]);
      assertEquals(code, 0, output);
      assertStringIncludes(output, "Error: late\n");
      assertStringIncludes(output, what.includes("rejection") ? "unhandled rej" : "uncaught exc");
      assertStringIncludes(output, "go\n");
    },
  });
}

for (const busy of [false, true]) {
  Deno.test({
    name: `a standalone bot ${
      busy ? "with a handler " : ""
    }exits although its connection is half-open`,
    ignore: Deno.build.os === "windows",
    async fn() {
      await using server = await ServerProcess.start();
      const text = `
        import { defineBot, runBot } from "@roomz/roomz/bot";
        const logger = { ...console, info: (text) => ${busy} || console.log("go"), warn: console.log };
        const run = () => ${busy ? 'console.log("go") ?? new Promise(() => {})' : "{}"};
        await runBot(defineBot({ name: "helper", schedule: { x: { every: "1s", run } } }), {
          server: "${server.url}", token: "${await mintSession(OTHER_EMAIL)}",
          drainTimeout: ${DRAIN}, standalone: true, logger,
        });
        console.log("stopped");`;
      const { code, output, duration } = await run(
        text,
        ["SIGTERM"],
        ["--allow-net"],
        () => server.pause(),
      );
      server.resume();
      assertStringIncludes(output, "stopped");
      assertStringIncludes(output, "something kept the process running");
      assertEquals(code, 0);
      assert(duration < DRAIN + GRACE, `took ${duration} ms: ${output}`);
    },
  });
}
