/**
 * The chat's slash commands.
 * @module
 */
import { nearest } from "../../bot/text/did_you_mean.ts";
import { ClientError, messageOf } from "../../client/base/errors.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import type { Io } from "../command_line/io.ts";
import { shellWords, withHome } from "../command_line/shell_words.ts";
import { tokenVariable } from "../command_line/token_variable.ts";
import { readPastedToken, requireSameServer } from "../config/magic_link.ts";
import type { MessageHistory } from "../messages/message_history.ts";
import { localDate, localTime, messageEntry } from "../messages/message_line.ts";
import { terminalText } from "../terminal/terminal_text.ts";
import type { Conversation } from "./conversation.ts";
import { takesSecret } from "./input/secret_text.ts";
import { connectionText, countOf } from "./status_line.ts";

/** The chat that commands act on, drawn on a screen or plain. */
export interface Chat {
  readonly io: Io;
  readonly conversation: Conversation;
  /** The saved messages, including those of earlier chats; undefined if they are not saved. */
  readonly history: MessageHistory | undefined;
  /** Shows a notice to the user. */
  notify(text: string): void;
  quit(): void;
  /** Clears the screen. */
  clear(): void;
  /** Opens the text in the user's editor; the result becomes the input. */
  edit(text: string): Promise<void>;
  /** Prompts without echo. Only for a chat that cannot hide the secret while it is typed. */
  askSecret?(question: string): Promise<string>;
}

interface ChatCommand {
  /** The argument as the help shows it. */
  readonly argument?: string;
  readonly summary: string;
  run(chat: Chat, argument: string): void | Promise<void>;
}

const MAX_RESULTS = 20;

const COMMANDS: Readonly<Record<string, ChatCommand>> = {
  login: { argument: "EMAIL", summary: "request a magic link", run: logIn },
  token: { argument: "TOKEN", summary: "connect with the link or its token", run: useToken },
  name: { argument: "[NAME]", summary: "set your display name, or clear it", run: setName },
  logout: { summary: "disconnect and delete the stored session", run: logOut },
  who: { summary: "list the connections seen so far", run: showConnections },
  status: { summary: "show the full connection status", run: showStatus },
  search: { argument: "TEXT", summary: "search messages, including saved ones", run: search },
  export: {
    argument: "FILE",
    summary: "export the messages of this chat to a new file",
    run: exportTo,
  },
  editor: {
    argument: "[TEXT]",
    summary: "edit the draft in $VISUAL or $EDITOR (also Alt+E)",
    run: (chat, text) => chat.edit(text),
  },
  clear: { summary: "clear the screen but not the scrollback", run: (chat) => chat.clear() },
  help: { summary: "list the commands", run: (chat) => chat.notify(help()) },
  quit: { summary: "quit (also Ctrl+D)", run: (chat) => chat.quit() },
};

/** The command names, with the slash. */
export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS).map((name) => `/${name}`);

/** What a submitted text means. */
export type ChatInput =
  | { readonly kind: "message"; readonly text: string }
  | { readonly kind: "command"; readonly name: string; readonly argument: string }
  /** Not sent and not run: most likely a mistyped command. `reasons` are sentences for the user. */
  | { readonly kind: "rejected"; readonly reasons: readonly string[] };

const AS_MESSAGE = "To send it as a message, start it with //.";

/**
 * Distinguishes commands from messages. `//` starts a message with a slash. What cannot be a command,
 * such as a path, is a message too. Leading white space does not hide a command: a stray space must
 * not send a token as a message.
 */
export function readChatInput(text: string): ChatInput {
  const [all, typed = "", rest = ""] = /^\s*\/(?!\/)(\S*)([^]*)$/.exec(text) ?? [];
  if (all === undefined) {
    return { kind: "message", text: text.startsWith("//") ? text.slice(1) : text };
  }
  const name = typed.toLowerCase();
  const argument = rest.trim();
  if (!Object.hasOwn(COMMANDS, name)) {
    const isMessage = !/^\p{L}[\p{L}-]*$/u.test(typed) && all.trim() !== "/";
    return isMessage && !takesSecret(text) ? { kind: "message", text } : unknownCommand(typed);
  }
  // A sentence that happens to start with the name of a command must not log out.
  if (argument !== "" && COMMANDS[name]?.argument === undefined) {
    return { kind: "rejected", reasons: [`/${name} takes no argument.`, AS_MESSAGE] };
  }
  return { kind: "command", name, argument };
}

function unknownCommand(word: string): ChatInput {
  const meant = nearest(word, Object.keys(COMMANDS));
  // Anything but a short word may be a secret: it is not repeated.
  const shown = /^\p{L}[\p{L}-]{0,19}$/u.test(word) ? `: /${word}.` : ".";
  const help = meant === undefined ? "/help lists the commands." : `Did you mean /${meant}?`;
  return { kind: "rejected", reasons: [`Unknown command${shown}`, help, AS_MESSAGE] };
}

/** Runs a command. Shows errors that the user can act on; throws all others. */
export async function runSlashCommand(
  chat: Chat,
  { name, argument }: { readonly name: string; readonly argument: string },
): Promise<void> {
  try {
    await COMMANDS[name]?.run(chat, argument);
  } catch (error) {
    if (!(error instanceof ClientError || error instanceof CommandError)) throw error;
    chat.notify(error.message);
  }
}

async function logIn(chat: Chat, email: string): Promise<void> {
  if (email === "") return chat.notify("Usage: /login EMAIL, for example /login ada@example.com");
  await chat.conversation.requestLink(email);
  chat.notify(`Magic link sent to ${email}. Type /token and paste the link after it.`);
}

async function useToken(chat: Chat, pasted: string): Promise<void> {
  const answer = pasted === "" ? await chat.askSecret?.("Magic link or token:") ?? "" : pasted;
  const found = readPastedToken(answer);
  if (found === undefined) {
    return chat.notify("Usage: /token TOKEN, with the link from the email or its token");
  }
  requireSameServer(found, chat.conversation.status.server);
  await chat.conversation.connect(found.token);
  const { status, connected } = chat.conversation;
  if (connected) chat.notify(`Connected to ${status.server} as ${status.identity}.`);
}

async function setName(chat: Chat, name: string): Promise<void> {
  const set = await chat.conversation.setName(name === "" ? null : name);
  chat.notify(set === null ? "Display name cleared." : `Display name set to ${set}.`);
}

async function logOut(chat: Chat): Promise<void> {
  await chat.conversation.logOut();
  const variable = tokenVariable(chat.io);
  const stillSet = variable === undefined ? "" : ` ${variable} is still set; unset it too.`;
  chat.notify(`Logged out.${stillSet}`);
}

function showConnections(chat: Chat): void {
  const { presence, displayName, status } = chat.conversation;
  const { connections, known } = presence;
  const others = (connections ?? 0) - 1 - known.length;
  const lines = known.map(({ name, lastSeen }) =>
    `${name.replaceAll("\n", " ")} – last seen ${localTime(lastSeen)}`
  );
  chat.notify([
    connections === undefined
      ? "Connection count unknown until someone joins or leaves."
      : `${countOf(connections, "connection")} of ${status.email ?? "this account"}.`,
    `${displayName ?? "(unnamed)"} – this window`,
    ...lines,
    ...(others > 0 ? [`${countOf(others, "other connection")} – name unknown`] : []),
  ].join("\n"));
}

function showStatus(chat: Chat): void {
  const { connection, server, identity = "not logged in" } = chat.conversation.status;
  chat.notify(`${connectionText(connection, Date.now())}\nserver: ${server}\nas: ${identity}`);
}

async function search(chat: Chat, text: string): Promise<void> {
  if (text === "") return chat.notify("Usage: /search TEXT");
  const found = await find(chat, text);
  chat.notify(
    found.length === MAX_RESULTS
      ? `Last ${MAX_RESULTS} messages containing "${text}":`
      : `${countOf(found.length, "message")} containing "${text}"${found.length > 0 ? ":" : "."}`,
  );
  // One notice each, so that the lines of one message cannot pass for another message.
  for (const entry of found) chat.notify(entry);
}

async function find({ conversation, history }: Chat, text: string): Promise<string[]> {
  if (history === undefined) return conversation.transcript.search(text, MAX_RESULTS);
  const today = localDate(new Date().toISOString());
  return (await history.search(text, MAX_RESULTS)).map((message) => {
    const date = localDate(message.timestamp);
    return `${date === today ? "" : `${date} `}${messageEntry(message)}`;
  });
}

async function exportTo(chat: Chat, file: string): Promise<void> {
  if (file === "") return chat.notify("Usage: /export FILE");
  const entries = chat.conversation.transcript.entries();
  const { resolve } = await import("@std/path"); // Loaded on demand: the chat starts faster.
  const path = resolve(chat.io.workingFolder(), fileNamed(file, chat.io));
  try {
    const text = entries.map((entry) => `${terminalText(entry)}\n`).join("");
    await Deno.writeTextFile(path, text, { createNew: true, mode: 0o600 });
  } catch (cause) {
    const message = `Could not write ${path}: ${writeFailure(cause)}. Choose another file.`;
    throw new CommandError(message, ExitCode.FAILURE, { cause });
  }
  chat.notify(`Exported ${countOf(entries.length, "message")} to ${path}.`);
}

/** A name in quotes is read as a shell does; in any other, only `~` is special. */
function fileNamed(text: string, io: Io): string {
  if (!/^["']/.test(text)) return withHome(text, io.env("HOME"));
  const [file, ...more] = shellWords(text, (name) => io.env(name)) ?? [];
  if (file && more.length === 0) return file;
  throw new CommandError(`Not a file name: ${text}. Check its quotes.`, ExitCode.USAGE);
}

function writeFailure(cause: unknown): string {
  if (cause instanceof Deno.errors.AlreadyExists) return "the file already exists";
  return cause instanceof Deno.errors.NotFound ? "no such folder" : messageOf(cause);
}

function help(): string {
  const names = Object.keys(COMMANDS);
  const width = Math.max(...names.map((name) => usage(name).length));
  return [
    "Enter: send, Alt+Enter or Ctrl+J: new line, Tab: complete, Up: earlier input",
    ...names.map((name) => `${usage(name).padEnd(width)}  ${COMMANDS[name]?.summary}`),
  ].join("\n");
}

function usage(name: string): string {
  const argument = COMMANDS[name]?.argument;
  return `/${name}${argument === undefined ? "" : ` ${argument}`}`;
}

/**
 * The hint while a command is typed: the names that match, or the usage if only one does. Empty for
 * text that is not a command.
 */
export function commandHint(text: string): readonly string[] {
  const [, typed, more] = /^\/(\S*)(\s[^]*)?$/.exec(text) ?? [];
  if (typed === undefined) return [];
  const word = typed.toLowerCase();
  const names = Object.keys(COMMANDS).filter((name) =>
    more === undefined ? name.startsWith(word) : name === word
  );
  const [only = "", ...others] = names;
  return others.length > 0
    ? names.map((name) => `/${name}`)
    : names.map(() => `${usage(only)}: ${COMMANDS[only]?.summary}`);
}
