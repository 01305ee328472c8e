import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { TestHome } from "../support/test_home.ts";
import { type Ended, roomz } from "../support/test_io.ts";

/** What `roomz config` error with these files, in the folder `project` of the home. */
async function config(
  home: TestHome,
  args: readonly string[] = ["--show-origin"],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return await roomz(["config", ...args], {
    env: { ...home.env, ...env },
    workingFolder: `${home.path}/project`,
  });
}

Deno.test("precedence: flag, environment, ./roomz.toml, ~/.roomz.toml, default", async () => {
  await using home = await TestHome.make();
  const origin = async (args: string[] = [], env = {}) => {
    const { stdout } = await config(home, ["--show-origin", ...args], env);
    return /^server_url = "(.*)" {2}# (.*)$/m.exec(stdout)?.slice(1);
  };
  assertEquals(await origin(), ["http://localhost:8000", "default"]);
  const user = await home.write(".roomz.toml", '[client]\nserver_url = "http://home"');
  assertEquals(await origin(), ["http://home", user]);
  const project = await home.write("project/roomz.toml", '[client]\nserver_url = "http://project"');
  assertEquals(await origin(), ["http://project", project]);
  const env = { ROOMZ_SERVER_URL: "http://env" };
  assertEquals(await origin([], env), ["http://env", "ROOMZ_SERVER_URL"]);
  assertEquals(await origin(["-s", "http://flag"], env), ["http://flag", "--server"]);
});

Deno.test("a setting missing from one file is taken from the next", async () => {
  await using home = await TestHome.make({
    ".roomz.toml": '[client]\ndisplay_name = "Home"\nhistory = true\n[server]\nworkers = 2',
    "project/roomz.toml": '[client]\nserver_url = "http://project"\ndisplay_name = "${UNSET}"',
  });
  const { stdout } = await config(home, []);
  assertEquals(
    stdout,
    'server_url = "http://project"\ndisplay_name = "Home"\nhistory = true\n',
  );
});

const named: readonly [
  files: Record<string, string>,
  env: Record<string, string>,
  shown: RegExp,
][] = [
  [{}, {}, /^display_name = "laptop" {2}# host name$/m],
  [{ ".roomz.toml": '[client]\ndisplay_name = "A"' }, {}, /^display_name = "A" {2}# .*toml$/m],
  [{ ".roomz.toml": '[client]\ndisplay_name = ""' }, {}, /^display_name = "" {2}# .*toml$/m],
  [{ ".roomz.toml": '[client]\ndisplay_name = "$NONE"' }, {}, /^display_name = "laptop" /m],
  [{}, { ROOMZ_DISPLAY_NAME: "" }, /^display_name = "" {2}# ROOMZ_DISPLAY_NAME$/m],
  [{ "project/roomz.toml": "client.display_name = ''" }, {}, /^display_name = "" {2}# .*project/m],
];
for (const [files, env, shown] of named) {
  Deno.test(`the display name of ${JSON.stringify({ ...files, ...env })} is ${shown.source}`, async () => {
    await using home = await TestHome.make({ "project/x": "", ...files });
    const { stdout } = await roomz(["config", "--show-origin"], {
      env: { ...home.env, ...env },
      workingFolder: `${home.path}/project`,
      hostName: "laptop",
    });
    assertMatch(stdout, shown);
  });
}

Deno.test("${VAR} is replaced from the environment; a value of unset variables counts as not set", async () => {
  await using home = await TestHome.make({
    ".roomz.toml": [
      "[client]",
      'server_url = "${SCHEME:-http}://$HOST:1"',
      'display_name = "${ROOMZ_NAME}"',
    ].join("\n"),
  });
  const { stdout } = await config(home, [], { HOST: "h.example" });
  assertStringIncludes(stdout, 'server_url = "http://h.example:1"\ndisplay_name = ""\n');
  const named = await config(home, [], { ROOMZ_NAME: 'a "b"', SCHEME: "https" });
  assertStringIncludes(named.stdout, 'server_url = "https://:1"\ndisplay_name = "a \\"b\\""\n');
});

const wrong: readonly [text: string, error: RegExp][] = [
  [
    '[client]\nserver_url = "http://x\nhistory = true',
    /roomz\.toml is invalid: line 2, column \d+: .* has no closing quote\.$/m,
  ],
  ["[client\n", /roomz\.toml is invalid: line 1, column \d+: Invalid TOML/],
  ["client = 1", /"client" must be a table/],
  ["[client]\nserver_url = 1", /"server_url" must be a string in quotes/],
  ["[client]\ndisplay_name = ['a']", /"display_name" must be a string in quotes/],
  ['[client]\nhistory = "yes"', /"history" must be true or false/],
  ['[client]\nserver_url = "http://${ROOMZ_TOKEN}"', /must not hold a secret/],
  ['[client]\ndisplay_name = "${AWS_SECRET_ACCESS_KEY}"', /must not hold a secret/],
];
for (const [text, error] of wrong) {
  Deno.test(`the configuration ${JSON.stringify(text)} is rejected, exit code 2`, async () => {
    await using home = await TestHome.make({ ".roomz.toml": text });
    const { exitCode, stderr } = await config(home, [], { ROOMZ_TOKEN: "s3cret" });
    assertEquals(exitCode, 2);
    assertMatch(stderr, error);
    assertEquals(stderr.trimEnd().split("\n").length, 1);
    assert(!stderr.includes("s3cret"));
  });
}

Deno.test({
  name: "every command rejects a file with a secret that others can read, and error how to fix it",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using home = await TestHome.make();
    const secrets = [
      '[jwt]\nsecret_key = "s3cret"',
      '[email]\nresend_api_key = "s3cret"',
      'session_token = "s3cret"',
      '[a.b]\npassword = "s3cret${X}"',
      '[[a]]\napi-key = "s3cret"',
      'tokens = ["${X}", "s3cret"]',
    ];
    for (const text of secrets) {
      const path = await home.write(".roomz.toml", text, 0o640);
      for (const command of ["config", "whoami", "tail"]) {
        const { exitCode, stderr } = await roomz([command], { env: home.env });
        assertEquals(exitCode, 2);
        assertMatch(stderr, /holds a secret .*Run: chmod 600 /);
        assert(!stderr.includes("s3cret"));
      }
      await Deno.chmod(path, 0o600);
      assertEquals((await config(home)).exitCode, 0);
    }
    await home.write(".roomz.toml", '[jwt]\nsecret_key = "${JWT_SECRET_KEY}"', 0o644);
    assertEquals((await config(home)).exitCode, 0);
  },
});

Deno.test("config warns about unknown settings", async () => {
  await using home = await TestHome.make({
    ".roomz.toml": '[client]\ntoken = "${ROOMZ_TOKEN}"\nconstructor = 1',
  });
  const { exitCode, stdout, stderr } = await config(home, []);
  assertEquals(exitCode, 0);
  assert(stdout.startsWith("server_url = "));
  assertEquals(
    stderr,
    `${home.path}/.roomz.toml: unknown settings client.token, client.constructor (ignored). ` +
      "The known settings are server_url, display_name, history, in [client].\n",
  );
});

Deno.test("secrets are redacted, also in JSON", async () => {
  await using home = await TestHome.make({
    ".roomz.toml": '[client]\nserver_url = "https://ada:s3cret@h.example"',
  });
  for (const args of [["--show-origin"], ["--json"]]) {
    const { stdout } = await config(home, args, { ROOMZ_TOKEN: "s3cret" });
    assert(!stdout.includes("s3cret"), stdout);
    assertMatch(stdout, /token.*\[redacted\].*ROOMZ_TOKEN/);
  }
});

Deno.test("config --json prints one line per setting", async () => {
  await using home = await TestHome.make();
  const { stdout } = await config(home, ["--json"], { ROOMZ_HISTORY: "1" });
  assertEquals(stdout.trimEnd().split("\n").map((line) => JSON.parse(line)), [
    { name: "server_url", value: "http://localhost:8000", origin: "default" },
    { name: "display_name", value: "", origin: "default" },
    { name: "history", value: true, origin: "ROOMZ_HISTORY" },
  ]);
});

Deno.test("ROOMZ_HISTORY must be true or false", async () => {
  await using home = await TestHome.make();
  const { exitCode, stderr } = await config(home, [], { ROOMZ_HISTORY: "maybe" });
  assertEquals(exitCode, 2);
  assertStringIncludes(stderr, 'ROOMZ_HISTORY must be true or false, but is "maybe".');
});

Deno.test("config init writes a valid file for its owner only, and never overwrites one", async () => {
  await using home = await TestHome.make();
  const { exitCode, stdout } = await config(home, ["init"]);
  assertEquals({ exitCode, stdout }, { exitCode: 0, stdout: `${home.path}/.roomz.toml\n` });
  if (Deno.build.os !== "windows") {
    assertEquals(((await Deno.stat(stdout.trim())).mode ?? 0) & 0o777, 0o600);
  }
  // Every setting in it works once it is uncommented.
  const text = await home.read(".roomz.toml");
  await home.write(".roomz.toml", text.replace(/^# (?=\w+ =)/gm, ""));
  const { stdout: settings } = await config(home, []);
  assertMatch(settings, /display_name = "Laptop"\nhistory = true/);

  const again = await config(home, ["init"]);
  assertEquals(again.exitCode, 1);
  assertMatch(again.stderr, /already exists/);
  assertMatch(await home.read(".roomz.toml"), /^history = true/m);
});

Deno.test("a display name from a file cannot inject terminal escape sequences", async () => {
  await using home = await TestHome.make({
    ".roomz.toml": '[client]\ndisplay_name = "\\u001b[2J\\u202e"',
  });
  for (const args of [[], ["--json"]]) {
    const { stdout } = await config(home, args);
    // deno-lint-ignore no-control-regex -- the test looks for escape characters
    assert(!/[\x1b\u202e]/.test(stdout));
  }
});

Deno.test({
  name: "a file that others could have written is refused",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using home = await TestHome.make({
      "project/roomz.toml": '[client]\ndisplay_name = "x"\n',
    });
    const outside = await Deno.makeTempDir();
    const options = { env: home.env, workingFolder: outside };
    await Deno.writeTextFile(`${outside}/roomz.toml`, '[client]\ndisplay_name = "x"\n');
    for (const mode of [0o777, 0o1777, 0o702]) {
      await Deno.chmod(outside, mode);
      const { exitCode, stderr } = await roomz(["config"], options);
      assertEquals(exitCode, 2);
      assertStringIncludes(stderr, "is in a folder that every user can write to");
    }
    for (const mode of [0o755, 0o775, 0o700]) {
      await Deno.chmod(outside, mode);
      assertEquals((await roomz(["config"], options)).exitCode, 0);
    }
    await Deno.chmod(`${home.path}/project`, 0o777);
    const inside = { env: home.env, workingFolder: `${home.path}/project` };
    assertEquals((await roomz(["config"], inside)).exitCode, 0, "below one's own home");
    if ((await Deno.stat(outside)).uid !== 0) return; // Only root can give files away.
    for (const uid of [65_534, 1_000]) {
      await Deno.chown(`${outside}/roomz.toml`, uid, uid);
      const { exitCode, stderr } = await roomz(["config"], options);
      assertEquals(exitCode, 2);
      assertStringIncludes(stderr, "belongs to another user");
    }
    await Deno.chown(home.path, 1_000, 1_000);
    assertEquals((await roomz(["config"], options)).exitCode, 0, "of the user whose home it is");
  },
});

Deno.test("config init leaves nothing behind where it cannot write", async () => {
  await using home = await TestHome.make();
  const env = { HOME: `${home.path}/none` };
  const { exitCode, stderr } = await roomz(["config", "init"], { env });
  assertEquals(exitCode, 1);
  assertStringIncludes(stderr, "It was not changed.");
});
