import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { AsyncClient } from "@roomz/roomz/client";
import { roomz } from "./test_io.ts";
import { TestServer } from "./test_server.ts";

/** What another connection of the user receives while `roomz` runs with `args`. */
async function received(
  args: readonly string[],
  stdin: string | Uint8Array = "",
): Promise<{ exitCode: number; stdout: string; stderr: string; contents: string[] }> {
  await using server = await TestServer.start();
  await using listener = await AsyncClient.open(server.url, await server.session());
  const messages = listener.messages();
  const ended = await roomz(args, { env: await server.token(), stdin });
  // The server delivers in order: what comes before this one is all.
  await listener.send("end");
  const contents: string[] = [];
  for await (const { content } of messages) {
    if (content === "end") break;
    contents.push(content);
  }
  return { ...ended, contents };
}

Deno.test("send joins its words to one message, and says nothing", async () => {
  assertEquals(await received(["send", "Hello", "<b>", "&amp;", "it's"]), {
    exitCode: 0,
    stdout: "",
    stderr: "",
    contents: ["Hello <b> &amp; it's"],
  });
});

Deno.test("send - takes the text from stdin, lines and all", async () => {
  const { exitCode, contents } = await received(["send", "-"], "one\n two\n\nthree — ✓\n");
  assertEquals({ exitCode, contents }, { exitCode: 0, contents: ["one\n two\n\nthree — ✓"] });
});

Deno.test("what follows -- is text, even when it looks like an option", async () => {
  assertEquals((await received(["send", "--", "--json", "-x"])).contents, ["--json -x"]);
  assertEquals((await received(["send", "a", "--", "-5"])).contents, ["a -5"]);
});

Deno.test("send --json prints the id and time that the server gave", async () => {
  const { stdout, contents } = await received(["send", "--json", "hi"]);
  const { message_id, timestamp, ...rest } = JSON.parse(stdout);
  assertMatch(message_id, /^[\w-]{8,}$/);
  assert(!Number.isNaN(Date.parse(timestamp)));
  assertEquals({ rest, contents }, { rest: {}, contents: ["hi"] });
});

Deno.test("a text that is too long is refused before anything is sent", async () => {
  const { exitCode, stderr, contents } = await received(["send", "-"], "word ".repeat(500));
  assertEquals({ exitCode, contents }, { exitCode: 2, contents: [] });
  assertStringIncludes(stderr, "too long for one message. Add --split to send it as 3.");
});

Deno.test("send --split sends all of a long text, in order", async () => {
  const text = Array.from({ length: 500 }, (_, i) => `word${i}`).join(" ");
  const { exitCode, stdout, contents } = await received(["send", "--split", "--json", "-"], text);
  assertEquals(exitCode, 0);
  assertEquals(contents.join(" "), text);
  assertEquals(stdout.trim().split("\n").length, contents.length);
});

for (const [args, stdin] of [[["send"], ""], [["send", "-"], " \n"], [["send", ""], ""]] as const) {
  Deno.test(`${JSON.stringify(args)} with ${JSON.stringify(stdin)} on stdin has nothing to send`, async () => {
    const { exitCode, stderr } = await roomz(args, { stdin });
    assertEquals({ exitCode, stderr }, {
      exitCode: 2,
      stderr: "roomz: There is no text to send.\n",
    });
  });
}

Deno.test("bytes that are no text are refused, not sent mangled", async () => {
  const { exitCode, stderr } = await roomz(["send", "-"], { stdin: new Uint8Array([0x68, 0xff]) });
  assertEquals(exitCode, 2);
  assertEquals(stderr, "roomz: What came on stdin is not text in UTF-8.\n");
});

Deno.test("a part that fails tells how many were sent before it", async () => {
  await using server = await TestServer.start();
  await using listener = await AsyncClient.open(server.url, await server.session());
  listener.on("message", () => server.server.disconnectAll());
  const { exitCode, stderr } = await roomz(["send", "--split", "-"], {
    env: await server.token(),
    stdin: "word ".repeat(2_000),
  });
  assert(exitCode !== 0);
  assertMatch(stderr, /^roomz: \d of 10 parts were sent, then: /);
});
