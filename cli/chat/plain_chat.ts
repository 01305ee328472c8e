/**
 * A chat in lines that are only ever appended: for pipes, simple terminals and screen readers.
 * @module
 */
import type { AsyncClient } from "../../client/mod.ts";
import { CommandError } from "../command_line/exit_code.ts";
import type { Io } from "../command_line/io.ts";
import type { MessageHistory } from "../messages/message_history.ts";
import { readLines } from "../terminal/input_text.ts";
import { promptSecret } from "../terminal/secret_prompt.ts";
import { terminalText } from "../terminal/terminal_text.ts";
import { Conversation, type Entry } from "./conversation.ts";
import { type Chat, isCommand, messageIn, obey } from "./slash_commands.ts";
import { connectionText } from "./status_line.ts";

/**
 * Chats until the input ends or the user leaves. A person may log in here; what comes from a pipe
 * needs a connection from the start.
 * @throws As `connect` of the client does, where the input is no terminal.
 */
export async function chatInLines(
  io: Io,
  client: AsyncClient,
  history?: MessageHistory,
): Promise<void> {
  let left = false;
  let told: number | undefined;
  let writing = Promise.resolve();
  const unwritten = Promise.withResolvers<never>();
  const show = ({ kind, text }: Entry): void => {
    // One's own lines are on the screen as they were typed.
    if (kind === "own") return;
    writing = writing.then(() => print(io, kind, text));
    writing.catch(unwritten.reject);
  };
  const conversation = new Conversation(client, {
    show,
    changed() {
      const { connection } = conversation.status;
      const { state, retryAt } = connection;
      // Each attempt is told once, and not that the time to it runs down.
      if (state !== "reconnecting" || retryAt === undefined || retryAt === told) return;
      told = retryAt;
      show({ kind: "notice", text: sentence(connectionText(connection, Date.now())) });
    },
  }, io.signal);
  const chat: Chat = {
    io,
    conversation,
    history,
    tell: (text) => show({ kind: "notice", text }),
    leave: () => left = true,
    clear() {},
    edit() {
      throw new CommandError("The editor needs a terminal, and no --plain.");
    },
    ...(io.stdin.isTerminal && {
      async askSecret(question: string) {
        await writing;
        return await promptSecret(io, question);
      },
    }),
  };

  if (io.stdin.isTerminal) await conversation.connect();
  else await conversation.connectOnce();
  const { server, identity } = conversation.status;
  if (conversation.connected) chat.tell(`Connected to ${server} as ${identity}. /quit leaves.`);
  const obeyLines = async (): Promise<void> => {
    for await (const line of readLines(io)) {
      if (isCommand(line)) await obey(chat, line);
      else await send(chat, messageIn(line));
      if (left) break;
    }
  };
  try {
    // A chat that nobody reads waits for no line.
    await Promise.race([obeyLines(), unwritten.promise]);
  } finally {
    await conversation.close();
    await writing;
  }
}

async function send({ conversation, tell }: Chat, text: string): Promise<void> {
  const parts = conversation.partsOf(text);
  if (parts.length > 1) {
    return tell(
      `Not sent. That is too long for one message. Shorten it, or leave and send it in ` +
        `${parts.length} parts with: roomz send --split -`,
    );
  }
  await conversation.send(parts);
}

/** Messages are data, the rest is talk. */
async function print(io: Io, kind: Entry["kind"], text: string): Promise<void> {
  const isTalk = kind === "notice" || kind === "failed";
  const output = isTalk ? io.stderr : io.stdout;
  const columns = output.isTerminal ? output.columns() : Infinity;
  const bell = kind === "mention" && output.isTerminal ? "\x07" : "";
  const entry = kind === "rule" ? `-- ${text} --` : text;
  try {
    await output.write(`${terminalText(entry, columns)}\n${bell}`);
  } catch (error) {
    // Talk that cannot be written is no failure.
    if (!isTalk) throw error;
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
