import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import manifest from "../../../deno.json" with { type: "json" };
import { allCommands } from "../support/all_commands.ts";
import { roomz } from "../support/test_io.ts";

const COMMANDS = [
  "",
  "chat",
  "ask",
  "send",
  "tail",
  "login",
  "logout",
  "whoami",
  "name",
  "sessions",
  "sessions add",
  "sessions remove",
  "sessions rotate",
  "config",
  "config init",
  "doctor",
  "history",
  "serve",
  "fleet",
  "fleet status",
  "fleet key",
  "mcp",
  "bot",
  "bot new",
  "bot check",
  "bot run",
  "bot docs",
  "bot compile",
  "bot deploy",
  "webhook",
  "completions",
  "man",
  "upgrade",
];

Deno.test("--version and -V print only the version", async () => {
  for (const flag of ["--version", "-V"]) {
    assertEquals(await roomz([flag]), {
      exitCode: 0,
      stdout: `roomz ${manifest.version}\n`,
      stderr: "",
    });
  }
});

Deno.test("the help lists every command and the server option", async () => {
  const { exitCode, stdout, stderr } = await roomz(["--help"]);
  assertEquals({ exitCode, stderr }, { exitCode: 0, stderr: "" });
  for (const name of COMMANDS.filter((command) => /^\w+$/.test(command))) {
    assertMatch(stdout, new RegExp(`^ +${name} `, "m"));
  }
  assertStringIncludes(stdout, "-s, --server");
});

Deno.test("the list of commands in this file is complete", async () => {
  assertEquals([...(await allCommands()).keys()].sort(), COMMANDS.toSorted());
});

for (const command of COMMANDS) {
  Deno.test(`the help of roomz ${command} starts with two examples, with --help, -h or help`, async () => {
    const words = command === "" ? [] : command.split(" ");
    const help = await roomz([...words, "--help"]);
    assertEquals(help.exitCode, 0);
    assertMatch(help.stdout, new RegExp(`^Usage: +roomz\\b *${command}`));
    assert([...help.stdout.matchAll(/^ *\$ .*roomz/gm)].length >= 2, "two examples");
    assertMatch(help.stdout, new RegExp(`^ *\\$ .*roomz ${command}`, "m"));
    assert(help.stdout.indexOf("$ ") < help.stdout.indexOf("--help"));
    assertEquals(await roomz([...words, "-h"]), help);
    assertEquals(await roomz(["help", ...words]), help);
  });
}

Deno.test("a command group without a command shows its help", async () => {
  const { exitCode, stdout } = await roomz(["bot"]);
  assertEquals(exitCode, 0);
  assertMatch(stdout, /run .*<file>/);
});

Deno.test("help in a pipe has no colours and no trailing spaces", async () => {
  const { stdout } = await roomz(["--help"]);
  // deno-lint-ignore no-control-regex -- the test looks for escape characters
  assertNotMatch(stdout, /\x1b/);
  assertNotMatch(stdout, /[ \t]$/m);
});

Deno.test("NO_COLOR removes the colours from help on a terminal", async () => {
  const { stdout } = await roomz(["--help"], { terminalColumns: 80, env: { NO_COLOR: "1" } });
  // deno-lint-ignore no-control-regex -- the test looks for escape characters
  assertNotMatch(stdout, /\x1b/);
});

Deno.test("help fits a terminal of 60 columns", async () => {
  const { stdout } = await roomz(["send", "-h"], { terminalColumns: 60, env: { NO_COLOR: "1" } });
  assertEquals(stdout.split("\n").filter((line) => line.length > 60), []);
});

const wrong: readonly [args: string[], says: RegExp][] = [
  [["bogus"], /Unknown command "bogus"/],
  [["--bogus"], /Unknown option "--bogus"/],
  [["whoami", "--bogus"], /Unknown option "--bogus"/],
  [["send", "hello", "--bogus"], /Unknown option "--bogus"/],
  [["send", "-5"], /"-5".*put it after --/],
  [["login", "a@example.com", "b@example.com"], /: Too many arguments\.$/m],
  [["login", "a@example.com", "--", "b"], /: Too many arguments\.$/m],
  [["whoami", "--", "x"], /: Too many arguments\.$/m],
  [["bot", "--", "x"], /: Too many arguments\.$/m],
  [["--", "send"], /: Too many arguments\.$/m],
  [["bot", "run", "--fleet", "staging", "bot.ts"], /: Too many arguments\. .*: --fleet=NAME$/m],
  [["bot", "run", "--fleet=staging", "one.ts", "two.ts"], /: Too many arguments\.$/m],
  [["bot", "bogus"], /Unknown command "bogus"/],
  [["help", "bogus"], /Unknown command "bogus"/],
  [["bot", "run"], /Missing argument <file>\./],
  [["bot", "rnu"], /Unknown command "rnu"\. Did you mean "run"\?/],
  [["sned"], /Unknown command "sned"\. Did you mean "send"\?/],
  [["tail", "--jsno"], /Unknown option "--jsno"\. Did you mean --json\?/],
  [["tail", "--cuont", "1"], /Unknown option "--cuont"\. Did you mean --count\?/],
  [["tail", "--json=yes"], /--json takes no value\./],
  [["--count", "1", "tail"], /Unknown command\./],
  [["send", "--version"], /Unknown option "--version"/],
  [["tail", "x"], /: Too many arguments\.$/m],
  [["tail", "--count"], /--count needs a value\./],
  [["tail", "--count", "0"], /--count must be a whole number from 1/],
  [["tail", "--until", "("], /--until is not a valid regular expression/],
  [["send", "--timeout", "0", "hi"], /--timeout must be a whole number from 1/],
  [["send", "--timeout", "5", "hi"], /--timeout requires --wait-reply/],
  [["whoami", "-s", ""], /--server is empty\. Give it a URL/],
  [["whoami", "--server="], /--server is empty\. Give it a URL/],
  [["whoami", "-s="], /--server is empty\. Give it a URL/],
  [[""], /Unknown command\./],
  [["history", "--clear", "x"], /--clear deletes all saved messages/],
  [["history", "["], /PATTERN is not a valid regular expression/],
  [["config", "bogus"], /Unknown command "bogus"/],
  [["config", "--bogus"], /Unknown option "--bogus"/],
  [["tail", "--count", "1e3"], /--count must be a whole number/],
  [["serve", "--port", "65536", "--allow-all"], /--port must be a whole number from 0 to 65535/],
  [["serve"], /--email ADDRESS .* or --allow-all/],
  [["serve", "--allow-all", "--email", "a@example.com"], /--email ADDRESS .* or --allow-all/],
];
for (const [args, says] of wrong) {
  Deno.test(`roomz ${args.join(" ")} is a usage error: short, on stderr, exit code 2`, async () => {
    const { exitCode, stdout, stderr } = await roomz(args);
    assertEquals({ exitCode, stdout }, { exitCode: 2, stdout: "" });
    assertMatch(stderr, /^roomz: /);
    assertMatch(stderr, says);
    assert(stderr.trimEnd().split("\n").length <= 2, stderr);
  });
}

Deno.test("a usage error points to the help of its command", async () => {
  assertStringIncludes((await roomz(["bot", "run"])).stderr, "See: roomz bot run --help");
  assertStringIncludes((await roomz(["bogus"])).stderr, "See: roomz --help");
});

const helps: readonly [args: string[], usage: string][] = [
  [["tail", "--count", "1", "--help"], "roomz tail"],
  [["tail", "--help", "--count", "1", "x", "y"], "roomz tail"],
  [["--help", "tail", "--json"], "roomz tail"],
  [["-s", "http://a", "tail", "-h"], "roomz tail"],
  [["-h", "-h", "tail"], "roomz tail"],
  [["send", "hello", "there", "--nosuch", "--help"], "roomz send"],
  [["bot", "run", "--watch", "a.ts", "b.ts", "-h"], "roomz bot run"],
  [["help", "bot", "run", "x"], "roomz bot run"],
  [["config", "--json", "--help", "init"], "roomz config init"],
  [["--plain", "--help"], "roomz"],
  [["login", "--help", "--", "x", "y"], "roomz login"],
];
for (const [args, usage] of helps) {
  Deno.test(`roomz ${args.join(" ")} is the help of ${usage}`, async () => {
    const { exitCode, stdout, stderr } = await roomz(args);
    assertEquals({ exitCode, stderr }, { exitCode: 0, stderr: "" });
    assertMatch(stdout, new RegExp(`^Usage: +${usage}(?: *[<[].*)?$`, "m"));
  });
}

Deno.test("help after -- is text, and help for what does not exist is an error", async () => {
  assertMatch((await roomz(["login", "--", "--help"])).stderr, /EMAIL must be an email address/);
  for (const args of [["nosuch", "--help"], ["help", "nosuch"], ["bot", "nosuch", "-h"]]) {
    const { exitCode, stderr } = await roomz(args);
    assertEquals(exitCode, 2);
    assertStringIncludes(stderr, 'Unknown command "nosuch"');
  }
});

Deno.test("roomz version is roomz --version", async () => {
  assertEquals(await roomz(["version"]), await roomz(["--version"]));
  assertEquals((await roomz(["version", "x"])).exitCode, 2);
  assertMatch((await roomz(["version", "--help"])).stdout, /^Usage: +roomz$/m);
});

const same: readonly [args: string[], like: string[]][] = [
  [["whoami", "-s", "http://a.invalid", "-s", "ftp://x"], ["whoami", "-s", "ftp://x"]],
  [["-sftp://x", "whoami"], ["whoami", "-s", "ftp://x"]],
  [["whoami", "-sftp://x"], ["whoami", "-s", "ftp://x"]],
  [["-s=ftp://x", "whoami"], ["whoami", "-s", "ftp://x"]],
  [["--server=http://a", "whoami", "--server", "ftp://x"], ["whoami", "-s", "ftp://x"]],
  [["config", "--json", "--json"], ["config", "--json"]],
  [["--json", "config"], ["config", "--json"]],
  [["tail", "--count", "1", "--count", "x"], ["tail", "--count", "x"]],
];
for (const [args, like] of same) {
  Deno.test(`roomz ${args.join(" ")} means roomz ${like.join(" ")}`, async () => {
    assertEquals(await roomz(args), await roomz(like));
  });
}

Deno.test("a usage shows which options have to be chosen from", async () => {
  const usages = [
    [["serve"], /^Usage: +roomz serve \(--email <address> \| --allow-all\)\n/],
    [["bot", "deploy"], /roomz bot deploy <file> \(--systemd \| --docker \| --compose\) \[perm/],
  ] as const;
  for (const [command, usage] of usages) {
    const { stdout } = await roomz([...command, "--help"]);
    assertMatch(stdout, usage);
  }
});

Deno.test("commands that need no server do not offer --server, and refuse it", async () => {
  for (const command of [["serve"], ["fleet", "key"], ["man"], ["bot", "new", "helper"]]) {
    const { stdout } = await roomz([...command, "--help"]);
    assertNotMatch(stdout, /--server/);
    const { exitCode, stderr } = await roomz([...command, "-s", "http://localhost:1"]);
    assertEquals(exitCode, 2);
    assertMatch(stderr, /^roomz: Unknown option "-s"\./);
  }
  assertMatch((await roomz(["sessions", "add", "--help"])).stdout, /--server +<url>/);
});

const secrets = [
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl",
  "q1w2e3r4t5y6u7i8o9p0",
  "http://localhost:8000/auth/verify?token=abc",
  "A1b2C3d4E5f6G7h8",
  "--eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl",
  "tok en",
];
for (const secret of secrets) {
  Deno.test(`${secret.slice(0, 12)}… as the first word is not repeated in the error`, async () => {
    for (const args of [[secret], ["bot", secret], [secret, "--help"]]) {
      const { exitCode, stdout, stderr } = await roomz(args);
      assertEquals([exitCode === 2 || secret.startsWith("-"), stdout.includes(secret)], [
        true,
        false,
      ]);
      assert(!stderr.includes(secret), stderr);
    }
  });
}

Deno.test("a token passed as an argument is rejected and not repeated in the error", async () => {
  for (const args of [["--token", "s3cret"], ["--token=s3cret"], ["ada@example.com", "s3cret"]]) {
    const { exitCode, stderr } = await roomz(["login", ...args]);
    assertEquals(exitCode, 2);
    assertMatch(stderr, /^roomz: (Unknown option "--token"|Too many arguments)/);
    assert(!stderr.includes("s3cret"), stderr);
  }
});

Deno.test("an invalid command line cannot inject terminal escape sequences through its error", async () => {
  const { stderr } = await roomz(["\x1b[2Jbogus"]);
  assertEquals(
    stderr,
    "roomz: Unknown command.\nSee: roomz --help\n".replace("\nSee", "\n    See"),
  );
});
