/**
 * The whole chat in a terminal: keys in, screen out.
 * @module
 */
import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { layOutInput } from "../../../cli/chat/input/input_layout.ts";
import { CONNECTED, testChat as test, testChatAndServer } from "./support/scene.ts";
import { ENTER, TmuxChat } from "./support/tmux.ts";

/** An empty input with only the status below it. */
const IDLE = /^>\n● connected · [^\n]*$/m;
/** How long a test waits for messages, milliseconds. */
const PATIENCE = 60_000;
const SIZES = [[40, 20], [90, 9], [25, 30], [61, 12], [30, 12], [100, 24]] as const;

test("a sent message appears above the input, and the input is empty again", async (scene) => {
  const { chat, other } = scene;
  const messages = other.messages({ signal: AbortSignal.timeout(PATIENCE) });
  await chat.type("Hello, room");
  await chat.until(/^> Hello, room$/m);
  await chat.press("Enter");
  assertEquals((await messages.next()).value?.content, "Hello, room");
  await chat.until(/^✓ \d\d:\d\d ada@example\.com: Hello, room\n>\n● connected/m);
});

test("an incoming message appears above the input, which does not change", async ({ chat, other }) => {
  await chat.type("half a thou");
  await other.send("Hi from the phone");
  await chat.until(
    /^ {2}\d\d:\d\d phone \(ada@example\.com\): Hi from the phone\n> half a thou\n●/m,
  );
  const { column } = await chat.cursor();
  assertEquals(column, "> half a thou".length);
});

test("Alt+Enter and Ctrl+J start a new line of the same message", async ({ chat, other }) => {
  const messages = other.messages({ signal: AbortSignal.timeout(PATIENCE) });
  await chat.type("one");
  await chat.press("M-Enter");
  await chat.type("two");
  await chat.press("C-j");
  await chat.type("three");
  await chat.until(/^> one\n {2}two\n {2}three\n●/m);
  await chat.press("Enter");
  assertEquals((await messages.next()).value?.content, "one\ntwo\nthree");
  await chat.until(/^✓ \d\d:\d\d ada@example\.com: one\n {25}two\n {25}three\n>\n●/m);
});

test("readline keys edit the line", async ({ chat }) => {
  await chat.type("brave new world");
  await chat.press("M-b", "M-b", "C-k");
  await chat.until(/^> brave$/m);
  await chat.press("C-a", "C-y");
  await chat.until(/^> new worldbrave$/m);
  await chat.press("C-e", "C-w");
  await chat.until(/^> new$/m);
  await chat.press("C-u");
  await chat.until(/^>\n●/m);
});

test("wide characters and joined emoji are deleted whole, and the cursor follows", async ({ chat }) => {
  await chat.type("漢字é");
  await chat.until(/^> 漢字é$/m);
  assertEquals((await chat.cursor()).column, 2 + 4 + 1);
  await chat.press("BSpace", "BSpace");
  await chat.until(/^> 漢$/m);
  assertEquals((await chat.cursor()).column, 4);
});

test("Up recalls sent messages, and Ctrl+R searches them", async ({ chat }) => {
  for (const text of ["the first", "the second"]) {
    await chat.type(text);
    await chat.press("Enter");
    await chat.until(new RegExp(`✓ .*: ${text}\n`));
  }
  await chat.press("Up", "Up");
  await chat.until(/^> the first$/m);
  await chat.press("Down", "Down", "C-r");
  await chat.type("seco");
  await chat.until(/^> the second\nsearch: seco$/m);
  await chat.press("Escape");
  await chat.until(IDLE);
});

test("the input history is saved in a file that only its owner can read, without secrets", async (scene) => {
  const { chat, server } = scene;
  await chat.type("remember me");
  await chat.press("Enter");
  await chat.until(/✓ .*: remember me/);
  // Even with a leading space.
  await chat.type(` /token ${server.session}`);
  await chat.until(/^> {2}\/token •+/m);
  await chat.press("Enter");
  await chat.until(IDLE);
  const written = await chat.written();
  assert(!written.includes(server.session.slice(0, 20)), "the token is visible on the terminal");
  await chat.press("C-d");
  assertEquals(await chat.exitCode(), 0);

  const file = `${chat.state}/roomz/input_history`;
  assertEquals(await Deno.readTextFile(file), '"remember me"\n');
  assertEquals(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600);
});

test("an unknown command stays in the input with a suggestion; a path is sent", async ({ chat, other }) => {
  const messages = other.messages({ signal: AbortSignal.timeout(PATIENCE) });
  await chat.type("/wrod");
  await chat.press("Enter");
  await chat.until(/^> \/wrod\nUnknown command: \/wrod\. /m);
  await chat.press("C-u");
  await chat.type("/usr/bin/env: not found");
  await chat.press("Enter");
  assertEquals((await messages.next()).value?.content, "/usr/bin/env: not found");
});

test("secrets are hidden however the command is spelt, and in no file", async ({ chat }) => {
  for (const line of ["/Token s3cret", "/tokn s3cret", "/login me@example.com s3cret"]) {
    await chat.type(line);
    await chat.until(/^> \/\w+ (me@example\.com )?•{6}$/m);
    await chat.press("M-e");
    await chat.until(/The draft contains a secret/);
    await chat.press("C-u");
  }
  await chat.press("C-r");
  await chat.type("/tokn s3cret");
  await chat.until(/^search: \/tokn •{6}$/m);
  await chat.press("Escape");
  assert(!(await chat.written()).includes("s3cret"), "the token is visible on the terminal");
});

test("Tab completes commands and names", async ({ chat, other }) => {
  await chat.type("/he");
  await chat.press("Tab");
  await chat.until(/^> \/help$/m);
  await chat.press("C-u");
  await other.send("here I am");
  await chat.until(/here I am/);
  await chat.type("hi @ph");
  await chat.press("Tab");
  await chat.until(/^> hi @phone$/m);
});

test("a paste of 5,000 characters needs confirmation and is sent in parts", async ({ chat, other }) => {
  const pasted = Array.from({ length: 100 }, (_, i) => `line ${i} ${"x".repeat(42)}`).join("\n");
  assert(pasted.length > 4_900);
  const messages = other.messages({ signal: AbortSignal.timeout(PATIENCE) });
  await chat.paste(pasted);
  await chat.until(/^Paste \d,?\d+ characters in 100 lines\? Enter: yes, Esc: no$/m);
  await chat.press("Enter");
  await chat.until(/^ {2}line 99 x+$/m);
  await chat.press("Enter");
  await chat.until(/^Too long for one message\. Send it as \d+ messages\?/m);
  await chat.type(`${ENTER}next${ENTER}`);
  const received: string[] = [];
  for await (const { content } of messages) {
    if (content === "next") break; // Not between the parts.
    received.push(content);
  }
  assertEquals(received.join("\n"), pasted);
  await chat.until(IDLE);
});

test("a paste with newlines is one text and is not sent automatically", async ({ chat, other }) => {
  const messages = other.messages({ signal: AbortSignal.timeout(PATIENCE) });
  await chat.paste("one\ntwo\nthree\n");
  await chat.until(/^> one\n {2}two\n {2}three\n/m);
  await chat.press("Enter");
  assertEquals((await messages.next()).value?.content, "one\ntwo\nthree");
});

test("a paste that the terminal does not mark is one text; nothing in it is run or sent", async (scene) => {
  const { chat, other } = scene;
  const messages = other.messages({ signal: AbortSignal.timeout(PATIENCE) });
  await chat.paste("one\n/logout\n/quit\n\ttwo\n", "unmarked");
  await chat.until(/^> one\n {2}\/logout\n {2}\/quit\n {2}␉two\n[^]*^● connected/m);
  await chat.press("Enter");
  assertEquals((await messages.next()).value?.content, "one\n/logout\n/quit\n\ttwo");
});

test("a large paste that is not marked needs confirmation", async ({ chat }) => {
  const pasted = Array.from({ length: 300 }, (_, at) => `line ${at} ${"x".repeat(40)}`).join("\n");
  await chat.paste(pasted, "unmarked");
  await chat.until(/^Paste \d+,?\d+ characters in 300 lines\?/m);
  await chat.press("Escape");
  await chat.until(IDLE);
});

test("many resizes leave no stale line and lose no message", async ({ chat, other }) => {
  for (let i = 0; i < 20; i++) await other.send(`earlier ${i}`);
  await chat.type("a draft");
  await chat.until(/earlier 19\n> a draft\n/);
  for (let i = 0; i < 30; i++) {
    await other.send(`message ${i} ${"word ".repeat(8)}`.trim());
    await chat.resize(30 + (i * 37) % 90, 8 + (i * 5) % 16);
  }
  await chat.resize(100, 24);
  await chat.until(/message\s+29\s+[word\s]+\n> a draft\n● connected[^\n]*$/);
  const everything = await chat.everything();
  assertEquals(everything.match(/^[●○] /gm)?.length, 1, everything);
  assertEquals(everything.match(/a draft/g)?.length, 1, everything);
  for (let i = 0; i < 20; i++) assertMatch(everything, new RegExp(`earlier ${i}\n`));
  for (let i = 0; i < 30; i++) assertMatch(everything, new RegExp(`message\\s+${i}\\s`));
});

test("a draft of several rows is rewrapped for each width", async ({ chat, other }) => {
  const draft = "a draft that is long enough to be broken in two or three on a narrow screen";
  for (let i = 0; i < 20; i++) await other.send(`earlier ${i}`);
  await chat.type(draft);
  await chat.until(/narrow screen\n●/);
  for (const [columns, rows] of SIZES) {
    await chat.resize(columns, rows);
    const input = { prompt: "> ", text: draft, cursor: draft.length, hiddenFrom: draft.length };
    const expected = layOutInput(input, columns, rows).rows.map((row) => row.trimEnd()).join("\n");
    // Wrapped by the chat itself, not only by tmux before the chat is notified of the new size.
    const screen = await chat.until((screen) => `\n${screen}`.includes(`\n${expected}\n● `));
    assertEquals(screen.match(/^[●○] /gm)?.length, 1, screen);
  }
  await chat.until(/earlier\s+19\n> a draft [^\n]*screen\n● connected[^\n]*$/);
  const everything = await chat.everything();
  for (let i = 0; i < 20; i++) assertMatch(everything, new RegExp(`earlier\\s+${i}\n`));
});

testChatAndServer(
  "the status line shows a lost connection, the reason and the next attempt",
  async (scene) => {
    const { chat, server } = scene;
    await server.kill();
    await chat.until(/^○ reconnecting, attempt \d+ (in \d+ s|now): \S+/m);
    await chat.type("not lost");
    await chat.press("Enter");
    await chat.until(/^> not lost\nNot connected\. Your text stays here/m);
    await server.restart();
    await chat.until(/^Reconnected\./m);
    await chat.press("Enter");
    await chat.until(/✓ .*: not lost\n>\n● connected/);
  },
);

test("a stopped chat continues where it was", async ({ chat, other }) => {
  await chat.type("draft");
  await chat.until(/^> draft$/m);
  await chat.signal("SIGSTOP");
  await other.send("while stopped");
  await chat.resize(60, 20);
  await chat.signal("SIGCONT");
  await chat.until(/while stopped\n> draft\n● connected[^\n]*$/);
  await chat.type("!");
  await chat.until(/^> draft!$/m);
});

test("hostile text is shown and not interpreted", async ({ chat, other }) => {
  await other.setDisplayName("\u202eevil\u009b2J\x7f");
  await other.send("\x1b[2J\x1b[H\x1b]0;owned\x07\x1bcboo\r\u2028fake");
  await other.send("first\n> \n● connected · eve");
  await chat.until(/␛\[2J␛\[H␛\]0;owned␇␛cboo␍<U\+2028>fake/);
  await chat.until(/: first\n {51}> *\n {51}● connected · eve\n>\n● connected · ada/);
  const written = await chat.written();
  assert(!written.includes("\x1b]0;"), "a title was set");
  assertNotMatch(written, /[\u202e\u009b\u2028]/);
}, { columns: 120 });

test("a mention rings the bell and is highlighted", async ({ chat, other }) => {
  await chat.type("/name Lap");
  await chat.press("Enter");
  await chat.until(/^Display name set to Lap\.$/m);
  await other.send("nothing for you, Laptop");
  await chat.until(/Laptop/);
  assert(!(await chat.written()).includes("\x07"), "the bell rang for someone else");
  await other.send("hey lap, look");
  await chat.until(/hey lap/);
  // deno-lint-ignore no-control-regex -- a style, and the bell
  await chat.untilWritten(/\x1b\[1;33m» \d\d:\d\d phone[^\n]*hey lap[^]*\x07/);
});

test("messages that arrive while the window has no focus are below an unread mark", async ({ chat, other }) => {
  await other.send("seen");
  await chat.until(/seen/);
  // The sequence for a lost focus.
  await chat.type("\x1b[O");
  await chat.type("x");
  await chat.until(/^> x$/m);
  await other.send("unseen");
  await other.send("unseen too");
  await chat.until(/seen\n── unread ──\n[^\n]*unseen\n[^\n]*unseen too\n> x/);
});

test("Ctrl+C clears the input, Ctrl+Y restores it, and Ctrl+C on empty input quits", async ({ chat }) => {
  await chat.type("no");
  await chat.press("C-c");
  await chat.until(IDLE);
  await chat.press("C-y");
  await chat.until(/^> no$/m);
  await chat.press("C-c");
  await chat.until(IDLE);
  await chat.press("C-c");
  assertEquals(await chat.exitCode(), 130);
});

test("without a session the chat starts and shows how to log in", async ({ chat, server }) => {
  await chat.type("/logout");
  await chat.press("Enter");
  await chat.until(/^○ not logged in: \/login EMAIL, then \/token TOKEN/m);
  await chat.type("/login eve@example.com");
  await chat.press("Enter");
  await chat.until(/not sent|not allowed|refused/i);
  await chat.type(`/token ${server.session}`);
  await chat.press("Enter");
  await chat.until(CONNECTED);
});

testChatAndServer(
  "a message being sent stays below the input until it is acknowledged",
  async ({ chat, server }) => {
    server.signal("SIGSTOP");
    await chat.type("on its way\r");
    await chat.until(/^>\n… sending: on its way\n● connected/m);
    server.signal("SIGCONT");
    await chat.until(/^✓ \d\d:\d\d ada@example\.com: on its way\n>\n● connected/m);
  },
);

testChatAndServer(
  "an unacknowledged message is reported as possibly delivered",
  async ({ chat, server }) => {
    server.signal("SIGSTOP");
    await chat.type("into the void\r");
    await chat.until(
      /^\? may not have arrived: into the void\n {4}[^\n]+\n(?: {4}[^\n]+\n)*>\n● /m,
    );
    server.signal("SIGCONT");
  },
);

for (const options of [{ args: ["--plain"] }, { env: { TERM: "dumb" } }]) {
  test(`the chat with ${JSON.stringify(options)} only appends`, async ({ server }) => {
    await using chat = await TmuxChat.start(server, options);
    await chat.until(/^Connected to .* as ada@example\.com\./m);
    await chat.type("hello");
    await chat.press("Enter");
    await chat.type("/quit");
    await chat.press("Enter");
    assertEquals(await chat.exitCode(), 0);
    assert(!(await chat.written()).includes("\x1b"), "an escape sequence was written");
  });
}
