import { main } from "@roomz/roomz/cli";
import { AsyncClient } from "@roomz/roomz/client";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { CommandInput } from "../../../cli/command_line/command_spec.ts";
import { readConfiguration } from "../../../cli/config/configuration.ts";
import { keepHistory } from "../../../cli/messages/keep_history.ts";
import { TestHome } from "../support/test_home.ts";
import { TestIo } from "../support/test_io.ts";
import { TestServer } from "../support/test_server.ts";

Deno.test("a history file that cannot be opened is reported once, and tail continues", async () => {
  await using home = await TestHome.make({ "state/roomz/history.kv": "no database ".repeat(100) });
  await using server = await TestServer.start();
  await using other = await AsyncClient.open(server.url, await server.session());
  const env = { ...await server.token(), ...home.env, ROOMZ_HISTORY: "1" };
  const io = new TestIo({ env });
  const ended = main(["tail", "--count", "2"], io);
  await io.stderr.until(/Listening/);
  await other.send("one");
  await other.send("two");
  assertEquals(await ended, 0);
  assertStringIncludes(io.stdout.text, "two");
  const reports = [...io.stderr.text.matchAll(/Messages are not being saved: /g)];
  assertEquals(reports.length, 1, io.stderr.text);
});

Deno.test("messages received after the history is closed are neither saved nor a problem", async () => {
  await using home = await TestHome.make();
  await using server = await TestServer.start();
  await using client = await AsyncClient.open(server.url, await server.session());
  const problems: string[] = [];
  const io = new TestIo({ env: { ...home.env, ROOMZ_HISTORY: "true" } });
  const configuration = await readConfiguration(io, new CommandInput([], new Map()));
  const keeper = await keepHistory(io, configuration, client, (problem) => problems.push(problem));
  await keeper[Symbol.asyncDispose]();
  const received = client.waitFor("message", { timeout: 10_000 });
  await client.send("late");
  await received;
  // search() writes pending messages before it fails, so a saved one would be reported.
  await assertRejects(async () => await keeper.history?.search("late", 1), Error);
  assertEquals(problems, []);
});
