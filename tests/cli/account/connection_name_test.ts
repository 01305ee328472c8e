import { main } from "@roomz/roomz/cli";
import { AsyncClient } from "@roomz/roomz/client";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { nameConnection } from "../../../cli/account/connection_name.ts";
import { machineName } from "../../../cli/config/machine_name.ts";
import { HOST_NAME } from "../../../cli/config/settings.ts";
import { bareEnvironment } from "../support/bare_environment.ts";
import { denoConfig } from "../support/deno_config.ts";
import { readUntil } from "../support/spawned.ts";
import { TestHome } from "../support/test_home.ts";
import { roomz, TestIo } from "../support/test_io.ts";
import { TestServer } from "../support/test_server.ts";

/** The names that messages from `roomz` have on the server, in the order of their contents. */
async function namesOf(
  run: (server: TestServer, env: Readonly<Record<string, string>>) => Promise<void>,
): Promise<Record<string, string | null>> {
  await using server = await TestServer.start();
  await using listener = await AsyncClient.open(server.url, await server.session());
  const names: Record<string, string | null> = {};
  listener.on("message", ({ content, user }) => void (names[content] = user.display_name));
  await run(server, await server.token());
  await listener.send("end");
  const { end: _, ...others } = names;
  return others;
}

const sources: readonly [
  what: string,
  options: {
    readonly file?: string;
    readonly project?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly args?: readonly string[];
    readonly hostName?: string;
  },
  name: string | null,
][] = [
  ["nothing is configured", {}, "laptop"],
  ["the file names it", { file: 'display_name = "Ada"' }, "Ada"],
  ["the variable names it", { env: { ROOMZ_DISPLAY_NAME: "Ada" } }, "Ada"],
  ["the file says none", { file: 'display_name = ""' }, null],
  [
    "the folder's file says none",
    { file: 'display_name = "Ada"', project: "display_name = ''" },
    null,
  ],
  ["the file names an unset variable", { file: 'display_name = "${NAME}"' }, "laptop"],
  ["the variable is empty", { env: { ROOMZ_DISPLAY_NAME: "" } }, null],
  ["an empty variable overrides a file", {
    file: 'display_name = "Ada"',
    env: { ROOMZ_DISPLAY_NAME: "" },
  }, null],
  ["a variable overrides an empty name", {
    file: 'display_name = ""',
    env: { ROOMZ_DISPLAY_NAME: "Ada" },
  }, "Ada"],
  ["--no-name is given", { args: ["--no-name"] }, null],
  ["--no-name overrides the variable", {
    args: ["--no-name"],
    env: { ROOMZ_DISPLAY_NAME: "Ada" },
  }, null],
  ["the host name is too long", { hostName: "h".repeat(64) }, "h".repeat(50)],
  ["the host name is unclean", { hostName: "lap\x07\u202etop" }, "laptop"],
  ["the host name is unknown", { hostName: "" }, null],
  ["the host name is localhost", { hostName: "localhost" }, null],
];
for (const [what, { file, project, env = {}, args = [], hostName = "laptop" }, name] of sources) {
  Deno.test(`send is named ${JSON.stringify(name)} if ${what}`, async () => {
    await using home = await TestHome.make({
      ...(file !== undefined && { ".roomz.toml": `[client]\n${file}\n` }),
      "project/roomz.toml": `[client]\n${project ?? ""}\n`,
    });
    const names = await namesOf(async (_server, token) => {
      assertEquals(
        await roomz(["send", "hi", ...args], {
          env: { ...home.env, ...token, ...env },
          workingFolder: `${home.path}/project`,
          hostName,
        }),
        { exitCode: 0, stdout: "", stderr: "" },
      );
    });
    assertEquals(names, { hi: name });
  });
}

Deno.test("the connections of one machine to one server are numbered, and a number is reused", async () => {
  await using home = await TestHome.make();
  const names = await namesOf(async (_server, token) => {
    const options = { env: { ...token, ...home.env }, hostName: "laptop" };
    const chat = new TestIo({ ...options, stdin: null });
    const ended = main(["chat"], chat);
    await chat.stderr.until(/Connected to .* as laptop \(ada@example\.com\)/);
    const tail = new TestIo(options);
    const tailing = main(["tail"], tail);
    await tail.stderr.until(/Listening/);
    await roomz(["send", "third"], options);
    chat.stdin.type("first\n");
    await tail.stdout.until(/first/);
    tail.interrupt();
    await tailing;
    await roomz(["send", "second again"], options);
    await roomz(["send", "chosen"], {
      ...options,
      env: { ...options.env, ROOMZ_DISPLAY_NAME: "laptop" },
    });
    chat.interrupt();
    await ended;
    await roomz(["send", "first again"], options);
  });
  assertEquals(names, {
    "third": "laptop 3",
    "first": "laptop",
    "second again": "laptop 2",
    "chosen": "laptop",
    "first again": "laptop",
  });
});

/** Reserves `count` names at once. */
async function reserve(
  count: number,
  env: Readonly<Record<string, string>>,
  server = "http://a.example",
  name = "laptop",
): Promise<{ names: string[] } & Disposable> {
  const configuration = {
    server_url: { value: server, origin: "default" },
    display_name: { value: name, origin: HOST_NAME },
    history: { value: false, origin: "default" },
  };
  const io = new TestIo({ env });
  const all = await Promise.all(
    Array.from({ length: count }, () => nameConnection(io, configuration)),
  );
  return {
    names: all.map(({ displayName }) => displayName).sort(),
    [Symbol.dispose]() {
      for (const one of all) one[Symbol.dispose]();
    },
  };
}

Deno.test("names are reserved for each server and each host name", async () => {
  await using home = await TestHome.make();
  using first = await reserve(3, home.env);
  using other = await reserve(2, home.env, "http://b.example/");
  using same = await reserve(1, home.env, "HTTP://A.example/");
  using machine = await reserve(1, home.env, undefined, "tower");
  assertEquals(
    [first, other, same, machine].map(({ names }) => names),
    [["laptop", "laptop 2", "laptop 3"], ["laptop", "laptop 2"], ["laptop 4"], ["tower"]],
  );
});

Deno.test("numbered names fit the server's limit and differ", async () => {
  await using home = await TestHome.make();
  using ten = await reserve(10, home.env, undefined, "🙂".repeat(50));
  assertEquals(new Set(ten.names).size, 10);
  assert(ten.names.every((name) => [...name].length <= 50));
});

const unusable: readonly [
  what: string,
  prepare: (home: TestHome) => Promise<Readonly<Record<string, string>>>,
][] = [
  ["is not named", () => Promise.resolve({})],
  ["cannot be made", async (home) => {
    await home.write("state", "a file");
    return home.env;
  }],
  ["is a file", async (home) => {
    await home.write("state/roomz", "a file");
    return home.env;
  }],
  ["holds a file in the place of its folder", async (home) => {
    await home.write("state/roomz/names", "a file");
    return home.env;
  }],
  [
    "does not exist and its parent is no folder",
    () => Promise.resolve({ XDG_STATE_HOME: "/dev/null/x" }),
  ],
  ["is a device", () => Promise.resolve({ XDG_STATE_HOME: "/dev/full" })],
];
for (const [what, prepare] of unusable) {
  Deno.test(`a state folder that ${what} costs only the number`, async () => {
    await using home = await TestHome.make();
    const env = await prepare(home);
    using two = await reserve(2, env);
    assertEquals(two.names, ["laptop", "laptop"]);
    const names = await namesOf(async (_server, token) => {
      const { XDG_STATE_HOME: _, ...rest } = { ...token };
      const ended = await roomz(["send", "hi"], { env: { ...rest, ...env }, hostName: "laptop" });
      assertEquals(ended, { exitCode: 0, stdout: "", stderr: "" });
    });
    assertEquals(names, { hi: "laptop" });
  });
}

/** Holds a name until its stdin ends. */
const HOLDER = `
import { nameConnection } from "${new URL(
  "../../../cli/account/connection_name.ts",
  import.meta.url,
)}";
const io = { env: (name) => Deno.env.get(name) };
const name = await nameConnection(io, {
  server_url: { value: "http://a.example", origin: "default" },
  display_name: { value: "laptop", origin: "host name" },
});
console.log(name.displayName);
for await (const _ of Deno.stdin.readable);
name[Symbol.dispose]();
`;

Deno.test("twelve processes that start at once get twelve names; kill -9 frees them", async () => {
  await using home = await TestHome.make({ "holder.ts": HOLDER });
  const start = async (): Promise<{ name: string; child: Deno.ChildProcess }> => {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "-A",
        "--no-lock",
        `--config=${denoConfig}`,
        `${home.path}/holder.ts`,
      ],
      clearEnv: true,
      env: { ...bareEnvironment, ...home.env },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    const name = (await readUntil(reader, /\n/)).trim();
    await reader.cancel();
    return { name, child };
  };
  const end = async (
    child: Deno.ChildProcess,
    how: "SIGKILL" | "SIGTERM" | "stdin",
  ): Promise<void> => {
    if (how !== "stdin") child.kill(how);
    await child.stdin.close().catch(() => {});
    await child.status;
  };
  const all = await Promise.all(Array.from({ length: 12 }, start));
  const expected = ["laptop", ...Array.from({ length: 11 }, (_, at) => `laptop ${at + 2}`)];
  assertEquals(all.map(({ name }) => name).sort(), expected.toSorted());
  for (
    const [name, how] of [["laptop", "SIGKILL"], ["laptop 5", "SIGTERM"], [
      "laptop 7",
      "stdin",
    ]] as const
  ) {
    const holder = all.find((one) => one.name === name);
    if (holder !== undefined) await end(holder.child, how);
    const next = await start();
    assertEquals(next.name, name, how);
    if (holder !== undefined) Object.assign(holder, next);
  }
  await Promise.all(all.map(({ child }) => end(child, "SIGKILL")));
});

for (
  const [permission, expected] of [
    ["--allow-sys=hostname", machineName(Deno.hostname()) ?? null],
    ["--deny-sys", null],
    ["--allow-sys=osRelease", null],
  ] as const
) {
  Deno.test(`roomz with ${permission} names itself ${expected === null ? "not at all" : "by the host name"}, and asks nothing`, async () => {
    await using home = await TestHome.make();
    const names = await namesOf(async (_server, token) => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--quiet", "--no-lock", "--unstable-kv", `--config=${denoConfig}`],
          ...["--allow-net", "--allow-read", "--allow-write", "--allow-env", permission],
          new URL("../../../cli/main.ts", import.meta.url).href,
          ...["send", "hi"],
        ],
        clearEnv: true,
        env: { ...bareEnvironment, ...token, ...home.env },
        stdin: "null",
      }).output();
      const texts = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      assertEquals([code, ...texts], [0, "", ""]);
    });
    assertEquals(names, { hi: expected });
  });
}

Deno.test("the files of the names are private", async () => {
  await using home = await TestHome.make();
  using _name = await reserve(1, home.env);
  const folder = `${home.env.XDG_STATE_HOME}/roomz/names`;
  const files = await Array.fromAsync(Deno.readDir(folder));
  assertMatch(files[0]?.name ?? "", /^[0-9a-f]{16}\.1$/);
  if (Deno.build.os === "windows") return;
  const modes = [folder, `${folder}/${files[0]?.name}`].map((path) =>
    Deno.statSync(path).mode ?? 0
  );
  assertEquals(modes.map((mode) => mode & 0o777), [0o700, 0o600]);
});
