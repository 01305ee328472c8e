/**
 * The main job on this machine alone: a development server, a login by magic link, a bot that answers.
 * In a terminal it opens a chat with the bot. Without one it runs a short scripted conversation over a
 * real WebSocket, and fails if an answer is missing or wrong.
 * @module
 */
import { runBot } from "@roomz/roomz/bot";
import { AsyncClient, type Message } from "@roomz/roomz/client";
import { createDevServer, type MagicLink } from "@roomz/roomz/dev-server";
import helper from "../examples/helper_bot.ts";

const EMAIL = "you@example.com";
const ANSWER_TIMEOUT = 5_000;

/** What to say, and what the bot must answer. */
const CONVERSATION: readonly (readonly [said: string, answer: RegExp])[] = [
  ["!ping", /^pong$/],
  ["!roll 1", /^You rolled 1\b/],
  ['!echo "straight" and “curly” <b>quotes</b>', /^"straight" and “curly” <b>quotes<\/b>$/],
  ["!pnig", /did you mean .*!?ping/i],
  ["!help", /roll/],
];

const links: MagicLink[] = [];
await using server = await createDevServer({
  port: 0,
  allowedEmails: [EMAIL],
  onMagicLink: (link) => void links.push(link),
});
console.log(`server   ${server.url}`);

const stop = new AbortController();
const running = runBot(helper, { server: server.url, token: await logIn(), signal: stop.signal });
console.log(`bot      ${helper.name}, in the same private room as you`);
console.log(`browser  ${(await requestLink()).url} (works once)`);

const exitCode = Deno.stdin.isTerminal() && Deno.stdout.isTerminal()
  ? await chat(await logIn())
  : await converse(await logIn());

stop.abort();
await running;
await server.close();
Deno.exit(exitCode);

/** Requests a magic link, as a person would. */
async function requestLink(): Promise<MagicLink> {
  await new AsyncClient(server.url).login(EMAIL);
  const link = links.pop();
  if (link === undefined) throw new Error("The development server made no magic link.");
  return link;
}

/** Requests a magic link; returns its token. */
async function logIn(): Promise<string> {
  const { token } = await requestLink();
  console.log(`login    ${EMAIL}, by a magic link`);
  return token;
}

/** Hands the terminal to `roomz chat`. */
async function chat(token: string): Promise<number> {
  console.log("chat     try !help, !roll 20, or anything; /quit leaves\n");
  const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";
  const cli = new URL("../cli/main.ts", import.meta.url).href;
  // The server ends with the demo, so keep its session apart from the user's own.
  const state = await Deno.makeTempDir({ prefix: "roomz-demo-" });
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", `--config=${config}`, cli, "chat", "-s", server.url],
    env: { ROOMZ_TOKEN: token, XDG_STATE_HOME: state },
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  await Deno.remove(state, { recursive: true });
  return code;
}

/** Says each line and checks the answer; returns 0 if all are correct. */
async function converse(token: string): Promise<number> {
  await using client = await AsyncClient.open(server.url, token, { displayName: "demo" });
  await botIsThere(client);
  const messages = client.messages();
  let wrong = 0;
  for (const [said, expected] of CONVERSATION) {
    const result = await client.send(said);
    if (result.status !== "ok") throw new Error(result.error);
    console.log(`\ndemo     ${said}`);
    const answer = await nextAnswer(messages);
    console.log(
      `${helper.name.padEnd(8)} ${answer ?? "(no answer)"}`.replaceAll("\n", "\n         "),
    );
    if (answer === undefined || !expected.test(answer)) {
      wrong++;
      console.log(`WRONG    expected ${expected}`);
    }
  }
  const right = CONVERSATION.length - wrong;
  console.log(`\n${right} of ${CONVERSATION.length} answers are correct.`);
  return wrong === 0 ? 0 : 1;
}

/** Waits until the bot is connected and answers. */
async function botIsThere(client: AsyncClient): Promise<void> {
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT);
  const messages = client.messages({ signal });
  while (!signal.aborted) {
    await client.send("!ping");
    if (await nextAnswer(messages, 200) !== undefined) return void messages.return?.();
  }
  throw new Error("The bot did not join the room.");
}

async function nextAnswer(
  messages: AsyncIterableIterator<Message>,
  timeout: number = ANSWER_TIMEOUT,
): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), timeout);
  try {
    for (;;) {
      const next = await Promise.race([messages.next(), promise]);
      if (next === undefined || next.done) return undefined;
      if (next.value.user.display_name === helper.name) return next.value.content;
    }
  } finally {
    clearTimeout(timer);
  }
}
