import { createDevServer } from "@roomz/roomz/dev-server";
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { reportSkipped } from "../support/skip.ts";

/** Both are npm packages: the first Node version that the client supports, and the current Bun. */
const RUNTIMES = ["node@22", "bun@1.4.5"];

const missing = await whyMissing();
if (missing !== undefined) reportSkipped("the client on Node and Bun", missing);

for (const runtime of RUNTIMES) {
  const name = runtime.replace(/@.*/, "");
  Deno.test({
    name: `the client runs unchanged on ${name}${missing ? ` (skipped: ${missing})` : ""}`,
    ignore: missing !== undefined,
    fn: async () => {
      const folder = fromFileUrl(new URL(`../../.cache/runtimes/${name}/`, import.meta.url));
      const npm = await run("npm", ["install", "--no-save", "--prefix", folder, runtime]);
      assertEquals(npm.code, 0, npm.output);

      const file = `${await Deno.makeTempDir()}/session.json`;
      await using server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
      const session = await server.mintSession("me@example.com");
      const smoke = fromFileUrl(new URL("support/runtime_smoke.ts", import.meta.url));
      const result = await run(`${folder}node_modules/.bin/${name}`, [
        ...(name === "node" ? ["--disable-warning=ExperimentalWarning"] : []),
        smoke,
        server.url,
        session,
        file,
      ]);
      assertEquals(result, { code: 0, output: "all is well\n" });
    },
  });
}

async function whyMissing(): Promise<string | undefined> {
  try {
    const { code } = await run("npm", ["view", "--fetch-retries=0", "node@22", "version"]);
    return code === 0 ? undefined : "the npm registry does not answer";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "there is no npm";
    throw error;
  }
}

async function run(
  command: string,
  args: readonly string[],
): Promise<{ code: number; output: string }> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    signal: AbortSignal.timeout(60_000),
    env: { NODE_NO_WARNINGS: "1", NPM_CONFIG_LOGLEVEL: "error" },
  }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}
