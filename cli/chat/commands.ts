/**
 * The commands of a chat: the lines that begin with a slash.
 * @module
 */
import { ClientError, messageOf } from "../../client/errors.ts";
import { CommandError, ExitCode } from "../exit_code.ts";
import type { Io } from "../io.ts";
import { tokenOf } from "../magic_link.ts";
import { localTime } from "../message_line.ts";
import { terminalText } from "../terminal_text.ts";
import type { Conversation } from "./conversation.ts";
import { connectionText, countOf } from "./status_line.ts";

/** What commands work on. */
export interface Chat {
  /** The world. */
  readonly io: Io;
  /** The conversation. */
  readonly conversation: Conversation;
  /** Tells the user something. */
  tell(text: string): void;
  /** Ends the chat. */
  leave(): void;
  /** Clears the screen. */
  clear(): void;
  /** Opens what is being written in the user's editor. */
  edit(): Promise<void>;
}

interface ChatCommand {
  /** What follows the name, as the list of commands shows it. */
  readonly argument?: string;
  readonly summary: string;
  run(chat: Chat, argument: string): void | Promise<void>;
}

const MOST_FOUND = 20;

const COMMANDS: Readonly<Record<string, ChatCommand>> = {
  login: { argument: "EMAIL", summary: "have a magic link sent", run: logIn },
  token: { argument: "TOKEN", summary: "connect with the link, or the token in it", run: useToken },
  name: { argument: "[NAME]", summary: "show NAME beside your email, or none", run: setName },
  logout: { summary: "disconnect, and forget the session", run: logOut },
  who: { summary: "list the connections that were heard of", run: tellWho },
  status: { summary: "tell how the connection stands", run: tellStatus },
  search: { argument: "TEXT", summary: "find messages of this chat", run: search },
  export: { argument: "FILE", summary: "write the messages of this chat to a file", run: exportTo },
  editor: { summary: "write the message in $VISUAL or $EDITOR", run: (chat) => chat.edit() },
  clear: { summary: "clear the screen; the scrollback stays", run: (chat) => chat.clear() },
  help: { summary: "show this list", run: (chat) => chat.tell(help()) },
  quit: { summary: "leave; so does Ctrl+D", run: (chat) => chat.leave() },
};

/** The names of the commands, with their slash. */
export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS).map((name) => `/${name}`);

/** Whether a text is a command; two slashes begin a message with one. */
export function isCommand(text: string): boolean {
  return text.startsWith("/") && !text.startsWith("//");
}

/** The message that a text is which is no command. */
export function messageIn(text: string): string {
  return text.startsWith("//") ? text.slice(1) : text;
}

/** Where what must not be seen begins in a text; its length where nothing must be hidden. */
export function secretStart(text: string): number {
  return /^\s*\/token\s+/.exec(text)?.[0].length ?? text.length;
}

/** Obeys a line that is a command. What fails is told, but for what the user can do nothing about. */
export async function obey(chat: Chat, line: string): Promise<void> {
  const [, word = "", argument = ""] = /^\/(\S*)\s*([^]*)$/.exec(line) ?? [];
  const command = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (command === undefined) {
    chat.tell(`There is no /${word}. /help lists the commands; // sends a line with /.`);
    return;
  }
  try {
    await command.run(chat, argument.trim());
  } catch (error) {
    if (!(error instanceof ClientError || error instanceof CommandError)) throw error;
    chat.tell(error.message);
  }
}

async function logIn(chat: Chat, email: string): Promise<void> {
  if (email === "") return chat.tell("Say which address: /login ada@example.com");
  await chat.conversation.requestLink(email);
  chat.tell(`A magic link is on its way to ${email}. Paste it after /token.`);
}

async function useToken(chat: Chat, pasted: string): Promise<void> {
  const token = tokenOf(pasted);
  if (token === "") return chat.tell("Paste the link from the email after /token, or its token.");
  await chat.conversation.connect(token);
  const { status, connected } = chat.conversation;
  if (connected) chat.tell(`Connected to ${status.server} as ${status.identity}.`);
}

async function setName(chat: Chat, name: string): Promise<void> {
  const set = await chat.conversation.setName(name === "" ? null : name);
  chat.tell(set === null ? "You have no name now." : `You are ${set} now.`);
}

async function logOut(chat: Chat): Promise<void> {
  await chat.conversation.logOut();
  const stillSet = chat.io.env("ROOMZ_TOKEN") ? " ROOMZ_TOKEN is still set: unset it as well." : "";
  chat.tell(`Logged out.${stillSet}`);
}

function tellWho(chat: Chat): void {
  const { presence, displayName, status } = chat.conversation;
  const { connections, known } = presence;
  const lines = known.map(({ name, lastSeen }) => `${name}, heard of at ${localTime(lastSeen)}`);
  chat.tell([
    connections === undefined
      ? "How many connections there are shows when one comes or goes."
      : `${countOf(connections, "connection")} of ${status.identity ?? "this account"}.`,
    `${displayName ?? "No name"}, this one`,
    ...lines,
  ].join("\n"));
}

function tellStatus(chat: Chat): void {
  const { connection, server, identity = "nobody yet" } = chat.conversation.status;
  chat.tell(`${connectionText(connection, Date.now())}\nserver: ${server}\nas: ${identity}`);
}

function search(chat: Chat, text: string): void {
  if (text === "") return chat.tell("Say what to find: /search TEXT");
  const found = chat.conversation.transcript.search(text, MOST_FOUND);
  const heading = found.length === MOST_FOUND
    ? `The last ${MOST_FOUND} with "${text}":`
    : `${countOf(found.length, "message")} with "${text}"${found.length > 0 ? ":" : "."}`;
  chat.tell([heading, ...found].join("\n"));
}

async function exportTo(chat: Chat, file: string): Promise<void> {
  if (file === "") return chat.tell("Say where to: /export FILE");
  const entries = chat.conversation.transcript.entries();
  const { resolve } = await import("@std/path"); // Loaded here: no chat waits for it to start.
  const path = resolve(chat.io.workingFolder(), file);
  try {
    const text = entries.map((entry) => `${terminalText(entry)}\n`).join("");
    await Deno.writeTextFile(path, text, { createNew: true, mode: 0o600 });
  } catch (cause) {
    const why = cause instanceof Deno.errors.AlreadyExists
      ? "there is such a file already"
      : messageOf(cause);
    throw new CommandError(
      `Nothing was written to ${path}: ${why}. Name another file.`,
      ExitCode.FAILURE,
      {
        cause,
      },
    );
  }
  chat.tell(`${countOf(entries.length, "message")} in ${path}.`);
}

function help(): string {
  const usages = Object.entries(COMMANDS).map(([name, { argument, summary }]) =>
    `/${name}${argument === undefined ? "" : ` ${argument}`}: ${summary}`
  );
  return ["Enter sends, Alt+Enter or Ctrl+J begins a line, Tab completes.", ...usages].join("\n");
}
