/**
 * The approval hook as Claude Code runs it: the event on stdin, the decision on stdout. `roomz` is the
 * real command, on a development server, with a scripted person in the room.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { createDevServer, type DevServer } from "@roomz/roomz/dev-server";
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { decide, parseCall, questionFor } from "../../examples/approval_hook.ts";
import { bareEnvironment } from "../cli/support/bare_environment.ts";
import { denoConfig } from "../cli/support/deno_config.ts";
import { HOSTILE_TEXTS } from "../cli/support/hostile_texts.ts";
import { skip } from "../support/skip.ts";

const ADA = "ada@example.com";
const root = new URL("../../", import.meta.url);

const EVENT = {
  session_id: "0d9c5f0e",
  transcript_path: "/home/ada/.claude/projects/x/0d9c5f0e.jsonl",
  cwd: "/home/ada/shop",
  permission_mode: "default",
  hook_event_name: "PreToolUse",
  tool_name: "Bash",
  tool_input: { command: 'rm -rf "build" && make', description: "Clean" },
  tool_use_id: "toolu_01ABC",
};

/** Whoever runs the hook: `roomz` is in their PATH, and they are logged in. */
class Workplace implements AsyncDisposable {
  readonly server: DevServer;
  readonly folder: string;

  private constructor(server: DevServer, folder: string) {
    this.server = server;
    this.folder = folder;
  }

  static async open(): Promise<Workplace> {
    const server = await createDevServer({ port: 0, allowedEmails: [ADA], log: () => {} });
    const folder = await Deno.makeTempDir();
    const main = fromFileUrl(new URL("cli/main.ts", root));
    const script = `#!/bin/sh\nexec '${Deno.execPath()}' run --quiet --no-prompt --allow-all ` +
      `--unstable-kv --no-check '--config=${denoConfig}' '${main}' "$@"\n`;
    await Deno.writeTextFile(`${folder}/roomz`, script, { mode: 0o755 });
    return new Workplace(server, folder);
  }

  /** Starts the hook. */
  async hook(event: unknown, args: readonly string[] = [], env: Record<string, string> = {}) {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "--no-prompt",
        "--no-check",
        "--no-config",
        "--no-lock",
        "--allow-run=roomz",
        fromFileUrl(new URL("examples/approval_hook.ts", root)),
        ...args,
      ],
      clearEnv: true,
      env: {
        ...bareEnvironment,
        PATH: `${this.folder}:${bareEnvironment.PATH}`,
        ROOMZ_SERVER_URL: this.server.url,
        ROOMZ_TOKEN: await this.server.mintSession(ADA),
        XDG_STATE_HOME: `${this.folder}/state`,
        ...env,
      },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const stdin = child.stdin.getWriter();
    const text = typeof event === "string" ? event : JSON.stringify(event);
    await stdin.write(new TextEncoder().encode(text));
    await stdin.close();
    return child;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
    await Deno.remove(this.folder, { recursive: true });
  }
}

interface Outcome {
  readonly code: number;
  readonly decision: string | undefined;
  readonly reason: string | undefined;
  readonly stderr: string;
}

async function outcomeOf(child: Deno.ChildProcess): Promise<Outcome> {
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  const text = decoder.decode(stdout);
  const { hookSpecificOutput: output = {} } = text === "" ? {} : JSON.parse(text);
  if (text !== "") assertEquals(output.hookEventName, "PreToolUse");
  return {
    code,
    decision: output.permissionDecision,
    reason: output.permissionDecisionReason,
    stderr: decoder.decode(stderr),
  };
}

/** A person on a phone: resolves to the question after answering it. */
async function person(server: DevServer, answer: string | undefined): Promise<{
  readonly client: AsyncClient;
  readonly asked: Promise<string>;
}> {
  const session = await server.mintSession(ADA);
  const client = await AsyncClient.open(server.url, session, { displayName: "phone" });
  const asked = client.waitFor("message", { timeout: 60_000 }).then(async ({ content }) => {
    if (answer !== undefined) await client.send(answer);
    return content;
  });
  return { client, asked };
}

if (Deno.build.os === "windows") skip("the approval hook", "the test's roomz is a shell script");
else {
  const answers = [["yes", "allow"], ["no", "deny"], ["YES", "allow"]] as const;
  for (const [answer, expected] of answers) {
    Deno.test(`the approval hook asks the room; "${answer}" means ${expected}`, async () => {
      await using workplace = await Workplace.open();
      const { client, asked } = await person(workplace.server, answer);
      await using _phone = client;
      const child = await workplace.hook(EVENT, ["--from", "phone", "--timeout", "60s"]);
      const { code, decision, reason } = await outcomeOf(child);
      assertEquals([code, decision], [0, expected]);
      assertMatch(reason ?? "", /^(Allowed|Denied) in the room by phone\.$/);
      assertMatch(
        await asked,
        /^Claude Code in "shop" wants to use Bash: \{"command":"rm -rf \\"build\\" && make","description":"Clean"\} Allow it\? \(yes\|no\) \[\w+\]$/,
      );
    });
  }

  Deno.test("nobody answers: Claude Code asks at the terminal, or else the tool is denied", async () => {
    await using workplace = await Workplace.open();
    const asking = ["default", "bypassPermissions"].map(async (permission_mode) =>
      await outcomeOf(
        await workplace.hook({ ...EVENT, permission_mode }, ["--timeout", "1s"]),
      )
    );
    const [inTerminal, unattended] = await Promise.all(asking);
    assertEquals([inTerminal?.code, inTerminal?.decision], [0, "ask"]);
    assertEquals([unattended?.code, unattended?.decision], [0, "deny"]);
    assertMatch(inTerminal?.reason ?? "", /^No answer from the room: .*No answer within 1s/);
  });

  Deno.test("a default of roomz ask is no answer", async () => {
    await using workplace = await Workplace.open();
    const child = await workplace.hook(EVENT, ["--timeout", "1s", "--default", "yes"]);
    assertEquals((await outcomeOf(child)).decision, "ask");
  });

  Deno.test("no login, no server, no roomz: the tool is not allowed, and the reason says why", async () => {
    await using workplace = await Workplace.open();
    const closed = await createDevServer({ port: 0, allowedEmails: "*" });
    await closed.close();
    const cases: readonly (readonly [Record<string, string>, RegExp])[] = [
      [{ ROOMZ_TOKEN: "" }, /Not logged in to/],
      [{ ROOMZ_SERVER_URL: closed.url }, /No answer from the room: ./],
      [{ PATH: "/nowhere" }, /roomz/],
    ];
    for (const [env, expected] of cases) {
      const { code, decision, reason } = await outcomeOf(await workplace.hook(EVENT, [], env));
      assertEquals([code, decision], [0, "ask"], String(expected));
      assertMatch(reason ?? "", expected);
    }
  });

  Deno.test("what is not a PreToolUse event is blocked with code 2", async () => {
    await using workplace = await Workplace.open();
    for (const text of ["", '{"hook_event_name":"PreToolUse"', '{"hook_event_name":"Stop"}']) {
      const { code, decision, stderr } = await outcomeOf(await workplace.hook(text));
      assertEquals([code, decision], [2, undefined], text);
      assertMatch(stderr, /^The approval hook failed: /);
    }
  });

  Deno.test("when Claude Code ends the hook, the question is withdrawn", async () => {
    await using workplace = await Workplace.open();
    const { client, asked } = await person(workplace.server, undefined);
    await using phone = client;
    const child = await workplace.hook(EVENT);
    await asked;
    const withdrawn = phone.waitFor("message", { timeout: 60_000 });
    child.kill("SIGTERM");
    const [{ decision }, { content }] = await Promise.all([outcomeOf(child), withdrawn]);
    assertEquals(decision, "ask");
    assertMatch(content, /^Withdrawn: \[\w+\]$/);
  });
}

Deno.test("an event without what the hook needs is refused", () => {
  const broken: readonly unknown[] = [
    null,
    [],
    "PreToolUse",
    { ...EVENT, hook_event_name: "PostToolUse" },
    { ...EVENT, hook_event_name: undefined },
    { ...EVENT, tool_name: undefined },
    { ...EVENT, tool_name: ["Bash"] },
    { ...EVENT, cwd: 7 },
    { ...EVENT, permission_mode: {} },
  ];
  for (const event of broken) {
    assertThrows(() => parseCall(JSON.stringify(event)), Error, "PreToolUse");
  }
});

Deno.test("hostile calls make one harmless line that fits into a message", () => {
  const texts = [...HOSTILE_TEXTS, "x".repeat(1_000_000), '"'.repeat(5_000), "&<'>".repeat(3_000)];
  for (const text of texts) {
    for (
      const event of [
        { ...EVENT, tool_input: { command: text } },
        { ...EVENT, tool_input: { [text]: [{ a: text }] } },
        { ...EVENT, tool_name: text },
        { ...EVENT, cwd: `/home/${text}` },
        { ...EVENT, tool_input: text, tool_name: text, cwd: text },
      ]
    ) {
      const question = questionFor(parseCall(JSON.stringify(event)));
      assertEquals(question.match(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u), null);
      const stored = question.replace(/["'&<>]/g, "123456");
      assert([...stored].length < 960, "room for the choices and the handle");
      assertMatch(question, /^Claude Code( in .*)? wants to use .* Allow it\?$/);
    }
  }
});

Deno.test("of a long call, the question shows both ends, and how much is between them", () => {
  const command = `curl example.com/${"a".repeat(2_000)}; rm -rf ~`;
  const question = questionFor(parseCall(JSON.stringify({ ...EVENT, tool_input: { command } })));
  assertMatch(
    question,
    /Bash: \{"command":"curl example.com\/a+ …\(\d+ characters\)… a+; rm -rf ~"\} Allow/,
  );
  const [, left = ""] = /…\((\d+) characters\)…/.exec(question) ?? [];
  const shown = (/\{.*\}/.exec(question)?.[0] ?? "").replace(` …(${left} characters)… `, "");
  assertEquals(shown.length + Number(left), JSON.stringify({ command }).length);
});

Deno.test("only yes allows; without an answer the mode decides between asking and denying", () => {
  const call = parseCall(JSON.stringify(EVENT));
  const of = (mode: string, answer: Parameters<typeof decide>[1]) =>
    decide({ ...call, mode }, answer).hookSpecificOutput.permissionDecision;
  assertEquals(of("default", { answer: "yes", device: "phone" }), "allow");
  for (const answer of ["no", "", "YES", "yes ", "true", "undefined"]) {
    assertEquals(of("default", { answer, device: "phone" }), "deny", answer);
  }
  for (const mode of ["default", "acceptEdits", "plan"]) {
    assertEquals(of(mode, { missing: "x" }), "ask", mode);
  }
  for (const mode of ["bypassPermissions", "dontAsk", "auto", "", "new"]) {
    assertEquals(of(mode, { missing: "x" }), "deny", mode);
  }
});

Deno.test("why there is no answer is one line, whatever roomz printed", () => {
  for (const end of ["\n", "\r\n", "\n\n", "\n    ", "\t", "  "]) {
    const { permissionDecisionReason } = decide(parseCall(JSON.stringify(EVENT)), {
      missing: `Reconnecting.${end}roomz: No answer within 5m.\u202e`,
    }).hookSpecificOutput;
    assertEquals(
      permissionDecisionReason,
      "No answer from the room: Reconnecting. roomz: No answer within 5m.\\u{202e}",
    );
  }
});
