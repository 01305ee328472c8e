/**
 * The commands of a chat: the lines that begin with a slash.
 * @module
 */
import { ClientError, messageOf } from "../../client/base/errors.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import type { Io } from "../command_line/io.ts";
import { tokenOf } from "../config/magic_link.ts";
import type { MessageHistory } from "../messages/message_history.ts";
import { localDate, localTime, messageEntry } from "../messages/message_line.ts";
import { terminalText } from "../terminal/terminal_text.ts";
import type { Conversation } from "./conversation.ts";
import { connectionText, countOf } from "./status_line.ts";

/** What commands work on. */
export interface Chat {
  /** The world. */
  readonly io: Io;
  /** The conversation. */
  readonly conversation: Conversation;
  /** The messages that are kept, with those of earlier chats; undefined where none are. */
  readonly history: MessageHistory | undefined;
  /** Tells the user something. */
  tell(text: string): void;
  /** Ends the chat. */
  leave(): void;
  /** Clears the screen. */
  clear(): void;
  /** Opens a text in the user's editor; what comes of it is the input. */
  edit(text: string): Promise<void>;
  /** Asks for what must not be seen while it is typed, where the chat itself shows what is typed. */
  askSecret?(question: string): Promise<string>;
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
  search: { argument: "TEXT", summary: "find messages, kept ones as well", run: search },
  export: { argument: "FILE", summary: "write the messages of this chat to a file", run: exportTo },
  editor: {
    argument: "[TEXT]",
    summary: "write in $VISUAL or $EDITOR; so does Alt+E",
    run: (chat, text) => chat.edit(text),
  },
  clear: { summary: "clear the screen; the scrollback stays", run: (chat) => chat.clear() },
  help: { summary: "show this list", run: (chat) => chat.tell(help()) },
  quit: { summary: "leave; so does Ctrl+D", run: (chat) => chat.leave() },
};

/** The names of the commands, with their slash. */
export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS).map((name) => `/${name}`);

/**
 * Whether a text is a command; two slashes begin a message with one. White space before it changes
 * nothing: a token must not be sent because of a space.
 */
export function isCommand(text: string): boolean {
  return /^\s*\/(?!\/)/.test(text);
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
  const [, word = "", argument = ""] = /^\/(\S*)\s*([^]*)$/.exec(line.trimStart()) ?? [];
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
  chat.tell(`A magic link was sent to ${email}. Paste it after /token.`);
}

async function useToken(chat: Chat, pasted: string): Promise<void> {
  const asked = pasted === "" ? await chat.askSecret?.("Magic link or token:") ?? "" : pasted;
  const token = tokenOf(asked);
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
  const stillSet = chat.io.env("ROOMZ_TOKEN") ? " ROOMZ_TOKEN is still set. Unset it as well." : "";
  chat.tell(`Logged out.${stillSet}`);
}

function tellWho(chat: Chat): void {
  const { presence, displayName, status } = chat.conversation;
  const { connections, known } = presence;
  const lines = known.map(({ name, lastSeen }) =>
    `${name.replaceAll("\n", " ")}, heard of at ${localTime(lastSeen)}`
  );
  chat.tell([
    connections === undefined
      ? "How many connections there are shows when one comes or goes."
      : `${countOf(connections, "connection")} of ${status.email ?? "this account"}.`,
    `${displayName ?? "No name"}, this one`,
    ...lines,
  ].join("\n"));
}

function tellStatus(chat: Chat): void {
  const { connection, server, identity = "nobody yet" } = chat.conversation.status;
  chat.tell(`${connectionText(connection, Date.now())}\nserver: ${server}\nas: ${identity}`);
}

async function search(chat: Chat, text: string): Promise<void> {
  if (text === "") return chat.tell("Say what to find: /search TEXT");
  const found = await find(chat, text);
  chat.tell(
    found.length === MOST_FOUND
      ? `The last ${MOST_FOUND} with "${text}":`
      : `${countOf(found.length, "message")} with "${text}"${found.length > 0 ? ":" : "."}`,
  );
  // Each by itself, so that the lines of one cannot pass for another.
  for (const entry of found) chat.tell(entry);
}

async function find({ conversation, history }: Chat, text: string): Promise<string[]> {
  if (history === undefined) return conversation.transcript.search(text, MOST_FOUND);
  const today = localDate(new Date().toISOString());
  return (await history.search(text, MOST_FOUND)).map((message) => {
    const date = localDate(message.timestamp);
    return `${date === today ? "" : `${date} `}${messageEntry(message)}`;
  });
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
    const message = `Nothing was written to ${path}: ${why}. Name another file.`;
    throw new CommandError(message, ExitCode.FAILURE, { cause });
  }
  chat.tell(`${countOf(entries.length, "message")} in ${path}.`);
}

function help(): string {
  const names = Object.keys(COMMANDS);
  const width = Math.max(...names.map((name) => usage(name).length));
  return [
    "Enter sends, Alt+Enter or Ctrl+J begins a line, Tab completes, Up brings back what you wrote.",
    ...names.map((name) => `${usage(name).padEnd(width)}  ${COMMANDS[name]?.summary}`),
  ].join("\n");
}

function usage(name: string): string {
  const argument = COMMANDS[name]?.argument;
  return `/${name}${argument === undefined ? "" : ` ${argument}`}`;
}

/**
 * What to tell while a command is being typed: the names that it may become, or, where there is one,
 * what it does. Nothing for what is no command.
 */
export function commandHint(text: string): readonly string[] {
  const [, word, more] = /^\/(\S*)(\s[^]*)?$/.exec(text) ?? [];
  if (word === undefined) return [];
  const names = Object.keys(COMMANDS).filter((name) =>
    more === undefined ? name.startsWith(word) : name === word
  );
  const [only = "", ...others] = names;
  return others.length > 0
    ? names.map((name) => `/${name}`)
    : names.map(() => `${usage(only)}: ${COMMANDS[only]?.summary}`);
}
