import { AsyncClient } from "@roomz/roomz/client";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { TestHome } from "../support/test_home.ts";
import { roomz } from "../support/test_io.ts";
import { TestServer } from "../support/test_server.ts";

Deno.test("name sets the name in ~/.roomz.toml, shows it, and clears it", async () => {
  await using home = await TestHome.make();
  const { env } = home;
  const set = await roomz(["name", "Ada's", "Laptop"], { env });
  assertEquals(set, { exitCode: 0, stdout: "", stderr: "Display name set to Ada's Laptop.\n" });
  assertEquals((await roomz(["name"], { env })).stdout, "Ada's Laptop\n");
  assertEquals((await roomz(["name", ""], { env })).exitCode, 0);
  assertEquals(await roomz(["name"], { env }), {
    exitCode: 0,
    stdout: "",
    stderr: "You have no display name. Set one with: roomz name NAME\n",
  });
});

Deno.test("without a setting, name prints the host name, and says what it is", async () => {
  await using home = await TestHome.make();
  const { stdout, stderr } = await roomz(["name"], { env: home.env, hostName: "laptop" });
  assertEquals(stdout, "laptop\n");
  assertMatch(stderr, /^This is the machine's host name; further connections are numbered/);
});

const resets: readonly [what: string, before: string | undefined, after: string | undefined][] = [
  ["a name", '[client]\ndisplay_name = "Old"\n', "[client]\n"],
  ["an empty name", 'display = 1\n[client]\ndisplay_name = ""\n', "display = 1\n[client]\n"],
  [
    "a dotted key",
    'client.display_name = "Old"\nclient.history = true\n',
    "client.history = true\n",
  ],
  ["no name", "[client]\nhistory = true\n", "[client]\nhistory = true\n"],
  ["another table's name", '[a]\ndisplay_name = "A"\n', '[a]\ndisplay_name = "A"\n'],
  ["an empty file", "", ""],
  ["no file", undefined, undefined],
];
for (const [what, before, after] of resets) {
  Deno.test(`name "" stays without a name, and name --reset goes back to the host name: ${what}`, async () => {
    await using home = await TestHome.make(before === undefined ? {} : { ".roomz.toml": before });
    const options = { env: home.env, hostName: "laptop" };
    const reset = await roomz(["name", "--reset"], options);
    assertEquals(reset, { exitCode: 0, stdout: "", stderr: "Display name reset to laptop.\n" });
    assertEquals(await home.read(".roomz.toml").catch(() => undefined), after);
    assertEquals((await roomz(["name"], options)).stdout, "laptop\n");
    const cleared = await roomz(["name", ""], options);
    assertEquals(cleared, { exitCode: 0, stdout: "", stderr: "Display name cleared.\n" });
    assertEquals((await roomz(["name"], options)).stdout, "");
    assertEquals((await roomz(["name", "--reset"], options)).exitCode, 0);
    assertEquals((await roomz(["name"], options)).stdout, "laptop\n");
  });
}

Deno.test("name --reset takes no name, and says what overrides the default", async () => {
  await using home = await TestHome.make({ ".roomz.toml": '[client]\ndisplay_name = "Old"\n' });
  const both = await roomz(["name", "--reset", "X"], { env: home.env });
  assertEquals([both.exitCode, both.stderr], [
    2,
    "roomz: --reset cannot be combined with a name.\n",
  ]);
  const { stderr } = await roomz(["name", "--reset"], {
    env: { ...home.env, ROOMZ_DISPLAY_NAME: "Env" },
    hostName: "laptop",
  });
  assertEquals(
    stderr,
    'Display name reset to the default.\nROOMZ_DISPLAY_NAME overrides it here with "Env".\n',
  );
  assertEquals(await home.read(".roomz.toml"), "[client]\n");
});

const files: readonly [before: string, after: string][] = [
  ["", '[client]\ndisplay_name = "New"\n'],
  [
    "# mine\n[server]\nworkers = 1",
    '# mine\n[server]\nworkers = 1\n[client]\ndisplay_name = "New"\n',
  ],
  [
    '[client] # c\nserver_url = "x"\n  display_name="Old" # o\n[email]\n',
    '[client] # c\nserver_url = "x"\ndisplay_name = "New"\n[email]\n',
  ],
  [
    '[email]\ndisplay_name = "E"\n[client]\n[jwt]\n',
    '[email]\ndisplay_name = "E"\n[client]\ndisplay_name = "New"\n[jwt]\n',
  ],
  ['client.display_name = "Old"\n', 'client.display_name = "New"\n'],
  [
    'client.server_url = "http://x" # mine\n[jwt]\na = 1\n',
    'client.display_name = "New"\nclient.server_url = "http://x" # mine\n[jwt]\na = 1\n',
  ],
  ['["client"]\n"display_name" = "Old"\n', '["client"]\ndisplay_name = "New"\n'],
  ["[ client ]\n'display_name' = 'Old'\n", '[ client ]\ndisplay_name = "New"\n'],
  [
    "[client]\n[stats]\nbig = 18446744073709551615\n",
    '[client]\ndisplay_name = "New"\n[stats]\nbig = 18446744073709551615\n',
  ],
];
for (const [before, after] of files) {
  Deno.test(`name changes only its own line in ${JSON.stringify(before)}`, async () => {
    await using home = await TestHome.make({ ".roomz.toml": before });
    assertEquals((await roomz(["name", "New"], { env: home.env })).exitCode, 0);
    assertEquals(await home.read(".roomz.toml"), after);
  });
}

const tricky = [
  'client = { display_name = "Old" }\n',
  'client = { server_url = "http://x" }\n[jwt]\n',
  '[client]\ndisplay_name = """\nOld\n"""\n',
  '[client]\nserver_url = """\ndisplay_name = "x"\n"""\n',
];
for (const text of tricky) {
  Deno.test(`name does not touch ${JSON.stringify(text)}, and says to edit it by hand`, async () => {
    await using home = await TestHome.make({ ".roomz.toml": text });
    const { exitCode, stderr } = await roomz(["name", "New"], { env: home.env });
    assertEquals(exitCode === 1 || exitCode === 2, true);
    assertMatch(stderr, /Edit it by hand|is invalid/);
    assertEquals(await home.read(".roomz.toml"), text);
  });
}

Deno.test("a name that the server would reject is rejected before connecting", async () => {
  await using home = await TestHome.make();
  for (const name of ["x".repeat(51), "a\nb", "\x1b[2J"]) {
    const { exitCode, stderr } = await roomz(["name", name], { env: home.env });
    assertEquals(exitCode, 2);
    assertStringIncludes(stderr, "at most 50 characters and no control characters");
  }
  assertEquals((await roomz(["name", "👩‍🚀".repeat(10)], { env: home.env })).exitCode, 0);
});

Deno.test("name warns if something overrides the new name", async () => {
  await using home = await TestHome.make();
  const env = { ...home.env, ROOMZ_DISPLAY_NAME: "Env" };
  const { stderr } = await roomz(["name", "File"], { env });
  assertStringIncludes(stderr, 'ROOMZ_DISPLAY_NAME overrides it here with "Env".');
});

Deno.test("send uses the configured name, and sends the message even if the name is rejected", async () => {
  await using server = await TestServer.start();
  await using other = await AsyncClient.open(server.url, await server.session());
  const messages = other.messages();
  const env = await server.token();
  await roomz(["send", "one"], { env: { ...env, ROOMZ_DISPLAY_NAME: "Laptop" } });
  const { exitCode, stderr } = await roomz(["send", "two"], {
    env: { ...env, ROOMZ_DISPLAY_NAME: "x".repeat(51) },
  });
  assertEquals(exitCode, 0);
  assertMatch(stderr, /^The display name was not set: /);
  const names = [(await messages.next()).value, (await messages.next()).value]
    .map((message) => [message?.content, message?.user.display_name]);
  assertEquals(names, [["one", "Laptop"], ["two", null]]);
});

for (
  const name of [
    "Cash$MONEY",
    "$HOME",
    "${USER}",
    "a$$b",
    "100$",
    '"quoted"',
    '"a$b"',
    "back\\\\slash",
    "O'Neil",
  ]
) {
  Deno.test(`the name ${name} is read back as it was set`, async () => {
    await using home = await TestHome.make({ ".roomz.toml": "# mine\n" });
    const { env } = home;
    const set = await roomz(["name", name], { env: { ...env, MONEY: "x", USER: "y" } });
    const { stdout } = await roomz(["name"], { env: { ...env, MONEY: "x", USER: "y" } });
    const refused = set.exitCode === 1 && set.stderr.includes("Edit it by hand");
    assertEquals(refused ? `${name}\n` : stdout, `${name}\n`);
    assertEquals(refused, name === '"a$b"', "the quotes around variables are taken off");
  });
}

Deno.test("name keeps the mode of the file, and writes through a symbolic link", async () => {
  await using home = await TestHome.make();
  const { env } = home;
  const real = await home.write("dotfiles/roomz.toml", "# mine\n", 0o640);
  await Deno.symlink(real, `${home.path}/.roomz.toml`);
  assertEquals((await roomz(["name", "New"], { env })).exitCode, 0);
  assertEquals(await home.read("dotfiles/roomz.toml"), '# mine\n[client]\ndisplay_name = "New"\n');
  assertEquals((await Deno.lstat(`${home.path}/.roomz.toml`)).isSymlink, true);
  if (Deno.build.os !== "windows") {
    assertEquals(((await Deno.stat(real)).mode ?? 0) & 0o777, 0o640);
  }
});
