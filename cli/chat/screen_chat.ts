/**
 * The full-screen chat: reads keys, draws entries and the footer.
 * @module
 */
import type { AsyncClient } from "../../client/mod.ts";
import { CommandError } from "../command_line/exit_code.ts";
import { Interruption } from "../command_line/interruption.ts";
import type { Io, Terminal } from "../command_line/io.ts";
import { pathIn, stateFolder } from "../config/folders.ts";
import type { MessageHistory } from "../messages/message_history.ts";
import type { Key } from "../terminal/key_decoder.ts";
import { readKeys } from "../terminal/key_reader.ts";
import { linkFor } from "../terminal/link.ts";
import { complete } from "./completion.ts";
import type { Conversation, Entry } from "./conversation.ts";
import { layOutFooter } from "./footer.ts";
import { HistorySearch } from "./input/history_search.ts";
import { InputHistory } from "./input/input_history.ts";
import { type InputText, moveByRow } from "./input/input_layout.ts";
import { KeyPrefix } from "./input/key_prefix.ts";
import { LineEditor } from "./input/line_editor.ts";
import { answerOf, type Question } from "./question.ts";
import { type Footer, Screen } from "./screen.ts";
import { holdsSecret, secretStart, withoutSecret } from "./input/secret_text.ts";
import { commandHint, readChatInput, runSlashCommand } from "./slash_commands.ts";
import { countOf, type Status } from "./status_line.ts";
import { type Paint, paintFor, senderStyle, type Style } from "./style.ts";

/** The parts that are loaded after the first frame. */
export interface ChatClient {
  /** The client, not connected yet. */
  readonly client: AsyncClient;
  /** The saved messages; undefined if they are not saved. */
  readonly history: MessageHistory | undefined;
  /** The client's display name if nobody chose it. */
  readonly machineName?: string | undefined;
}

/** Creates the client and opens the history. Reports problems that are not errors to `warn`. */
export type LoadClient = (warn: (problem: string) => void) => Promise<ChatClient>;

const STYLES: Readonly<Record<Entry["kind"], Style>> = {
  message: "plain",
  mention: "yellow",
  own: "plain",
  failed: "red",
  notice: "dim",
  rule: "dim",
};

/** The mark before each entry; a failed entry has its own in its text. */
const MARKS: Readonly<Record<Entry["kind"], string>> = {
  message: "  ",
  mention: "» ",
  own: "✓ ",
  failed: "",
  notice: "",
  rule: "── ",
};

const PROMPT = "> ";

/** A larger paste needs confirmation: it may be an accident. */
const LARGE_PASTE = { characters: 2_000, lines: 30 };

/** The user is away after this long without a key, even if the window has the focus; milliseconds. */
const IDLE_TIMEOUT = 5 * 60_000;

/**
 * Chats on `terminal` until the user quits. `load` is called after the first frame was drawn.
 * @throws {Interruption} Ctrl+C on empty input, or a signal.
 */
export async function chatOnScreen(
  io: Io,
  terminal: Terminal,
  server: string,
  load: LoadClient,
): Promise<void> {
  const chat = new ScreenChat(io, terminal, server);
  await chat.run(load);
}

class ScreenChat {
  readonly #io: Io;
  readonly #terminal: Terminal;
  readonly #server: string;
  readonly #paint: Paint;
  readonly #screen: Screen;
  readonly #history: InputHistory;
  readonly #editor: LineEditor;
  readonly #prefix = new KeyPrefix();
  readonly #quit = Promise.withResolvers<null>();
  #conversation: Conversation | undefined;
  #savedMessages: MessageHistory | undefined;
  #question: Question | undefined;
  #search: HistorySearch | undefined;
  /** Shown until the next key: a sentence, or several words. */
  #hints: readonly string[] = [];
  /** Until the terminal is the chat's again: the external editor has it, or the shell. */
  #lent: Promise<void> | undefined;
  #focused = true;
  #tick: ReturnType<typeof setTimeout> | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(io: Io, terminal: Terminal, server: string) {
    this.#io = io;
    this.#terminal = terminal;
    this.#server = server;
    this.#paint = paintFor(io.env("NO_COLOR"));
    this.#screen = new Screen(
      io.stdout,
      terminal,
      this.#paint,
      (...size) => this.#layOutFooter(...size),
      linkFor(io.env("TERM")),
    );
    this.#history = new InputHistory(pathIn(stateFolder(io), "input_history"));
    this.#editor = new LineEditor(
      this.#history,
      (by, column) => moveByRow(this.#input(), terminal.size().columns, by, column),
    );
  }

  async run(load: LoadClient): Promise<void> {
    const io = this.#io;
    const stopRestoring = this.#terminal.onExit(() => this.#screen.leaveNow());
    const stopListening = this.#terminal.onChange((change) => {
      if (change === "resized") this.#screen.resized();
      // Continued after a stop.
      else if (this.#lent === undefined) void this.#enter();
    });
    this.#screen.print(`${this.#server}: type /help for commands, /quit to leave.`, "dim");
    try {
      await this.#enter();
      const network = this.#connect(load).then(() => this.#quit.promise);
      await Promise.race([this.#readKeys(), network, this.#quit.promise]);
    } finally {
      for (const timer of [this.#tick, this.#idle]) clearTimeout(timer);
      stopListening();
      await Promise.all([this.#conversation?.close(), this.#history.saved]);
      stopRestoring();
      await this.#screen.leave();
      io.stdin.setRaw(false);
    }
  }

  async #enter(): Promise<void> {
    this.#io.stdin.setRaw(true);
    await this.#screen.enter();
  }

  /** Loads everything that needs the network here, so that the first frame does not wait for it. */
  async #connect(load: LoadClient): Promise<void> {
    const { Conversation } = await import("./conversation.ts");
    const { client, history, machineName } = await load((problem) =>
      this.#screen.print(problem, "red")
    );
    this.#savedMessages = history;
    this.#conversation = new Conversation(
      client,
      {
        show: (entry) => this.#show(entry),
        changed: () => this.#changed(),
      },
      this.#io.signal,
      machineName,
    );
    this.#userActed();
    await this.#conversation.connect();
  }

  async #readKeys(): Promise<void> {
    await this.#history.load();
    for await (const key of readKeys(this.#io.stdin, this.#io.signal)) {
      this.#press(key);
      await this.#lent?.catch(() => {});
    }
  }

  #press(pressed: Key): void {
    if (pressed.kind === "focus") this.#focused = pressed.focused;
    this.#userActed();
    const key = this.#prefix.join(pressed);
    if (key?.kind === "key" && key.name === "ctrl+z") return this.#suspend();
    if (key !== undefined && key.kind !== "focus") {
      this.#hints = [];
      if (this.#question !== undefined) this.#answer(this.#question, key);
      else if (this.#search?.press(key) !== true) this.#type(key);
    }
    this.#screen.echo();
  }

  #type(key: Exclude<Key, { kind: "focus" }>): void {
    const search = this.#search;
    this.#search = undefined;
    if (search?.match !== undefined && !isCancel(key)) this.#editor.set(search.match);
    if (search !== undefined && isCancel(key)) return;
    if (key.kind === "text") this.#editor.type(key.text);
    else if (key.kind === "paste") this.#paste(key.text);
    else this.#pressKey(key.name);
  }

  #pressKey(name: string): void {
    const { text } = this.#editor;
    if (name === "enter") this.#submit(text);
    else if (name === "tab") this.#complete();
    else if (name === "alt+e" || name === "ctrl+x ctrl+e") this.#editDraft(text);
    else if (name === "ctrl+l") this.#screen.clear();
    else if (name === "ctrl+r") this.#search = new HistorySearch(this.#history);
    else if (name === "ctrl+c" && text === "") this.#quit.reject(new Interruption("SIGINT"));
    else if (name === "ctrl+c") this.#editor.discard();
    else if (name === "ctrl+d" && text === "") this.#quit.resolve(null);
    else this.#editor.press(name);
  }

  #paste(text: string): void {
    const lines = text.replace(/\n$/, "").split("\n").length;
    if (text.length <= LARGE_PASTE.characters && lines <= LARGE_PASTE.lines) {
      return this.#editor.insert(text);
    }
    this.#question = {
      text: `Paste ${countOf(text.length, "character")} in ${countOf(lines, "line")}?`,
      yes: () => this.#editor.insert(text),
    };
  }

  #answer(question: Question, key: Key): void {
    const answer = answerOf(key);
    if (answer !== undefined) this.#question = undefined;
    if (answer === "yes") question.yes();
  }

  #submit(text: string): void {
    const conversation = this.#conversation;
    if (conversation === undefined) {
      this.#hints = ["Not connected yet."];
      return;
    }
    const input = readChatInput(text);
    if (input.kind === "message") this.#submitMessage(conversation, input.text);
    else if (input.kind === "command") this.#runCommand(conversation, input);
    else this.#hints = input.reasons;
  }

  #runCommand(conversation: Conversation, command: { name: string; argument: string }): void {
    this.#accept();
    this.#watch(runSlashCommand({
      io: this.#io,
      conversation,
      history: this.#savedMessages,
      notify: (text) => this.#screen.print(text, "dim"),
      quit: () => this.#quit.resolve(null),
      clear: () => this.#screen.clear(),
      edit: (text) => this.#edit(text),
    }, command));
  }

  /** A failure in the background ends the chat. */
  #watch(work: Promise<void>): void {
    work.catch((error: unknown) => this.#quit.reject(error));
  }

  #submitMessage(conversation: Conversation, text: string): void {
    const parts = conversation.partsOf(text);
    if (parts.length === 0) return void this.#editor.take();
    if (!conversation.connected) {
      this.#hints = ["Not connected. Your text stays here until you can send it."];
      return;
    }
    const send = (): void => {
      this.#accept();
      this.#watch(conversation.send(text));
    };
    if (parts.length === 1) return send();
    this.#question = {
      text: `Too long for one message. Send it as ${parts.length} messages?`,
      yes: send,
    };
  }

  /** Moves the input into the history. */
  #accept(): void {
    void this.#history.add(this.#editor.take());
  }

  #complete(): void {
    const { text, cursor } = this.#editor;
    const known = this.#conversation?.presence.known ?? [];
    const completion = complete(text, cursor, known.map(({ name }) => name));
    if (completion === undefined) return;
    const { start, candidates } = completion;
    this.#editor.replace(start, cursor, completion.text);
    if (candidates.length > 1) this.#hints = candidates;
  }

  #editDraft(text: string): void {
    this.#watch(
      this.#edit(text).catch((error: unknown) => {
        if (!(error instanceof CommandError)) throw error;
        this.#screen.print(error.message, "dim");
      }),
    );
  }

  #edit(text: string): Promise<void> {
    if (holdsSecret(text)) {
      const reason = "The draft contains a secret, which is not written to a file for the editor.";
      return Promise.reject(new CommandError(reason));
    }
    return this.#lend(async () => {
      const { editText } = await import("./external_editor.ts");
      this.#io.stdin.setRaw(false);
      this.#editor.set(await editText(this.#io, text));
    });
  }

  #suspend(): void {
    const { stdin } = this.#io;
    if (stdin.suspend === undefined) return;
    this.#conversation?.setAway(true);
    this.#watch(this.#lend(() => stdin.suspend?.()));
  }

  /** Lends the terminal to the external editor or the shell. */
  #lend(use: () => Promise<void> | undefined): Promise<void> {
    const lending = async (): Promise<void> => {
      await this.#screen.leave();
      try {
        await use();
      } finally {
        await this.#enter();
      }
    };
    this.#lent = lending().finally(() => this.#lent = undefined);
    return this.#lent;
  }

  #show({ kind, text, head }: Entry): void {
    const mark = MARKS[kind];
    if (kind === "mention") this.#screen.ring();
    if (head === undefined) {
      return this.#screen.print(`${mark}${text}${kind === "rule" ? " ──" : ""}`, STYLES[kind]);
    }
    const bodyStart = `${mark}${head.time} ${head.sender}: `.length;
    if (kind === "mention") {
      return this.#screen.print(mark + text, STYLES[kind], [], bodyStart);
    }
    this.#screen.print(mark + text, STYLES[kind], [
      [kind === "own" ? "green" : "plain", mark],
      ["dim", `${head.time} `],
      [senderStyle(head.sender), `${head.sender}:`],
    ], bodyStart);
  }

  #changed(): void {
    this.#screen.refresh();
    clearTimeout(this.#tick);
    // Update the countdown to the next attempt.
    if (this.#status().connection.retryAt === undefined) return;
    this.#tick = setTimeout(() => this.#changed(), 1_000);
  }

  /** Restarts the idle timer; a window without focus counts as away at once. */
  #userActed(): void {
    this.#conversation?.setAway(!this.#focused);
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#conversation?.setAway(true), IDLE_TIMEOUT);
  }

  #status(): Status {
    return this.#conversation?.status ?? {
      connection: { state: "loading" },
      server: this.#server,
      identity: undefined,
      email: undefined,
      connections: undefined,
    };
  }

  #layOutFooter(columns: number, rows: number): Footer {
    return layOutFooter(
      {
        input: this.#input(),
        hints: this.#hintsBelow(),
        pending: this.#conversation?.pending ?? [],
        status: this.#status(),
      },
      this.#paint,
      columns,
      rows,
      Date.now(),
    );
  }

  #input(): InputText {
    const { text, cursor } = this.#editor;
    if (this.#search === undefined) {
      return { prompt: PROMPT, text, cursor, hiddenFrom: secretStart(text) };
    }
    const match = this.#search.match ?? "";
    return { prompt: PROMPT, text: match, cursor: match.length, hiddenFrom: match.length };
  }

  #hintsBelow(): readonly string[] {
    if (this.#question !== undefined) return [`${this.#question.text} Enter: yes, Esc: no`];
    if (this.#search !== undefined) return [`search: ${withoutSecret(this.#search.query)}`];
    return this.#hints.length > 0 ? this.#hints : commandHint(this.#editor.text);
  }
}

function isCancel(key: Key): boolean {
  return key.kind === "key" && ["escape", "ctrl+g", "ctrl+c"].includes(key.name);
}
