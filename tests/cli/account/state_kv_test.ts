import { KvSessionCache } from "@roomz/roomz/client";
import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { MessageHistory } from "../../../cli/messages/message_history.ts";
import { reportSkipped } from "../../support/skip.ts";
import { bareEnvironment } from "../support/bare_environment.ts";
import { denoConfig } from "../support/deno_config.ts";
import { TestHome } from "../support/test_home.ts";
import { roomz } from "../support/test_io.ts";
import { TestServer } from "../support/test_server.ts";

const main = fromFileUrl(new URL("../../../cli/main.ts", import.meta.url));

/** Makes $1 read-only, for root by a mount that only this process sees, and runs the rest. */
const READ_ONLY = `
set -e
folder=$1; shift
if [ "$(id -u)" = 0 ]; then
  mount --bind "$folder" "$folder"
  mount -o remount,ro,bind "$folder"
else
  chmod 555 "$folder"
  trap 'chmod 755 "$folder"' EXIT
fi
if touch "$folder/probe" 2>/dev/null; then exit 99; fi
"$@"
`;

function readOnly(
  folder: string,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Deno.CommandOutput> {
  const shell = ["sh", "-c", READ_ONLY, "sh", folder, ...command];
  const [program = "", ...args] = Deno.uid() === 0 ? ["unshare", "-m", ...shell] : shell;
  const clean = { ...bareEnvironment, PATH: Deno.env.get("PATH") ?? "", ...env };
  return new Deno.Command(program, { args, clearEnv: true, env: clean, stdin: "null" }).output();
}

async function canBeReadOnly(): Promise<boolean> {
  if (Deno.build.os === "windows") return false;
  const folder = await Deno.makeTempDir();
  try {
    return (await readOnly(folder, ["true"], {})).success;
  } catch {
    return false;
  } finally {
    await Deno.remove(folder);
  }
}

const ignore = !await canBeReadOnly();
if (ignore) reportSkipped("read-only state folders", "this user cannot make a folder read-only");

const commands: readonly [args: string[], stdout: RegExp][] = [
  [["whoami"], /^ada@example\.com\n$/],
  [["whoami", "--json"], /^\{.*"ada@example\.com".*\}\n$/],
  [["send", "--json", "hello"], /^\{"message_id":.*\}\n$/],
  [["sessions"], /^http\S+\tada@example\.com\texpires \S+\n$/],
  [["sessions", "--json"], /^\{"server":.*\}\n$/],
  [["sessions", "--token"], /^\S+\.\S+\.\S+\n$/],
  [["history"], /^\S+ \d\d:\d\d ada@example\.com: one\n\S+ \d\d:\d\d ada@example\.com: two\n$/],
  [["history", "--json", "tw"], /^\{.*"content":"two".*\}\n$/],
  [["chat", "--plain"], /^$/],
];
for (const [args, expected] of commands) {
  Deno.test({
    name: `roomz ${
      args.join(" ")
    } reads a state folder that is read-only, and leaves nothing behind`,
    ignore,
    async fn() {
      await using server = await TestServer.start();
      await using home = await TestHome.make();
      const env = { ...home.env, ROOMZ_SERVER_URL: server.url, TMPDIR: `${home.path}/tmp` };
      await Deno.mkdir(env.TMPDIR);
      await roomz(["login"], { env, stdin: await server.session() });
      const folder = `${home.path}/state/roomz`;
      await keepMessages(`${folder}/history.kv`, `${server.url}`);
      const deno = [Deno.execPath(), "run", "-A", `--config=${denoConfig}`, "--unstable-kv", main];
      const result = await readOnly(folder, [...deno, ...args], env);
      const [stdout, stderr] = [result.stdout, result.stderr]
        .map((bytes) => new TextDecoder().decode(bytes));
      assertEquals([result.code, stderr?.replace(/^Connected to .*\n/, "")], [0, ""]);
      assertMatch(stdout ?? "", expected);
      assertEquals(await Array.fromAsync(Deno.readDir(env.TMPDIR)), []);
    },
  });
}

async function keepMessages(path: string, server: string): Promise<void> {
  await using history = await MessageHistory.open(path, server, () => {});
  for (const [at, content] of ["one", "two"].entries()) {
    history.add({
      id: `m${at}`,
      user: { id: "u", email: "ada@example.com", display_name: null },
      content,
      timestamp: new Date(Date.now() + at).toISOString(),
      own: false,
      maybeTruncated: false,
      raw: {},
    });
  }
}

Deno.test({
  name: "what a writer had not yet moved into the file is read, too",
  ignore,
  async fn() {
    await using home = await TestHome.make();
    const folder = `${home.path}/state/roomz`;
    const cache = new KvSessionCache(`${folder}/sessions.kv`);
    await cache.set("http://one.example", { jwt: "a.b.c" });
    // A writer that is killed leaves its latest writes in the -wal file.
    const write = `const kv = await Deno.openKv(${JSON.stringify(`${folder}/sessions.kv`)});
      await kv.set(["roomz", "session", "http://two.example"], { jwt: "d.e.f" });
      Deno.kill(Deno.pid, "SIGKILL");`;
    await new Deno.Command(Deno.execPath(), { args: ["eval", "--unstable-kv", write] }).output();
    await Deno.remove(`${folder}/sessions.kv-shm`);
    const deno = [Deno.execPath(), "run", "-A", `--config=${denoConfig}`, "--unstable-kv", main];
    const { stdout } = await readOnly(folder, [...deno, "sessions"], home.env);
    const servers = new TextDecoder().decode(stdout).trimEnd().split("\n")
      .map((line) => line.split("\t")[0]);
    assertEquals(servers, ["http://one.example", "http://two.example"]);
  },
});
