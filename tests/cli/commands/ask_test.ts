/**
 * `roomz ask`.
 * @module
 */
import { main } from "@roomz/roomz/cli";
import { AsyncClient } from "@roomz/roomz/client";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { roomz, TestIo } from "../support/test_io.ts";
import { TestServer } from "../support/test_server.ts";

/** Runs `roomz` while a phone replies to each question with `answer`. */
async function asked(
  args: readonly string[],
  answer: (question: string, handle: string) => string | undefined,
  stdin = "",
): Promise<{ exitCode: number; stdout: string; stderr: string; heard: readonly string[] }> {
  await using server = await TestServer.start();
  await using phone = await AsyncClient.open(server.url, await server.session());
  await phone.setDisplayName("phone");
  const heard: string[] = [];
  phone.on("message", async ({ content, own }) => {
    if (own) return;
    heard.push(content);
    const [, handle] = /\) \[(\w{3})\]$/.exec(content) ?? [];
    const text = handle === undefined ? undefined : answer(content, handle);
    if (text !== undefined) await phone.send(text);
  });
  const ended = await roomz(args, { env: await server.token(), stdin });
  return { ...ended, heard };
}

Deno.test("ask prints the answer, and leaves stdin alone", async () => {
  const { heard, ...ended } = await asked(
    ["ask", "Deploy", "1.4?", "--choices", "yes, no"],
    () => "YES",
    "not read",
  );
  assertEquals(ended, { exitCode: 0, stdout: "yes\n", stderr: "" });
  assertMatch(heard.join("\n"), /^Deploy 1\.4\? \(yes\|no\) \[[a-z]\d[a-z]\]$/);
});

const answers: readonly (readonly [args: readonly string[], answer: string, stdout: string])[] = [
  [["--type", "bool"], "Yep? no.", ""],
  [["--type", "bool"], "No.", "no\n"],
  [["--type", "int"], " 42", "42\n"],
  [["--type", "duration"], "90m", "1h30m\n"],
  [["--type", "date"], "2026-11-29", "2026-11-29T00:00:00.000Z\n"],
  [["--type", "a|b"], "B", "b\n"],
  [[], "two\nlines\x1b[2J", "two\n    lines␛[2J\n"],
  [["--from", "PHONE"], "fine", "fine\n"],
];
for (const [args, answer, stdout] of answers) {
  Deno.test(`ask ${args.join(" ")}: ${JSON.stringify(answer)} is ${JSON.stringify(stdout)}`, async () => {
    // An answer is taken a second after the question; only one that is not taken needs a time limit.
    const limit = stdout === "" ? "2s" : "30s";
    const ended = await asked(["ask", "What?", "--timeout", limit, ...args], () => answer);
    assertEquals([ended.exitCode, ended.stdout], [stdout === "" ? 1 : 0, stdout], ended.stderr);
  });
}

Deno.test("ask --json says who answered, when and to what", async () => {
  let named = "";
  const { stdout, exitCode } = await asked(
    ["ask", "--json", "-", "--type", "bool"],
    (_, handle) => `${named = handle} yes`,
    "Deploy?\nReally?\n",
  );
  assertEquals(exitCode, 0);
  const { message_id, waited, ...rest } = JSON.parse(stdout);
  assertEquals(rest, {
    question: "Deploy?\nReally?",
    answer: true,
    device: "phone",
    source: "answer",
    handle: named,
    perhaps_missed: false,
  });
  assert(waited >= 1_000 && waited < 60_000 && message_id !== "");
});

Deno.test("without an answer in time, ask fails and withdraws the question", async () => {
  const ended = await asked(["ask", "Deploy?", "--timeout", "300ms"], () => undefined);
  assertEquals([ended.exitCode, ended.stdout], [1, ""]);
  assertEquals(
    ended.stderr,
    "roomz: No answer within 300ms; the question was withdrawn. Use --timeout to wait longer.\n",
  );
  assertMatch(ended.heard[1] ?? "", /^Withdrawn: \[\w{3}\]$/);
});

Deno.test("a name that nobody has gives no answer", async () => {
  const ended = await asked(
    ["ask", "Deploy?", "--from", "watch", "--timeout", "1500ms"],
    () => "yes",
  );
  assertEquals(ended.exitCode, 1);
  assertStringIncludes(ended.stderr, 'No answer from "watch" within 1500ms');
});

Deno.test("ask --default prints it when no answer came, and says so in JSON", async () => {
  const common = ["ask", "How many?", "--type", "int", "--timeout", "300ms", "--default", "+7"];
  const plain = await asked(common, () => undefined);
  assertEquals([plain.exitCode, plain.stdout, plain.stderr], [0, "7\n", ""]);
  const { stdout } = await asked([...common, "--json"], () => undefined);
  const { answer, source, device, message_id } = JSON.parse(stdout);
  assertEquals([answer, source, device, message_id], [7, "default", null, null]);
});

Deno.test("the person can cancel, which is no answer even if there is a default", async () => {
  const ended = await asked(
    ["ask", "Deploy?", "--default", "x"],
    (_, handle) => `${handle} cancel`,
  );
  assertEquals([ended.exitCode, ended.stdout, ended.stderr], [
    1,
    "",
    "roomz: The question was cancelled.\n",
  ]);
  const choice = await asked(["ask", "?", "--choices", "ok,cancel"], () => "cancel");
  assertEquals([choice.exitCode, choice.stdout], [0, "cancel\n"]);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} withdraws the question and exits with 130`, async () => {
    await using server = await TestServer.start();
    await using phone = await AsyncClient.open(server.url, await server.session());
    const io = new TestIo({ env: await server.token() });
    const question = phone.waitFor("message", { timeout: 10_000 });
    const ended = main(["ask", "Deploy?"], io);
    const { content } = await question;
    const notice = phone.waitFor("message", { timeout: 10_000 });
    io.interrupt(signal);
    assertEquals([await ended, io.stdout.text, io.stderr.text], [130, "", ""]);
    assertEquals((await notice).content, `Withdrawn: ${content.slice(-5)}`);
  });
}

const wrong: readonly (readonly [args: readonly string[], stderr: string])[] = [
  [[], "There is no question."],
  [["  "], "There is no question."],
  [["x".repeat(1_000)], "The question is too long: a message has at most 1,000 characters"],
  [["a\x07b"], "control character U+0007"],
  [["x", "--choices", "yes,YES"], 'The choices "yes" and "YES" differ only in case'],
  [["x", "--choices", "yes,ｙｅｓ"], "differ only in case, width"],
  [["x", "--choices", "yes,"], "A choice is empty. (--choices)"],
  [["x", "--choices", "yes"], "Give at least two choices. (--choices)"],
  [["x", "--choices", "a,b", "--type", "int"], "--type cannot be combined with --choices."],
  [["x", "--type", "itn"], 'There is no type "itn". Did you mean "int"? (--type)'],
  [["x", "--type", "blob"], 'There is no type "blob". Use text, int, number, bool,'],
  [["x", "--timeout", "0"], "--timeout must be a duration such as 30s"],
  [["x", "--timeout", "0s"], "more than 0"],
  [["x", "--timeout", "soon"], 'but is "soon"'],
  [["x", "--from", " "], "--from must be a name."],
  [["x", "--type", "int", "--default", "many"], "--default must be a whole number such as 42"],
  [["x", "--choices", "a,b", "--default", "c"], "--default must be a or b"],
];
Deno.test("a wrong command line is an error before anything is said", async () => {
  for (const [args, message] of wrong) {
    const { exitCode, stdout, stderr } = await roomz(["ask", ...args], {});
    assertEquals([exitCode, stdout], [2, ""], stderr);
    assertStringIncludes(stderr, message);
  }
});

Deno.test("without a session, ask says how to log in", async () => {
  await using server = await TestServer.start();
  const { exitCode, stderr } = await roomz(["ask", "Deploy?", "--timeout", "8760h"], {
    env: server.home,
  });
  assertEquals(exitCode, 3);
  assertStringIncludes(stderr, "Log in with: roomz login");
});
