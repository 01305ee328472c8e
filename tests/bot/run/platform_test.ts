import { assertEquals } from "@std/assert";
import { systemPlatform } from "../../../bot/run/platform.ts";

Deno.test("a timer of more than 24 days fires once, and not immediately", () => {
  const { setTimeout } = globalThis;
  const delays: number[] = [];
  let fired = 0;
  try {
    Object.assign(globalThis, {
      setTimeout(callback: () => void, delay: number) {
        delays.push(delay);
        callback();
      },
    });
    systemPlatform.schedule(() => fired++, 30 * 86_400_000);
  } finally {
    Object.assign(globalThis, { setTimeout });
  }
  assertEquals([delays, fired], [[2 ** 31 - 1, 30 * 86_400_000 - (2 ** 31 - 1)], 1]);
});

Deno.test("a cancelled timer does not fire", async () => {
  const fired: string[] = [];
  const cancel = systemPlatform.schedule(() => fired.push("cancelled"), 0);
  cancel();
  await new Promise<void>((resolve) => systemPlatform.schedule(resolve, 1));
  assertEquals(fired, []);
});

const PROGRAM = `
import { defineBot, runBot } from "@roomz/roomz/bot";
import { ScriptedClient } from "${new URL("../support/scripted_client.ts", import.meta.url)}";

const logger = {
  debug() {},
  info: (message: string) => console.log(message),
  warn: (message: string) => console.log(message),
  error: (message: string, cause?: unknown) => console.log(message, String(cause)),
};
Promise.resolve().then(() => Promise.reject(new Error("forgotten")));
const timer = setInterval(() => {}, 1_000);
await runBot(defineBot({ name: "helper" }), {
  client: new ScriptedClient(),
  standalone: true,
  logger,
});
clearInterval(timer);
console.log("stopped");
`;

Deno.test({
  name: "SIGTERM stops a standalone bot cleanly, and an unhandled rejection does not",
  ignore: Deno.build.os === "windows",
  async fn() {
    const file = await Deno.makeTempFile({ suffix: ".ts" });
    await Deno.writeTextFile(file, PROGRAM);
    const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", `--config=${config}`, file],
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const lines: string[] = [];
    const text = child.stdout.pipeThrough(new TextDecoderStream());
    for await (const chunk of text) {
      lines.push(...chunk.trim().split("\n"));
      if (chunk.includes("ready")) child.kill("SIGTERM");
    }
    assertEquals((await child.status).code, 0);
    await Deno.remove(file);
    assertEquals(lines.toSorted(), [
      "helper: ready for me@example.com",
      'helper: unhandled rejection (is an "await" missing?) Error: forgotten',
      "stopped",
    ]);
  },
});
