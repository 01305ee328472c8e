/**
 * Ctrl+Z gives the terminal back to the shell, and `fg` brings the chat back.
 * @module
 */
import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { testChat, testChatAndServer, testTerminal } from "./support/scene.ts";
import { SHELLS, type TmuxChat, type TmuxOptions } from "./support/tmux.ts";

const inShell: TmuxOptions = { from: { shell: "bash" } };

/** Presses Ctrl+Z, and checks that the shell has the terminal as it was. */
async function suspend(chat: TmuxChat): Promise<void> {
  await chat.press("C-z");
  await chat.until(/Stopped|suspended/);
  await isGivenBack(chat);
}

async function isGivenBack(chat: TmuxChat): Promise<void> {
  await chat.inShell("stty -a > modes_after");
  assertEquals(await chat.notRestored(), []);
  assertNotMatch(await chat.screen(), /● connected/);
}

/** Continues the chat on an empty screen, so that what is on it is new. */
async function continueChat(chat: TmuxChat): Promise<void> {
  await chat.untilShell();
  await chat.type("clear; fg\r");
}

for (const shell of SHELLS) {
  testChat(
    `Ctrl+Z suspends the chat in ${shell}, and fg brings the draft back`,
    async ({ chat, other }) => {
      await chat.type("a draft");
      await chat.press("Left", "Left");
      await chat.untilCursor(7);
      await suspend(chat);
      await other.send("meanwhile");
      await continueChat(chat);
      await chat.until(/── unread ──\n[^\n]*: meanwhile\n> a draft\n● connected[^\n]*$/);
      await chat.untilCursor(7);
      await chat.type("X");
      await chat.until(/^> a draXft$/m);
      await chat.press("C-c", "C-c");
      await chat.until(/shell>$/);
      await isGivenBack(chat);
    },
    { from: { shell } },
  );
}

const OF_THE_INSTALLED = [
  ...["--no-prompt", "--allow-net", "--allow-read", "--allow-write", "--allow-env"],
  "--allow-sys=hostname",
];

testChat("the chat suspends without the permission to run programs", async ({ chat }) => {
  await chat.type("one\x1b\rtwo\x1b\rthree");
  await chat.until(/^> one\n {2}two\n {2}three\n● connected/m);
  await suspend(chat);
  await continueChat(chat);
  await chat.until(/\n> one\n {2}two\n {2}three\n● connected[^\n]*$/);
  await chat.type("!");
  await chat.until(/^ {2}three!$/m);
}, { ...inShell, permissions: OF_THE_INSTALLED });

testChat("the search and a question are open again after fg", async ({ chat }) => {
  await chat.type("first\r");
  await chat.until(/✓ [^\n]*: first\n>/);
  await chat.press("C-r");
  await chat.type("fir");
  await chat.until(/^> first\nsearch: fir\n●/m);
  await suspend(chat);
  await continueChat(chat);
  await chat.until(/\n> first\nsearch: fir\n● connected[^\n]*$/);
  await chat.type("s");
  await chat.until(/^search: firs$/m);
  await chat.press("C-c");
  await chat.paste("x".repeat(3_000));
  await chat.until(/^Paste 3,?000 characters in 1 line\?/m);
  await suspend(chat);
  await continueChat(chat);
  await chat.until(/^Paste 3,?000 characters in 1 line\?/m);
  await chat.press("Escape");
  await chat.until(/>\n● connected[^\n]*$/);
}, inShell);

testChatAndServer(
  "a chat without a connection suspends, and reconnects after fg",
  async ({ chat, server }) => {
    await chat.type("not lost");
    await server.kill();
    await chat.until(/^○ reconnecting/m);
    await suspend(chat);
    await server.restart();
    await continueChat(chat);
    await chat.until(/Reconnected\.[^\n]*\n> not lost\n● connected[^\n]*$/);
  },
  inShell,
);

testChatAndServer(
  "a connection that was lost while the chat was stopped is told",
  async ({ chat, server }) => {
    await suspend(chat);
    await server.kill();
    await server.restart();
    await continueChat(chat);
    await chat.until(/Reconnected\.[^\n]*\n>\n● connected[^\n]*$/);
  },
  inShell,
);

testChat("the chat suspends again and again", async ({ chat, other }) => {
  await chat.type("draft");
  for (let time = 1; time <= 3; time++) {
    await suspend(chat);
    await other.send(`number ${time}`);
    await continueChat(chat);
    await chat.until(new RegExp(`: number ${time}\n> draft\n● connected[^\n]*$`));
  }
}, inShell);

testChat("a window that was resized while the chat was stopped is drawn anew", async ({ chat }) => {
  const draft = "word ".repeat(20);
  await chat.type(draft);
  await chat.until(/word\n● connected/);
  await suspend(chat);
  await chat.resize(40, 12);
  await continueChat(chat);
  await chat.until(/\n> [word ]{30,38}\n {2}[word ]{30,38}\n {2}[word ]*\n● connected[^\n]*$/);
  await chat.resize(80, 16);
  await chat.until(/\n> [word ]{60,78}\n {2}[word ]*\n● connected[^\n]*$/);
  await suspend(chat);
  await chat.resize(100, 30);
  await continueChat(chat);
  await chat.until(/\n> [word ]{80,98}\n {2}[word ]*\n● connected[^\n]*$/);
}, inShell);

testChat("a command that starts the chat is stopped with it", async ({ chat }) => {
  await chat.type("draft");
  await suspend(chat);
  await continueChat(chat);
  await chat.until(/\n> draft\n● connected[^\n]*$/);
  await chat.press("C-c", "C-c");
  await chat.until(/^wrapped 130$/m);
}, { from: { shell: "bash", start: "sh -c './command chat; echo wrapped $?'" } });

testChat(
  "without the permission to stop it, Ctrl+Z once more does",
  async ({ chat }) => {
    await chat.type("draft");
    await chat.press("C-z");
    await chat.until((screen) => !screen.includes("● connected"));
    // The first one reaches the chat alone. A second one that comes before it has left raw mode is lost.
    let isStopped = false;
    const stopped = chat.until(/Stopped/).then(() => isStopped = true);
    for (let presses = 1; !isStopped; presses++) {
      await chat.press("C-z");
      await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, 2_000))]);
      // One that came too late stands behind the shell's prompt.
      if (isStopped && presses > 1) await chat.press("C-c");
    }
    await isGivenBack(chat);
    await continueChat(chat);
    await chat.until(/\n> draft\n● connected[^\n]*$/);
  },
  {
    from: { shell: "bash", start: "sh -c './command chat; echo wrapped $?'" },
    permissions: OF_THE_INSTALLED,
  },
);

for (const permissions of [["-A"], OF_THE_INSTALLED]) {
  testChat(
    `in a task of Deno, Ctrl+Z ${
      permissions.length > 1 ? "does nothing without" : "suspends with"
    } --allow-run`,
    async ({ chat }) => {
      await chat.type("draft");
      if (permissions.length > 1) {
        await chat.press("C-z");
      } else {
        await suspend(chat);
        await continueChat(chat);
      }
      await chat.until(/\n> draft\n● connected[^\n]*$/);
      await chat.type("!");
      await chat.until(/\n> draft!\n● connected[^\n]*$/);
    },
    {
      from: { shell: "bash", start: `'${Deno.execPath()}' task --quiet --eval './command chat'` },
      permissions,
    },
  );
}

testChat("in the background the chat stops until fg", async ({ chat, other }) => {
  await chat.type("one\x1b\rtwo");
  await chat.until(/^ {2}two$/m);
  await suspend(chat);
  await chat.inShell("bg");
  await other.send("meanwhile");
  await chat.inShell("until jobs | grep -q Stopped; do sleep 0.05; done");
  assertEquals(
    await chat.inShell("stty -a"),
    await Deno.readTextFile(`${chat.state}/modes_before`),
  );
  assertNotMatch(await chat.screen(), /meanwhile|● connected/);
  await continueChat(chat);
  await chat.until(/: meanwhile\n> one\n {2}two\n● connected[^\n]*$/);
}, inShell);

for (const signal of ["SIGTSTP", "SIGSTOP"] as const) {
  testChat(`a chat that ${signal} stopped comes back with fg`, async ({ chat }) => {
    await chat.type("one\x1b\rtwo");
    await chat.until(/^ {2}two$/m);
    await chat.signal(signal);
    await chat.until(/Stopped/);
    await chat.untilShell();
    await chat.type("clear; echo kept; fg\r");
    await chat.until(/^kept\n\.\/command chat\n> one\n {2}two\n● connected[^\n]*$/);
    await chat.press("BSpace");
    await chat.until(/^ {2}tw$/m);
    await chat.press("C-c", "C-c");
    await isGivenBack(chat);
  }, inShell);
}

testChat("what came while SIGTSTP stopped the chat is shown after fg", async ({ chat, other }) => {
  await chat.type("draft");
  await chat.until(/^> draft$/m);
  await chat.signal("SIGTSTP");
  await chat.until(/Stopped/);
  await other.send("meanwhile");
  await chat.untilShell();
  await chat.type("clear; echo kept; fg\r");
  await chat.until(/^kept\n\.\/command chat\n[^\n]*: meanwhile\n> draft\n● connected[^\n]*$/);
}, inShell);

testChat(
  "a chat that is stopped and continued from the outside is where it was",
  async ({ chat }) => {
    await chat.type("draft");
    await suspend(chat);
    await chat.type("clear\r");
    await chat.signal("SIGCONT");
    await chat.inShell("until jobs | grep -q Stopped; do sleep 0.05; done");
    await continueChat(chat);
    await chat.until(/^> draft\n● connected[^\n]*$/m);
  },
  inShell,
);

testChat("without job control Ctrl+Z does not stop the chat", async ({ chat }) => {
  await chat.type("draft\x1a!");
  await chat.until(/^> draft!\n● connected/m);
  await chat.press("C-z");
  await chat.type("?");
  await chat.until(/^> draft!\?\n● connected/m);
});

const EDITOR = `#!/bin/sh
printf 'editing'
until [ -e saved ]; do sleep 0.02; done
stty -a > modes_in_editor
cp saved "$1"
`;

testChat("Ctrl+Z in an editor stops the chat as well, and both continue", async ({ chat }) => {
  await Deno.writeTextFile(`${chat.state}/editor`, EDITOR, { mode: 0o700 });
  await chat.type("one");
  await chat.press("M-e");
  await chat.until(/^editing$/m);
  await suspend(chat);
  await continueChat(chat);
  await chat.until(/command chat$/);
  await Deno.writeTextFile(`${chat.state}/saving`, "two\n");
  await Deno.rename(`${chat.state}/saving`, `${chat.state}/saved`);
  await chat.until(/^> two\n● connected[^\n]*$/m);
  assertEquals(
    await Deno.readTextFile(`${chat.state}/modes_in_editor`),
    await Deno.readTextFile(`${chat.state}/modes_before`),
  );
  await suspend(chat);
  await continueChat(chat);
  await chat.until(/^> two\n● connected[^\n]*$/m);
}, { ...inShell, env: { EDITOR: "./editor" } });

testChat("a stopped chat ends when its shell does", async ({ chat }) => {
  await suspend(chat);
  const id = (await chat.inShell("jobs -p")).trim();
  assertMatch(id, /^\d+$/);
  await chat.type("kill -HUP $$\r");
  await chat.untilEnded(Number(id));
}, inShell);

const login: TmuxOptions = { from: { shell: "bash", start: "./command login ada@example.com" } };
const HIDDEN = /\nPaste the link or its token \(input is hidden\):$/;

for (const signal of [undefined, "SIGTSTP"] as const) {
  testTerminal(
    `the hidden prompt of login suspends by ${signal ?? "Ctrl+Z"}`,
    async ({ chat, server }) => {
      await chat.until(HIDDEN);
      await chat.type(server.session.slice(0, 20));
      for (let time = 1; time <= 2; time++) {
        await (signal === undefined ? chat.press("C-z") : chat.signal(signal));
        await chat.until(/Stopped[^\n]*\nshell>$/);
        await chat.inShell("stty -a > modes_after");
        assertEquals(await chat.notRestored(), []);
        await continueChat(chat);
        await chat.until(HIDDEN);
      }
      await chat.type(server.session.slice(20));
      await chat.press("Enter");
      await chat.until(/^Logged in to [\s\S]*\nshell>$/m);
      const written = await chat.written();
      for (const at of [0, 20]) assert(!written.includes(server.session.slice(at, at + 10)));
    },
    login,
  );
}
