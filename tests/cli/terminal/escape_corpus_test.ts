/**
 * Sends every hostile text through every place where a command other than the chat writes text from
 * others.
 * @module
 */
import { KvSessionCache } from "@roomz/roomz/client";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { HostileServer, sessionOf } from "../support/hostile_server.ts";
import { CONTROL_CHARACTERS, HOSTILE_TEXTS } from "../support/hostile_texts.ts";
import { TestHome } from "../support/test_home.ts";
import { roomz } from "../support/test_io.ts";

/** Fails if the output contains a character that a terminal would interpret. */
function assertHarmless(written: string, of: string): void {
  const [found] = CONTROL_CHARACTERS.exec(written) ?? [];
  assert(
    found === undefined,
    `${JSON.stringify(found)} of ${JSON.stringify(of)} was written: ${JSON.stringify(written)}`,
  );
}

/** As JSON carries a text through UTF-8: a half of a pair does not survive. */
function wellFormed(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

const env = { ROOMZ_TOKEN: sessionOf("ada@example.com"), XDG_STATE_HOME: "/nowhere" };

Deno.test("there are at least 300 hostile texts", () => {
  assert(new Set(HOSTILE_TEXTS).size >= 300, `${new Set(HOSTILE_TEXTS).size}`);
  assert(HOSTILE_TEXTS.filter((text) => CONTROL_CHARACTERS.test(text)).length >= 300);
});

Deno.test("contents, names and emails are sanitized in tail and history, and none forges a line", async () => {
  await using home = await TestHome.make();
  await using server = new HostileServer();
  const settings = { ...env, ...home.env, ROOMZ_SERVER_URL: server.url, ROOMZ_HISTORY: "true" };
  server.texts.messages = HOSTILE_TEXTS.map((text) => ({ content: text, name: text, email: text }));
  const count = String(HOSTILE_TEXTS.length);
  for (const terminalColumns of [undefined, 80]) {
    const options = {
      env: settings,
      ...(terminalColumns !== undefined && { terminalColumns }),
    };
    for (
      const args of [
        ["tail", "--count", count],
        ["tail", "--json", "--count", count],
        ["history"],
        ["history", "--json"],
      ]
    ) {
      const { exitCode, stdout, stderr } = await roomz(args, options);
      assertEquals(exitCode, 0, stderr);
      assertHarmless(stdout + stderr, args.join(" "));
      const lines = stdout.trimEnd().split("\n");
      if (args.includes("--json")) {
        assertEquals(lines.length, HOSTILE_TEXTS.length);
        const contents = lines.map((line): string => JSON.parse(line).content);
        // The client unescapes the server's entities, and JSON preserves the rest.
        assertEquals(contents.slice(0, 100), HOSTILE_TEXTS.slice(0, 100).map(wellFormed));
      } else {
        const starts = lines.filter((line) => !line.startsWith("    "));
        assertEquals(starts.length, HOSTILE_TEXTS.length);
        for (const line of starts) assertMatch(line, /^(\d{4}-\d\d-\d\d )?\d\d:\d\d /);
      }
    }
  }
});

Deno.test("emails are sanitized in whoami, sessions and doctor", async () => {
  await using home = await TestHome.make();
  await using server = new HostileServer();
  const settings = { ...env, ROOMZ_SERVER_URL: server.url };
  const cache = new KvSessionCache(`${home.path}/state/roomz/sessions.kv`);
  for (const [at, text] of HOSTILE_TEXTS.entries()) {
    server.texts.email = text;
    server.texts.error = text;
    const commands = [["whoami"], ["whoami", "--json"], ["doctor"], ["doctor", "--json"]];
    for (const args of commands) {
      const { stdout, stderr } = await roomz(args, { env: settings });
      assert(stdout !== "");
      assertHarmless(stdout + stderr, text);
    }
    if (at % 10 === 0) await cache.set(`http://h${at}.test`, { jwt: sessionOf(text) });
  }
  for (const args of [["sessions"], ["sessions", "--json"]]) {
    const { stdout } = await roomz(args, { env: home.env });
    assertMatch(stdout, /h300\.test/);
    assertHarmless(stdout, args.join(" "));
  }
});

Deno.test("server errors are sanitized in login and send, and arguments in usage errors", async () => {
  await using home = await TestHome.make();
  await using server = new HostileServer();
  const settings = { ...env, ...home.env, ROOMZ_SERVER_URL: server.url };
  for (const text of HOSTILE_TEXTS) {
    server.texts.error = text;
    for (
      const [args, code] of [
        [["login", "eve@example.com"], 1],
        [["send", "hi"], 1],
        [["completions", text], 2],
        [["bot", "run", text], 1],
        [["history", `(?${text}`], 2],
      ] as const
    ) {
      const { exitCode, stdout, stderr } = await roomz(args, { env: settings });
      assertEquals([exitCode, stdout], [code, ""], JSON.stringify([args, stderr]));
      assert(stderr.startsWith("roomz: "));
      assertHarmless(stderr, text);
      const [, ...others] = stderr.trimEnd().split("\n");
      for (const line of others) assertMatch(line, /^ {4}/);
    }
  }
});

Deno.test("any display name is sanitized in config and name", async () => {
  await using home = await TestHome.make();
  for (const text of HOSTILE_TEXTS) {
    for (const args of [["config"], ["config", "--json"], ["name"]]) {
      const { stdout, stderr } = await roomz(args, {
        env: { ...home.env, ROOMZ_DISPLAY_NAME: text },
      });
      assertHarmless(stdout + stderr, text);
    }
  }
});
