/**
 * Makes docs/chat.svg: plays a scene in the real chat, in tmux, against a development server with a bot
 * and a second person, then draws the screen.
 * @module
 */
import { defineBot, runBot } from "@roomz/roomz/bot";
import { AsyncClient } from "@roomz/roomz/client";
import { ServerProcess } from "../tests/cli/chat/support/server_process.ts";
import { TmuxChat } from "../tests/cli/chat/support/tmux.ts";
import { terminalSvg } from "./terminal_svg.ts";

const COLUMNS = 86;
const ROWS = 22;
const PICTURE = new URL("../docs/chat.svg", import.meta.url);

const helper = defineBot({
  name: "helper",
  commands: {
    "roll [sides:int=6]": {
      description: "Roll a die",
      run: ({ args }) => `You rolled ${1 + Math.floor(Math.random() * args.sides)}`,
    },
    "deploy <service> [--env:staging|prod=staging]": {
      description: "Deploy a service",
      async *run({ args }) {
        yield `Deploying ${args.service} to ${args.env}…`;
        yield `${args.service} is live: 3 of 3 checks are green.`;
      },
    },
    "todo add <text...>": { description: "Add a to-do", run: ({ args }) => `Noted: ${args.text}` },
  },
});

await using server = await ServerProcess.start();
const stop = new AbortController();
const bot = runBot(helper, { server: server.url, token: server.session, signal: stop.signal });
await using phone = await AsyncClient.open(server.url, server.session, { displayName: "phone" });
await using chat = await TmuxChat.start(server, {
  columns: COLUMNS,
  rows: ROWS,
  env: { ROOMZ_DISPLAY_NAME: "Laptop" },
});
await chat.until(/^● connected/m);
await phone.send("!roll");
await chat.untilAnywhere(/You rolled/);
await chat.type("\x0c");

await say("!help");
await chat.until(/todo add/);
await say("!deploy web --env prod");
await chat.until(/checks are green/);
await say("!depoy api");
await chat.until(/did you mean/i);
await phone.send("On the train 🚆 back at ten. Laptop, can you take the stand-up?");
await chat.until(/stand-up\?/);
await chat.type("Sure. Notes so far:");
await chat.press("M-Enter");
await chat.type("- 東京 rollout is done ✅");
await say("");
await chat.until(/✓ .*Notes so far/);
// What the terminal sends when its window loses and regains focus.
await chat.type("\x1b[O");
await phone.send("Thanks! Lunch at noon? 🍜");
await chat.until(/Lunch/);
await chat.type("\x1b[I");
// The server is stopped, so that the next message stays pending.
server.signal("SIGSTOP");
await say("See you at noon");
await chat.until(/^… sending: See you/m);
await chat.type("/se");
await chat.until(/^\/search/m);

const rows = await chat.colours();
const cursor = await chat.cursor();
server.signal("SIGCONT");
await Deno.writeTextFile(
  PICTURE,
  terminalSvg({ rows, columns: COLUMNS, cursor, title: "roomz — Laptop" }),
);
stop.abort();
await bot;
console.log(`docs/chat.svg: ${COLUMNS} columns, ${rows.length} rows`);

async function say(text: string): Promise<void> {
  await chat.type(text);
  await chat.press("Enter");
}
