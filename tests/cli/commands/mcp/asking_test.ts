import { assert, assertEquals, assertMatch } from "@std/assert";
import { AskingScene } from "./support/asking_scene.ts";
import { McpHost, type ServerMessage, toolResult, until } from "./support/mcp_host.ts";

const TASKS = { extensions: { "io.modelcontextprotocol/tasks": {} } };
const DEPLOY = { question: "Deploy?", choices: ["yes", "not now"] };

Deno.test("an agent of 2025 asks once, however many calls it takes, and gets the answer given between two", async () => {
  await using scene = await AskingScene.start((options) => McpHost.of2025(options));
  const { host, phone } = scene;
  const first = await host.call("ask_human", DEPLOY);
  assertEquals(first.structured.status, "waiting");
  const { handle } = first.structured;
  assertEquals((await host.call("ask_human", { handle })).structured.status, "waiting");
  assertEquals(scene.heard.length, 1);
  assertMatch(scene.heard[0] ?? "", /^Deploy\? \(yes\|not now\) \[\w{3}\]$/);
  // Between two calls.
  await phone.send("Not now");
  await until(
    () => host.call("read_messages"),
    ({ structured }) => structured.messages.at(-1)?.content === "Not now",
  );
  const { structured } = await host.call("ask_human", { handle, ...DEPLOY });
  const { message_id, waited, ...rest } = structured;
  assertEquals<unknown>(rest, {
    status: "answered",
    handle,
    question: "Deploy?",
    answer: "not now",
    device: "phone",
  });
  assert(message_id.length > 0 && waited >= 2);
  assertEquals(scene.heard.filter((text) => /Deploy/.test(text)).length, 1);
});

Deno.test("a host of 2026 repeats the call by itself, and the question stands once", async () => {
  await using scene = await AskingScene.start(McpHost.of2026);
  const { host, phone } = scene;
  const call = { name: "ask_human", arguments: { question: "How many?", type: "int" } };
  let { result } = await host.request("tools/call", call);
  for (let round = 1; round < 3; round++) {
    assertEquals(result.resultType, "input_required");
    ({ result } = await host.request("tools/call", { ...call, requestState: result.requestState }));
  }
  await phone.send("many");
  await phone.send("12");
  await until(
    async () => {
      const { requestState } = result;
      if (requestState !== undefined) {
        ({ result } = await host.request("tools/call", { ...call, requestState }));
      }
      return result;
    },
    ({ resultType }) => resultType === "complete",
  );
  assertEquals(toolResult(result).structured.answer, 12);
  assertEquals(scene.heard.filter((text) => /How many/.test(text)).length, 1);
});

Deno.test("where tasks are spoken, a question is a task", async () => {
  await using scene = await AskingScene.start(McpHost.of2026, { capabilities: TASKS });
  const { host, phone } = scene;
  const call = { name: "ask_human", arguments: { question: "Deploy?", type: "bool" } };
  const { result: task } = await host.request("tools/call", call);
  assertEquals([task.resultType, task.status], ["task", "working"]);
  await scene.handles(1);
  await phone.send("yes");
  const { result } = await until(
    () => host.request("tasks/get", { taskId: task.taskId }),
    ({ result }) => result.status !== "working",
  );
  assertEquals(result.status, "completed");
  assertEquals(toolResult(result.result).structured.answer, true);
});

const values: readonly (readonly [type: string, said: string, answer: unknown])[] = [
  ["text", "  as I said  ", "as I said"],
  ["bool", "No.", false],
  ["number", "2.50", 2.5],
  ["date", "2026-11-28", "2026-11-28T00:00:00.000Z"],
  ["duration", "1m30s", 90_000],
  ["url", "https://example.org", "https://example.org/"],
  ["email", "ada@example.org", "ada@example.org"],
  ["dev|prod", "PROD", "prod"],
];
Deno.test("answers have the type that was asked for", async (t) => {
  await using scene = await AskingScene.start(McpHost.of2026, { capabilities: TASKS });
  const { host, phone } = scene;
  const tasks: ServerMessage[] = [];
  for (const [at, [type]] of values.entries()) {
    const call = { name: "ask_human", arguments: { question: `Which ${at}?`, type } };
    tasks.push(await host.request("tools/call", call));
  }
  await scene.handles(values.length);
  for (const [at, [type, said, answer]] of values.entries()) {
    await t.step(type, async () => {
      const text = scene.heard.find((text) => text.startsWith(`Which ${at}?`));
      await phone.send(`[${text?.slice(-4, -1)}] ${said}`);
      const { result } = await until(
        () => host.request("tasks/get", { taskId: tasks[at]?.result.taskId }),
        ({ result }) => result.status !== "working",
      );
      assertEquals(toolResult(result.result).structured.answer, answer);
    });
  }
});

Deno.test("ten questions at once get their own answers, in any order", async () => {
  await using scene = await AskingScene.start(McpHost.of2026, { capabilities: TASKS });
  const { host, phone } = scene;
  const tasks: ServerMessage[] = await Promise.all(
    Array.from({ length: 10 }, (_, at) => {
      const question = `Question ${at}: which number?`;
      return host.request("tools/call", {
        name: "ask_human",
        arguments: { question, type: "int" },
      });
    }),
  );
  await scene.handles(10);
  const texts = scene.heard.filter((text) => /^Question \d: which/.test(text)).toReversed();
  for (const text of texts) {
    const [, number, handle] = /^Question (\d): .* \[(\w{3})\]$/.exec(text) ?? [];
    await phone.send(`${handle} ${number}`);
  }
  for (const [at, { result: { taskId } }] of tasks.entries()) {
    const { result } = await until(
      () => host.request("tasks/get", { taskId }),
      ({ result }) => result.status !== "working",
    );
    assertEquals(toolResult(result.result).structured.answer, at);
  }
});

Deno.test("two agents of one name, each with a question, are not mixed up", async () => {
  await using scene = await AskingScene.start((options) => McpHost.of2025(options), {
    args: ["--name", "agent"],
  });
  await using other = McpHost.of2026({
    args: ["--name", "agent"],
    env: await scene.server.token(),
  });
  const calls = [
    scene.host.call("ask_human", { question: "First?", type: "bool" }),
    scene.handles(1).then(() => other.call("ask_human", { question: "Second?", type: "bool" })),
  ];
  const [first, second] = await scene.handles(2);
  await scene.phone.send(`${second} no`);
  await scene.phone.send(`${first} yes`);
  const handles = (await calls[0])?.structured.handle;
  const one = await until(
    () => scene.host.call("ask_human", { handle: handles }),
    ({ structured }) => structured.status === "answered",
  );
  assertEquals(one.structured.answer, true);
  assertEquals((await calls[1])?.structured.answer, false);
});

for (
  const end of [
    "stdin is closed",
    "SIGTERM comes",
    "the call is cancelled",
    "the task is cancelled",
  ]
) {
  Deno.test(`the question is withdrawn in the room when ${end}`, async () => {
    const isTask = end.startsWith("the task");
    await using scene = await AskingScene.start(
      McpHost.of2026,
      isTask ? { capabilities: TASKS } : {},
    );
    const { host } = scene;
    const call = { name: "ask_human", arguments: { question: "Deploy?" } };
    const { id, answer } = host.start("tools/call", call);
    answer.catch(() => {}); // What is cancelled has none.
    const [handle] = await scene.handles(1);
    if (end === "stdin is closed") assertEquals(await host.close(), 0);
    if (end === "SIGTERM comes") {
      host.io.interrupt("SIGTERM");
      assertEquals(await host.ended, 0);
    }
    if (end === "the call is cancelled") host.notify("notifications/cancelled", { requestId: id });
    if (isTask) await host.request("tasks/cancel", { taskId: (await answer).result.taskId });
    await scene.said(new RegExp(`^Withdrawn: \\[${handle}\\]$`));
  });
}

Deno.test("nobody answers in time: an error that says so, and the question is withdrawn", async () => {
  await using scene = await AskingScene.start((options) => McpHost.of2025(options));
  const { host } = scene;
  const args = { question: "Deploy?", timeout_seconds: 2 };
  let { isError, text, structured } = await host.call("ask_human", args);
  while (!isError) {
    ({ isError, text, structured } = await host.call("ask_human", { handle: structured.handle }));
  }
  assertMatch(text, /^Nobody answered within 2 s, and the question was withdrawn\.$/);
  await scene.said(/^Withdrawn/);
});

Deno.test("a person who cancels is an error that says so", async () => {
  await using scene = await AskingScene.start((options) => McpHost.of2025(options));
  const { host, phone } = scene;
  const first = host.call("ask_human", { question: "Deploy?" });
  await scene.handles(1);
  await phone.send("cancel");
  const { handle } = (await first).structured ?? {};
  const { isError, text } = handle === undefined
    ? await first
    : await host.call("ask_human", { handle });
  assert(isError);
  assertMatch(text, /The person cancelled the question/);
});

const wrong: readonly (readonly [args: Record<string, unknown>, message: RegExp])[] = [
  [{}, /Missing argument question/],
  [{ question: "" }, /question must be text of 1 to 1000/],
  [{ question: "   " }, /empty/i],
  [{ question: "q".repeat(1_000_000) }, /question must be text of 1 to 1000/],
  [{ question: "q".repeat(1_000) }, /too long|does not fit/i],
  [{ question: "&".repeat(300) }, /too long|does not fit/i],
  [{ question: "a\x1b[2Jb?" }, /control character/i],
  [{ question: "Deploy?", choices: ["yes"] }, /choices must be a list of 2 to 20/],
  [{ question: "Deploy?", choices: ["yes", ""] }, /choices must be a list of 2 to 20/],
  [
    { question: "Deploy?", choices: ["yes", "ＹＥＳ"] },
    /"yes" and "ＹＥＳ" differ only in case, width/,
  ],
  [{ question: "Deploy?", choices: ["yes", "yes"] }, /are the same/],
  [{ question: "Deploy?", choices: ["yes", "y\u200bes"] }, /differ only in/],
  [{ question: "Deploy?", choices: ["a|b", "c"] }, /contains a bar/],
  [{ question: "Deploy?", type: "itn" }, /no type "itn". Did you mean "int"/],
  [{ question: "Deploy?", type: "int", choices: ["1", "2"] }, /either `?type`? or `?choices/],
  [{ question: "Deploy?", timeout_seconds: 0 }, /timeout_seconds must be .* from 1 to 604800/],
  [{ question: "Deploy?", timeout_seconds: 31_536_000 }, /timeout_seconds must be .* to 604800/],
  [{ question: "Deploy?", timeout_seconds: "5" }, /timeout_seconds must be a whole number/],
  [{ question: "Is it eyJhbGciOi.eyJzdWIi.abc?" }, /session token or a magic link/],
  [{ handle: "gone" }, /no wait with the handle "gone"/],
];
Deno.test("questions that cannot be asked are errors that the model can correct", async (t) => {
  await using scene = await AskingScene.start((options) => McpHost.of2025(options));
  for (const [args, message] of wrong) {
    await t.step(JSON.stringify(args).slice(0, 60), async () => {
      const { isError, text } = await scene.host.call("ask_human", args);
      assert(isError, text);
      assertMatch(text, message);
      assert(text.length < 400 && !text.includes("ask(…)"), text);
    });
  }
  assertEquals(scene.heard, []);
});

Deno.test("--read-only leaves ask_human out", async () => {
  await using host = await McpHost.of2025({ args: ["--read-only"] });
  const { result } = await host.request("tools/list");
  assert(!JSON.stringify(result).includes('"ask_human"'));
});

Deno.test("a question that is open when the connection is lost is asked again, and says what that means", async () => {
  await using scene = await AskingScene.start((options) => McpHost.of2025(options));
  const { host, phone, server } = scene;
  const asked = host.call("ask_human", { question: "Deploy?", type: "bool" });
  await scene.handles(1);
  const back = phone.waitFor("authenticated", { timeout: 10_000 });
  server.server.disconnectAll();
  await back;
  const { handle } = (await asked).structured;
  await host.call("list_devices"); // Waits for the connection.
  await phone.send("yes");
  const { structured } = await until(
    () => host.call("ask_human", { handle }),
    ({ structured }) => structured.status === "answered",
  );
  assertEquals([structured.answer, structured.perhaps_missed], [true, true]);
});
