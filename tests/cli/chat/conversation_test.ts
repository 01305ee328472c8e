import { AsyncClient } from "@roomz/roomz/client";
import { createDevServer } from "@roomz/roomz/dev-server";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Conversation, type Entry } from "../../../cli/chat/conversation.ts";
import { TestServer } from "../support/test_server.ts";

interface Talk {
  readonly conversation: Conversation;
  /** What the view shows, notices of the connection excepted. */
  readonly entries: readonly Entry[];
  /** How many messages were pending at each change, without repetitions. */
  readonly pending: readonly number[];
  /** What another connection of the account has received. */
  readonly received: readonly string[];
  readonly other: AsyncClient;
  readonly server: TestServer;
}

/** Runs `run` with a connected conversation and another connection. */
async function talk(run: (talk: Talk) => Promise<void>): Promise<void> {
  await using server = await TestServer.start();
  const session = await server.session();
  await using other = await AsyncClient.open(server.url, session);
  const received: string[] = [];
  other.on("message", ({ content }) => void received.push(content));
  await using client = new AsyncClient(server.url, session, { reconnect: false });
  const entries: Entry[] = [];
  const pending: number[] = [];
  const conversation = new Conversation(client, {
    show: (entry) => void (entry.kind === "notice" || entries.push(entry)),
    changed() {
      const count = conversation.pending.length;
      if (pending.at(-1) !== count) pending.push(count);
    },
  }, new AbortController().signal);
  await conversation.connectOnce();
  await run({ conversation, entries, pending, received, other, server });
  await conversation.close();
}

/** A text of `count` parts, each of which starts with its own letter. */
function textOf(letter: string, count: number): string {
  return Array.from({ length: count }, () => letter.repeat(1_000)).join("\n");
}

const orders: readonly [texts: readonly string[], arrive: string][] = [
  [[textOf("a", 3), "b"], "aaab"],
  [[textOf("a", 2), textOf("b", 2)], "aabb"],
  [["a", textOf("b", 3), "c", textOf("d", 2), "e"], "abbbcdde"],
  [["a", "b", "c"], "abc"],
  [[textOf("é", 3), textOf("漢", 2), textOf("🙂", 2)], "ééé漢漢🙂🙂"],
  [[textOf("<", 1), "b"], "<<<<b"],
  [[`${"a ".repeat(900)}`, "", "  \n", "b"], "aab"],
  [[textOf("a", 9), textOf("b", 9), "c"], `${"a".repeat(9)}${"b".repeat(9)}c`],
];
for (const [texts, arrive] of orders) {
  Deno.test(`texts that are sent at once arrive whole: ${arrive}`, async () => {
    await talk(async ({ conversation, entries, received, other }) => {
      await Promise.all(texts.map((text) => conversation.send(text)));
      await other.send("end");
      assertEquals(received.map((text) => [...text][0]).join(""), `${arrive}e`);
      assertEquals(entries.filter(({ kind }) => kind === "own").length, [...arrive].length);
    });
  });
}

Deno.test("each part is pending until it is acknowledged, and has its own mark", async () => {
  await talk(async ({ conversation, entries, pending }) => {
    await conversation.send(textOf("a", 3));
    assertEquals(pending.filter((count, at) => at > 0 || count > 0), [3, 2, 1, 0]);
    assertEquals(entries.map(({ kind }) => kind), ["own", "own", "own"]);
  });
});

Deno.test("if the connection is lost, every part that was not acknowledged is shown as not sent", async () => {
  await talk(async ({ conversation, entries, other, server }) => {
    other.on("message", ({ content }) => {
      if (content.startsWith("b")) server.server.disconnectAll();
    });
    const parts = ["a", "b", "c", "d"].map((letter) => textOf(letter, 1));
    await Promise.all([conversation.send(parts.join("\n")), conversation.send("next")]);
    const shown = entries.flatMap(({ kind, text }) => kind === "failed" ? [text] : []);
    assertEquals(conversation.pending, []);
    // How far it came depends on when the loss is noticed.
    const letters = shown.map((text) => /: (\w)/.exec(text)?.[1]).join("");
    assert(letters.length > 1 && "abcdn".endsWith(letters), letters);
    assertMatch(shown[0] ?? "", /^(\? may not have arrived|✗ not sent): /);
    assert(shown.slice(1).every((text) => text.startsWith("✗ not sent: ")));
  });
});

Deno.test("without a connection every part is shown as not sent, with the reason once", async () => {
  await talk(async ({ conversation, entries }) => {
    await conversation.close();
    await conversation.send(textOf("a", 3));
    assertEquals(entries.map(({ kind, text }) => [kind, text.slice(0, 13)]), [
      ["failed", "✗ not sent: a"],
      ["failed", "✗ not sent: a"],
      ["failed", "✗ not sent: a"],
    ]);
    assertEquals(entries.filter(({ text }) => text.includes("Not connected.")).length, 1);
  });
});

Deno.test("a session that is refused on reconnecting leads to /login, without advice for programs", async () => {
  const options = { allowedEmails: "*" as const, log() {}, onMagicLink() {} };
  const server = await createDevServer({ ...options, port: 0 });
  const { port, url } = server;
  await using client = new AsyncClient(url, await server.mintSession("ada@example.com"), {
    reconnectDelay: 10,
  });
  const notices: string[] = [];
  const shown = Promise.withResolvers<void>();
  const conversation = new Conversation(client, {
    show({ text }) {
      notices.push(text);
      if (text.includes("/login")) shown.resolve();
    },
    changed() {},
  }, new AbortController().signal);
  await conversation.connectOnce();
  await server.close();
  // A server with another secret.
  await using _restarted = await createDevServer({ ...options, port });
  await shown.promise;
  assertEquals(notices, [
    "The server does not accept this session: it has expired or was revoked.\n" +
    "To log in, request a link with /login EMAIL, then connect with /token TOKEN.",
  ]);
  await conversation.close();
});

Deno.test("a text without content is not sent", async () => {
  await talk(async ({ conversation, received, other }) => {
    for (const text of ["", " ", "\n\n"]) await conversation.send(text);
    await other.send("end");
    assertEquals(received, ["end"]);
  });
});
