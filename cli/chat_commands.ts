/**
 * What a line typed in a chat does: it is sent, or it starts with a slash and is a command.
 * @module
 */
import { type AsyncClient, ConnectionError, splitContent } from "../client/mod.ts";

/** What a line led to: something to tell the user, nothing, or the end of the chat. */
export interface Outcome {
  /** What the user should know. */
  readonly tell?: string;
  /** Whether the chat is over. */
  readonly leave?: true;
}

interface ChatCommand {
  readonly usage: string;
  readonly summary: string;
  run(client: AsyncClient, argument: string): Outcome | Promise<Outcome>;
}

const COMMANDS: ReadonlyMap<string, ChatCommand> = new Map<string, ChatCommand>([
  ["name", {
    usage: "/name [NAME]",
    summary: "show NAME beside your email, or the email alone",
    run: setName,
  }],
  ["logout", { usage: "/logout", summary: "forget the session, and leave", run: logOut }],
  ["quit", { usage: "/quit", summary: "leave; so does Ctrl+D", run: () => ({ leave: true }) }],
  ["help", { usage: "/help", summary: "show this list", run: () => ({ tell: help() }) }],
]);

/** Does what the line says. What fails is told, and ends nothing. */
export async function obey(client: AsyncClient, line: string): Promise<Outcome> {
  try {
    if (!line.startsWith("/") || line.startsWith("//")) {
      return await send(client, line.replace(/^\/\//, "/"));
    }
    const [word = "", argument = ""] = line.slice(1).split(/\s+(.*)/, 2);
    const command = COMMANDS.get(word);
    if (command !== undefined) return await command.run(client, argument.trim());
    return { tell: `There is no /${word}. /help lists the commands; // sends a line with /.` };
  } catch (error) {
    if (error instanceof ConnectionError) return { tell: `Not sent. ${error.message}` };
    throw error;
  }
}

async function send(client: AsyncClient, text: string): Promise<Outcome> {
  const parts = splitContent(text);
  if (parts.length === 0) return {};
  if (parts.length > 1) {
    return {
      tell: `Not sent. That is too long for one message. Shorten it, or leave and send it in ` +
        `${parts.length} parts with: roomz send --split -`,
    };
  }
  const result = await client.send(text);
  return result.status === "ok" ? {} : { tell: `Not sent. ${result.error}` };
}

async function setName(client: AsyncClient, name: string): Promise<Outcome> {
  const result = await client.setDisplayName(name === "" ? null : name);
  if (result.status !== "ok") return { tell: result.error };
  const { display_name } = result;
  return { tell: display_name === null ? "You have no name now." : `You are ${display_name} now.` };
}

async function logOut(client: AsyncClient): Promise<Outcome> {
  await client.logout();
  return { tell: "Logged out.", leave: true };
}

function help(): string {
  const lines = [...COMMANDS.values()].map(({ usage, summary }) => `${usage}: ${summary}`);
  return ["Each line is sent as a message, but these:", ...lines].join("\n");
}
