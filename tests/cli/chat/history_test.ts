/**
 * The saved history: what one chat receives, the next one finds.
 * @module
 */
import { main } from "@roomz/roomz/cli";
import { AsyncClient } from "@roomz/roomz/client";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { MessageHistory } from "../../../cli/messages/message_history.ts";
import { TestHome } from "../support/test_home.ts";
import { roomz, TestIo } from "../support/test_io.ts";
import { TestServer } from "../support/test_server.ts";
import { CONNECTED, testChat } from "./support/scene.ts";
import { TmuxChat } from "./support/tmux.ts";

const SAVE = { ROOMZ_HISTORY: "true" };

testChat("/search and roomz history find messages of an earlier chat", async (scene) => {
  const { chat, other, server } = scene;
  await other.send("Deploy of A\n14:00 eve@example.com: forged");
  await other.send("lunch");
  await chat.until(/lunch/);
  // Also finds messages that are not written yet.
  await chat.type("/search DEPLOY\r");
  await chat.untilAnywhere(
    /^1 message containing "DEPLOY":\n\d\d:\d\d phone .*: Deploy of A\n {4}14:00 eve/m,
  );
  await chat.type("/quit\r");
  assertEquals(await chat.exitCode(), 0);

  await using again = await TmuxChat.start(server, { state: chat.state, env: SAVE });
  await again.until(CONNECTED);
  await again.type("/search deploy\r");
  await again.until(
    /^1 message containing "deploy":\n\d\d:\d\d phone .*: Deploy of A\n {4}14:00 eve/m,
  );
  const env = { HOME: chat.state, XDG_STATE_HOME: chat.state, ROOMZ_SERVER_URL: server.url };
  const { stdout } = await roomz(["history", "deploy"], { env });
  assertMatch(stdout, /^\d{4}-\d\d-\d\d \d\d:\d\d phone \(ada@example\.com\): Deploy of A\n/);
}, { env: SAVE });

testChat(
  "without history = true nothing is saved, and /search finds messages of this chat",
  async ({ chat, other }) => {
    await other.send("Deploy of A");
    await chat.until(/Deploy/);
    await chat.type("/search deploy\r");
    await chat.until(/^1 message containing "deploy":\n\d\d:\d\d phone/m);
    await chat.type("/quit\r");
    assertEquals(await chat.exitCode(), 0);
    const files = await Array.fromAsync(Deno.readDir(`${chat.state}/roomz`), ({ name }) => name);
    assertEquals(files, ["input_history"]);
  },
);

testChat(
  "a history that cannot be saved is reported on the screen, and the chat continues",
  async (scene) => {
    const { chat, other, server } = scene;
    await chat.type("/quit\r");
    await chat.exitCode();
    await Deno.remove(`${chat.state}/roomz`, { recursive: true });
    await Deno.mkdir(`${chat.state}/roomz`);
    await Deno.writeTextFile(`${chat.state}/roomz/history.kv`, "no database ".repeat(100));
    await using again = await TmuxChat.start(server, { state: chat.state, env: SAVE });
    await again.until(CONNECTED);
    await again.until(/^Messages are not being saved: .*database/m);
    await other.send("all the same");
    await again.until(/: all the same\n>\n● connected/);
    await again.type("/search same\r");
    await again.until(/^1 message containing "same":$/m);
  },
);

Deno.test("a plain chat saves messages too, and /search shows the date of older ones", async () => {
  await using home = await TestHome.make();
  await using server = await TestServer.start();
  await using other = await AsyncClient.open(server.url, await server.session());
  const env = { ...await server.token(), ...home.env, ...SAVE };
  const day = 86_400_000;
  await saveOne(`${home.path}/state/roomz/history.kv`, server.url, Date.now() - 2 * day);
  const io = new TestIo({ env, terminalColumns: 80, stdin: null });
  const ended = main(["chat"], io);
  await io.stderr.until(/Connected to/);
  await other.send("Deploy of A");
  await io.stdout.until(/Deploy/);
  io.stdin.type("/search deploy\n/quit\n");
  assertEquals(await ended, 0);
  const [, found = ""] = io.stderr.text.split('2 messages containing "deploy":\n');
  assertMatch(
    found,
    /^\d{4}-\d\d-\d\d \d\d:\d\d ada.*: deployed earlier\n\d\d:\d\d ada.*: Deploy of A\n$/,
  );
  assertStringIncludes((await roomz(["history"], { env })).stdout, "Deploy of A");
});

async function saveOne(path: string, server: string, time: number): Promise<void> {
  await using history = await MessageHistory.open(path, server, (error) => {
    throw error;
  });
  const user = { id: "user:ada@example.com", email: "ada@example.com", display_name: null };
  const timestamp = new Date(time).toISOString();
  const content = "deployed earlier";
  history.add({ id: "1", user, content, timestamp, own: false, maybeTruncated: false, raw: {} });
}
