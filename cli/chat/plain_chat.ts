/**
 * The plain chat, which only appends lines: for pipes, dumb terminals and screen readers.
 * @module
 */
import { type AsyncClient, AuthenticationError } from "../../client/mod.ts";
import { connectWhenUp } from "../account/wait_for_server.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import type { Io } from "../command_line/io.ts";
import type { MessageHistory } from "../messages/message_history.ts";
import { readLines } from "../terminal/input_text.ts";
import { promptSecret } from "../terminal/secret_prompt.ts";
import { terminalText } from "../terminal/terminal_text.ts";
import { Conversation, type Entry } from "./conversation.ts";
import { type Chat, type ChatInput, readChatInput, runSlashCommand } from "./slash_commands.ts";
import { connectionText } from "./status_line.ts";

/** Options of the plain chat. */
export interface PlainChatOptions {
  /** The saved messages; undefined if there are none. */
  readonly history: MessageHistory | undefined;
  /** How long to wait for the server, milliseconds (default: until the signal aborts). */
  readonly wait: number | undefined;
  /** The client's display name if nobody chose it. */
  readonly machineName?: string | undefined;
  /** Whether piped input may contain slash commands (default: no, it is data). */
  readonly pipedCommands?: boolean;
}

/**
 * Chats until the input ends or the user quits. At a terminal, the user can log in from the chat;
 * piped input needs a connection from the start, and waits for the server. It is data: lines that
 * start with a slash are commands only with `pipedCommands`.
 * @throws Like `connect` of the client, if the input is not a terminal or the wait is over.
 * @throws {CommandError} Piped input contains an unknown command.
 */
export async function chatInLines(
  io: Io,
  client: AsyncClient,
  { history, wait, machineName, pipedCommands = false }: PlainChatOptions,
): Promise<void> {
  let hasQuit = false;
  let reportedRetry: number | undefined;
  let writing = Promise.resolve();
  const writeFailure = Promise.withResolvers<never>();
  const show = ({ kind, text }: Entry): void => {
    // The user's own lines are on the screen as typed.
    if (kind === "own") return;
    writing = writing.then(() => print(io, kind, text));
    writing.catch(writeFailure.reject);
  };
  const conversation = new Conversation(
    client,
    {
      show,
      changed() {
        const { connection } = conversation.status;
        const { state, retryAt } = connection;
        // Report each attempt once, without a countdown.
        if (state !== "reconnecting" || retryAt === undefined || retryAt === reportedRetry) return;
        reportedRetry = retryAt;
        show({ kind: "notice", text: sentence(connectionText(connection, Date.now())) });
      },
    },
    io.signal,
    machineName,
  );
  const chat: Chat = {
    io,
    conversation,
    history,
    notify: (text) => show({ kind: "notice", text }),
    quit: () => hasQuit = true,
    clear() {},
    edit() {
      throw new CommandError(
        "The editor does not work in the plain chat. Run roomz chat in a terminal, without --plain.",
      );
    },
    ...(io.stdin.isTerminal && {
      async askSecret(question: string) {
        await writing;
        return await promptSecret(io, question);
      },
    }),
  };

  await connect(io, conversation, wait);
  const { server, identity } = conversation.status;
  if (conversation.connected) {
    chat.notify(`Connected to ${server} as ${identity}. Type /quit to leave.`);
  }
  const { isTerminal } = io.stdin;
  const readInput = async (): Promise<void> => {
    for await (const line of readLines(io)) {
      const input = isTerminal || pipedCommands ? readChatInput(line) : dataLine(line);
      if (input.kind === "message") await send(chat, input.text);
      else if (input.kind === "command") await runSlashCommand(chat, input);
      else if (isTerminal) chat.notify(input.reasons.join(" "));
      // A script must not continue after a command that it does not know.
      else throw new CommandError(input.reasons.join(" "), ExitCode.USAGE);
      if (hasQuit) break;
    }
  };
  try {
    // Stop waiting for input once the output is closed.
    await Promise.race([readInput(), writeFailure.promise]);
  } finally {
    await conversation.close();
    await writing;
  }
}

async function connect(
  io: Io,
  conversation: Conversation,
  wait: number | undefined,
): Promise<void> {
  const { isTerminal } = io.stdin;
  // Reports every attempt, and how to log in.
  if (isTerminal && wait === undefined) return await conversation.connect();
  try {
    await connectWhenUp(io, wait, () => conversation.connectOnce());
  } catch (error) {
    if (!isTerminal || !(error instanceof AuthenticationError)) throw error;
    await conversation.connect();
  }
}

function dataLine(text: string): ChatInput {
  return { kind: "message", text };
}

async function send({ conversation, notify }: Chat, text: string): Promise<void> {
  const parts = conversation.partsOf(text);
  if (parts.length > 1) {
    return notify(
      `Not sent: too long for one message. Shorten it, or quit and send it in ` +
        `${parts.length} parts with: roomz send --split -`,
    );
  }
  await conversation.send(text);
}

/** Writes messages to stdout and notices to stderr. */
async function print(io: Io, kind: Entry["kind"], text: string): Promise<void> {
  const isNotice = kind === "notice" || kind === "failed";
  const output = isNotice ? io.stderr : io.stdout;
  const columns = output.isTerminal ? output.columns() : Infinity;
  const bell = kind === "mention" && output.isTerminal ? "\x07" : "";
  const entry = kind === "rule" ? `-- ${text} --` : text;
  try {
    await output.write(`${terminalText(entry, columns)}\n${bell}`);
  } catch (error) {
    // A lost notice must not end the chat.
    if (!isNotice) throw error;
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
