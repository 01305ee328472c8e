/**
 * Waits that last longer than a call: legs with a handle, rounds and tasks.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { TestServer } from "../../support/test_server.ts";
import { McpHost, toolResult, until } from "./support/mcp_host.ts";

const TASKS = { extensions: { "io.modelcontextprotocol/tasks": {} } };

/** An agent whose calls wait for a second, and a phone in the same room. */
async function scene(
  start: (options: { args: string[]; env: Record<string, string> }) => McpHost | Promise<McpHost>,
) {
  const server = await TestServer.start();
  const phone = await AsyncClient.open(server.url, await server.session(), {
    displayName: "phone",
  });
  const host = await start({ args: ["--leg", "1"], env: await server.token() });
  return {
    server,
    phone,
    host,
    async [Symbol.asyncDispose]() {
      await host.close();
      await phone.disconnect();
      await server[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a wait outlives the call: the next one goes on by its handle, and what came between is there", async () => {
  await using room = await scene((options) => McpHost.of2025(options));
  const { host, phone } = room;
  const first = await host.call("wait_for_message", { pattern: "go" });
  const { status, handle, waited, next } = first.structured;
  assertEquals([status, waited], ["waiting", 1]);
  assert(next.includes(`{"handle": "${handle}"}`));
  // Nobody waits now.
  await phone.send("go on");
  const second = await host.call("wait_for_message", { handle, pattern: "(", timeout_seconds: 1 });
  assertEquals(second.structured.status, "received");
  assertEquals(second.structured.handle, handle);
  assertEquals(second.structured.message.content, "go on");
  // A result that got lost on its way can be had again.
  assertEquals(await host.call("wait_for_message", { handle }), second);
});

Deno.test("a wait that times out is an error, for a call between and for the next ones", async () => {
  await using room = await scene((options) => McpHost.of2025(options));
  const { host } = room;
  const first = await host.call("wait_for_message", { timeout_seconds: 2 });
  const { handle } = first.structured;
  for (let again = 0; again < 2; again++) {
    const { isError, text } = await host.call("wait_for_message", { handle });
    assert(isError);
    assertMatch(text, /No such message came within 2 s/);
  }
});

Deno.test("a host of 2026 is made to ask again by itself, eight times, then the model is", async () => {
  await using room = await scene(McpHost.of2026);
  const { host, phone } = room;
  const call = { name: "wait_for_message", arguments: { pattern: "go" } };
  const first = await host.request("tools/call", call);
  assertEquals(first.result.resultType, "input_required");
  const state = JSON.parse(first.result.requestState);
  assertEquals(state.count, 1);
  await phone.send("go");
  const { requestState } = first.result;
  const { result } = await host.request("tools/call", { ...call, requestState });
  assertEquals(result.structuredContent.message.content, "go");

  const other = await host.request("tools/call", call);
  const { handle } = JSON.parse(other.result.requestState);
  const last = await host.request("tools/call", {
    ...call,
    requestState: JSON.stringify({ handle, count: 8 }),
  });
  assertEquals(last.result.structuredContent.status, "waiting");
  assertEquals(last.result.structuredContent.handle, handle);
});

const states = ["", "{", "null", "[]", '{"handle":5,"count":1}', '{"handle":"x"}'];
Deno.test("a state that the host has changed begins anew or is an unknown handle", async () => {
  await using room = await scene(McpHost.of2026);
  const { host } = room;
  const call = { name: "wait_for_message", arguments: { timeout_seconds: 1 } };
  for (const requestState of states) {
    const { result } = await host.request("tools/call", { ...call, requestState });
    assert(result.isError || result.resultType === "input_required", requestState);
  }
  const unknown = await host.request("tools/call", {
    ...call,
    requestState: '{"handle":"none","count":1}',
  });
  assertMatch(toolResult(unknown.result).text, /no wait with the handle "none"/);
});

Deno.test("where the host speaks the Tasks extension, a wait is a task that it asks for", async () => {
  await using room = await scene((options) => McpHost.of2026({ ...options, capabilities: TASKS }));
  const { host, phone } = room;
  const call = { name: "wait_for_message", arguments: { pattern: "go" } };
  const { result: task } = await host.request("tools/call", call);
  assertEquals([task.resultType, task.status, task.ttlMs], ["task", "working", null]);
  const { taskId } = task;
  const working = await host.request("tasks/get", { taskId });
  assertEquals([working.result.status, working.result.result], ["working", undefined]);
  await phone.send("go");
  const done = await until(
    () => host.request("tasks/get", { taskId }),
    ({ result }) => result.status !== "working",
  );
  assertEquals(done.result.status, "completed");
  assertEquals(toolResult(done.result.result).structured.message.content, "go");
  // A failure of the tool is a completed task as well.
  const { result: late } = await host.request("tools/call", {
    ...call,
    arguments: { timeout_seconds: 1 },
  });
  const failed = await until(
    () => host.request("tasks/get", { taskId: late.taskId }),
    ({ result }) => result.status !== "working",
  );
  assertEquals(failed.result.status, "completed");
  assert(toolResult(failed.result.result).isError);
});

Deno.test("a task can be cancelled; unknown ones are refused", async () => {
  await using room = await scene((options) => McpHost.of2026({ ...options, capabilities: TASKS }));
  const { host } = room;
  const { result: task } = await host.request("tools/call", {
    name: "wait_for_message",
    arguments: {},
  });
  const { taskId } = task;
  assertEquals(
    (await host.request("tasks/update", { taskId, inputResponses: {} })).error,
    undefined,
  );
  assertEquals((await host.request("tasks/cancel", { taskId })).error, undefined);
  assertEquals((await host.request("tasks/get", { taskId })).result.status, "cancelled");
  const call = { name: "wait_for_message", arguments: { handle: taskId } };
  assertEquals((await host.request("tools/call", call)).result.status, "cancelled");
  for (const method of ["tasks/get", "tasks/cancel", "tasks/update"]) {
    assertEquals((await host.request(method, { taskId: "none" })).error?.code, -32602);
    assertEquals((await host.request(method, { taskId: 5 })).error?.code, -32602);
  }
});

Deno.test("a tool that does not wait is no task", async () => {
  await using room = await scene((options) => McpHost.of2026({ ...options, capabilities: TASKS }));
  const { host } = room;
  const { result } = await host.request("tools/call", { name: "list_devices", arguments: {} });
  assertEquals(result.resultType, "complete");
});

Deno.test("a call that the host cancels ends the wait: its handle has no answer", async () => {
  await using room = await scene((options) => McpHost.of2025(options));
  const { host } = room;
  const { handle } = (await host.call("wait_for_message")).structured;
  const { id } = host.start("tools/call", { name: "wait_for_message", arguments: { handle } });
  await host.request("ping");
  host.notify("notifications/cancelled", { requestId: id, reason: "Request timed out" });
  await host.request("ping");
  const { isError, text } = await host.call("wait_for_message", { handle });
  assert(isError);
  assertMatch(text, /cancelled/);
});

for (const progressToken of [0, 7, "a", ""]) {
  Deno.test(`progress is reported for the token ${JSON.stringify(progressToken)}`, async () => {
    await using room = await scene((options) => McpHost.of2025(options));
    const { host } = room;
    const call = { name: "wait_for_message", arguments: {} };
    await host.start("tools/call", call, { progressToken }).answer;
    const progress = host.received.filter(({ method }) => method === "notifications/progress");
    assertEquals(progress.map(({ params }) => params.progressToken), [progressToken]);
  });
}

Deno.test("without a token no progress is reported", async () => {
  await using room = await scene((options) => McpHost.of2025(options));
  const { host } = room;
  await host.call("wait_for_message");
  assertEquals(host.received.filter(({ method }) => method !== undefined), []);
});

Deno.test("more waits than twenty at once are refused", async () => {
  await using room = await scene((options) => McpHost.of2026({ ...options, capabilities: TASKS }));
  const { host } = room;
  const call = { name: "wait_for_message", arguments: {} };
  for (let open = 0; open < 20; open++) {
    assertEquals((await host.request("tools/call", call)).result.resultType, "task");
  }
  const { isError, text } = await host.call("wait_for_message");
  assert(isError);
  assertMatch(text, /20 waits are open, which is the maximum/);
});

const slow = [
  "(a+)+$",
  "(a|a)*$",
  "(a|aa)+$",
  "^(([a-z])+.)+[A-Z]([a-z])+$",
  "(.*a){12}$",
  "(a*)*b",
];
Deno.test("a pattern that backtracks for hours cannot hang it", async () => {
  await using room = await scene((options) => McpHost.of2025(options));
  const { host, phone } = room;
  for (const pattern of slow) {
    const waiting = host.call("wait_for_message", { pattern });
    await host.call("list_devices");
    await phone.send(`${"a".repeat(200)}!`);
    const { isError, text } = await waiting;
    if (!isError) continue; // V8 found a way.
    assertMatch(text, /pattern timed out/);
  }
  assert(!(await host.call("list_devices")).isError);
});

Deno.test("slow patterns of many waits do not hold each other, other calls or the end up", async () => {
  await using room = await scene((options) => McpHost.of2026({ ...options, capabilities: TASKS }));
  const { host, phone } = room;
  for (let open = 0; open < 12; open++) {
    const call = { name: "wait_for_message", arguments: { pattern: "(a+)+$" } };
    await host.request("tools/call", call);
  }
  await phone.send(`${"a".repeat(200)}!`);
  const start = performance.now();
  assertEquals((await host.request("ping")).error?.code, -32601); // There is none in 2026.
  assert((await host.call("list_devices")).isError === false);
  assert(performance.now() - start < 6_000);
  await host.close(); // Within 2 s.
});

Deno.test("a flood of messages is kept in bounds", async () => {
  await using room = await scene((options) => McpHost.of2025(options));
  const { host, phone } = room;
  await host.call("list_devices");
  for (let batch = 0; batch < 12; batch++) {
    await Promise.all(Array.from({ length: 100 }, (_, at) => phone.send(`${100 * batch + at}`)));
  }
  const last = () => host.call("read_messages", { limit: 1 });
  await until(last, ({ structured }) => structured.messages[0]?.content === "1199");
  const { structured } = await host.call("read_messages", { since: "2000-01-01", limit: 1 });
  assertEquals(structured.messages[0].content, "200");
  assertEquals(structured.more, true);
});

Deno.test("a message that came while the connection was lost is said to be missing", async () => {
  await using room = await scene((options) => McpHost.of2025(options));
  const { host, phone, server } = room;
  await host.call("list_devices");
  const waiting = host.call("wait_for_message", { pattern: "late" });
  await host.call("list_devices");
  const back = phone.waitFor("authenticated", { timeout: 10_000 });
  server.server.disconnectAll();
  await back;
  // It may be reconnecting still: then a call waits for it.
  await host.call("list_devices");
  await phone.send("late");
  const { handle, status } = (await waiting).structured;
  const received = status === "received"
    ? await waiting
    : await host.call("wait_for_message", { handle });
  assertEquals(received.structured.perhaps_missed, true);
  const { structured } = await host.call("read_messages");
  assertEquals(structured.missed.length, 1);
  assertEquals(
    (await host.call("read_messages", { since: structured.missed[0].to })).structured.missed,
    undefined,
  );
});

Deno.test("with history = true, messages from before the first call can be read", async () => {
  await using server = await TestServer.start();
  await using phone = await AsyncClient.open(server.url, await server.session());
  const env = { ...await server.token(), ROOMZ_HISTORY: "true" };
  await using first = await McpHost.of2025({ env });
  await first.call("list_devices");
  await phone.send("before");
  const read = (host: McpHost) => () => host.call("read_messages");
  await until(read(first), ({ structured }) => structured.messages.length === 1);
  await first.close();
  await using second = McpHost.of2026({ env });
  await second.call("list_devices");
  await phone.send("after");
  const { structured } = await until(
    read(second),
    ({ structured }) => structured.messages.length > 1,
  );
  assertEquals(
    structured.messages.map(({ content }: { content: string }) => content),
    ["before", "after"],
  );
  await using third = await McpHost.of2025({ env: await server.token() });
  assertEquals((await third.call("read_messages")).structured.messages.length, 0);
});
