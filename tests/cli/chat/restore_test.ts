/**
 * The terminal is restored, however the chat ends and whatever it starts.
 * @module
 */
import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { type Scene, testChat } from "./support/scene.ts";

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  testChat(`${signal} restores the terminal`, async ({ chat }) => {
    await chat.type("a draft");
    await chat.until(/^> a draft$/m);
    await chat.signal(signal);
    assertEquals(await chat.exitCode(), 130);
    assertEquals(await chat.notRestored(), []);
    assertNotMatch(await chat.screen(), /● connected|a draft/);
  });
}

for (
  const [name, keys, code] of [["/quit", "/quit\r", 0], ["Ctrl+D", "\x04", 0], [
    "Ctrl+C",
    "\x03",
    130,
  ]] as const
) {
  testChat(`${name} restores the terminal`, async ({ chat }) => {
    await chat.type(keys);
    assertEquals(await chat.exitCode(), code);
    assertEquals(await chat.notRestored(), []);
  });
}

const crashing = new URL("support/crashing_chat.ts", import.meta.url);
for (const [what, signal] of [["an exception", "SIGUSR1"], ["a rejection", "SIGUSR2"]] as const) {
  testChat(
    `a crash by ${what} restores the terminal and shows the error`,
    async ({ chat }) => {
      await chat.type("a draft\n");
      await chat.until(/^> a draft\n$/m);
      await chat.signal(signal);
      assertEquals(await chat.exitCode(), 1);
      assertEquals(await chat.notRestored(), []);
      const screen = await chat.screen();
      assertMatch(screen, /error: .*a bug/);
      assertNotMatch(screen, /● connected|a draft/);
    },
    { main: crashing },
  );
}

/** An editor that records its input, waits for the file `saved`, and copies it to the draft. */
const EDITOR = `#!/bin/sh
stty -a > modes_in_editor
cp "$1" given
printf 'editing'
until [ -e saved ]; do sleep 0.02; done
if [ -s saved ]; then cp saved "$1"; else exit 1; fi
`;

async function startEditor(
  { chat }: Scene,
  text: string,
  script: string = EDITOR,
  name = "editor",
): Promise<void> {
  await Deno.writeTextFile(`${chat.state}/${name}`, script, { mode: 0o700 });
  await chat.type(text);
  await chat.press("M-e");
  await chat.until(/^editing$/m);
}

/** Makes the editor save. Atomic: the editor reads the file as soon as it exists. */
async function save({ chat }: Scene, text: string): Promise<void> {
  await Deno.writeTextFile(`${chat.state}/saving`, text);
  await Deno.rename(`${chat.state}/saving`, `${chat.state}/saved`);
}

const environment = { env: { EDITOR: "./editor" } };

testChat("the editor owns the terminal, and the saved text becomes the draft", async (scene) => {
  const { chat, other } = scene;
  await startEditor(scene, "one");
  assertEquals(await Deno.readTextFile(`${chat.state}/given`), "one");
  assertEquals(
    await Deno.readTextFile(`${chat.state}/modes_in_editor`),
    await Deno.readTextFile(`${chat.state}/modes_before`),
  );
  const written = await chat.written();
  await other.send("meanwhile");
  await other.send("and once more");
  assertEquals(await chat.written(), written);
  await save(scene, "one\ntwo\n");
  await chat.until(/: meanwhile\n[^\n]*: and once more\n> one\n {2}two\n● connected/);
  await chat.type("!\x04");
  await chat.until(/^ {2}two!$/m);
}, environment);

testChat("an editor that fails leaves the draft unchanged", async (scene) => {
  const { chat } = scene;
  await startEditor(scene, "a draft");
  await save(scene, "");
  await chat.until(/^\.\/editor failed; your draft is unchanged\. .*\n(?: .*\n)*> a draft\n●/m);
}, environment);

testChat(
  "Ctrl+C in an editor that dies of it ends neither the chat nor the draft",
  async (scene) => {
    const { chat } = scene;
    await startEditor(scene, "a draft");
    await chat.press("C-c");
    await chat.until(/^\.\/editor failed; your draft is unchanged\. .*\n(?: .*\n)*> a draft\n●/m);
    await chat.type("!\x04");
    await chat.until(/^> a draft!$/m);
  },
  environment,
);

testChat("Ctrl+C in an editor that handles it leaves the editor running", async (scene) => {
  const { chat } = scene;
  await startEditor(scene, "one", EDITOR.replace("\n", "\ntrap '' INT\n"));
  await chat.press("C-c");
  await chat.press("C-c");
  await save(scene, "two");
  await chat.until(/^> two\n● connected/m);
}, environment);

for (
  const command of [
    '"./my editor"',
    "'./my editor'",
    "./my\\ editor",
    "~/my\\ editor",
    '"$HOME/my editor"',
  ]
) {
  testChat(`EDITOR=${command} is read as a shell does`, async (scene) => {
    await startEditor(scene, "one", EDITOR, "my editor");
    await save(scene, "two");
    await scene.chat.until(/^> two\n● connected/m);
  }, { env: { EDITOR: command } });
}

testChat("an editor gets the arguments that VISUAL has", async (scene) => {
  const { chat } = scene;
  await startEditor(scene, "one", EDITOR.replace("\n", '\necho "$1" > argument; shift\n'));
  await save(scene, "two");
  await chat.until(/^> two\n● connected/m);
  assertEquals(await Deno.readTextFile(`${chat.state}/argument`), "+set tw=72\n");
}, { env: { VISUAL: "./editor '+set tw=72'", EDITOR: "false" } });

testChat(
  "/editor opens its argument, and reports an editor that is not installed",
  async ({ chat }) => {
    await chat.type("/editor some text\r");
    await chat.until(
      /^Editor \.\/editor not found\. Set VISUAL or EDITOR to an installed editor\.\n>\n● connected/m,
    );
  },
  environment,
);

testChat(
  "/clear empties the screen; the messages stay in the scrollback",
  async ({ chat, other }) => {
    for (const text of ["first", "second"]) await other.send(text);
    await chat.until(/: second$/m);
    await chat.type("/clear\r");
    await chat.until((screen) => /^\s*>\n● connected[^\n]*$/.test(screen));
    assertEquals((await chat.cursor()).row, 0);
    assertMatch(await chat.everything(), /: first\n[^\n]*: second\n/);
    await other.send("third");
    await chat.until(/^ {2}\d\d:\d\d phone[^\n]*: third\n>\n● connected/);
  },
);
