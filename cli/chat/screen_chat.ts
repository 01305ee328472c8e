/**
 * The chat on a terminal: keys come in, entries and the footer go out.
 * @module
 */
import { dirname, join } from "@std/path";
import type { AsyncClient } from "../../client/mod.ts";
import { interruptible, Interruption } from "../interruption.ts";
import type { Io, Terminal } from "../io.ts";
import { sessionFile } from "../session_file.ts";
import { visibleText } from "../terminal_text.ts";
import { fitColumns } from "../text_width.ts";
import { COMMAND_NAMES, isCommand, messageIn, obey, secretStart } from "./commands.ts";
import { complete } from "./completion.ts";
import type { Conversation, Entry } from "./conversation.ts";
import { HistorySearch } from "./history_search.ts";
import { InputHistory } from "./input_history.ts";
import { layOutInput } from "./input_layout.ts";
import { type Key, KeyDecoder } from "./key_decoder.ts";
import { LineEditor } from "./line_editor.ts";
import { answerOf, type Question } from "./question.ts";
import { type Footer, Screen } from "./screen.ts";
import { countOf, type Status, statusLine, statusStyle } from "./status_line.ts";
import { type Paint, paintFor, type Style } from "./style.ts";

const STYLES: Readonly<Record<Entry["kind"], Style>> = {
  message: "plain",
  mention: "yellow",
  own: "plain",
  failed: "red",
  notice: "dim",
  rule: "dim",
};

const PROMPT = "> ";
const MOST_INPUT_ROWS = 10;
const MOST_PENDING_ROWS = 3;
const MOST_CANDIDATES = 20;

/** A paste of more than this is asked about: it may be an accident. */
const LARGE_PASTE = { characters: 2_000, lines: 30 };

/** ESC alone is a key when nothing follows it for so long, in milliseconds. */
const ESCAPE_WAIT = 50;

/** Whoever has typed nothing for so long, in milliseconds, is away, whatever the window says. */
const IDLE = 5 * 60_000;

/**
 * Chats on `terminal` until the user leaves. `createClient` is called when the first frame is there.
 * @throws {Interruption} Ctrl+C on an empty input, or a signal.
 */
export async function chatOnScreen(
  io: Io,
  terminal: Terminal,
  server: string,
  createClient: () => Promise<AsyncClient>,
): Promise<void> {
  const chat = new ScreenChat(io, terminal, server);
  await chat.run(createClient);
}

class ScreenChat {
  readonly #io: Io;
  readonly #terminal: Terminal;
  readonly #server: string;
  readonly #paint: Paint;
  readonly #screen: Screen;
  readonly #history: InputHistory;
  readonly #editor: LineEditor;
  readonly #keys = new KeyDecoder();
  readonly #left = Promise.withResolvers<null>();
  #conversation: Conversation | undefined;
  #question: Question | undefined;
  #search: HistorySearch | undefined;
  /** Talk that goes with the next key. */
  #hint = "";
  #editing: Promise<void> | undefined;
  #focused = true;
  #tick: ReturnType<typeof setTimeout> | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #escape: ReturnType<typeof setTimeout> | undefined;

  constructor(io: Io, terminal: Terminal, server: string) {
    this.#io = io;
    this.#terminal = terminal;
    this.#server = server;
    this.#paint = paintFor(io.env("NO_COLOR"));
    this.#screen = new Screen(io.stdout, terminal, this.#paint, (...size) => this.#layOut(...size));
    this.#history = new InputHistory(join(dirname(sessionFile(io)), "input_history"));
    this.#editor = new LineEditor(this.#history);
  }

  async run(createClient: () => Promise<AsyncClient>): Promise<void> {
    const io = this.#io;
    const stopRestoring = this.#terminal.onExit(() => this.#screen.leaveNow());
    const stopListening = this.#terminal.onChange((change) => {
      if (change === "continued") void this.#enter();
      else this.#screen.resized();
    });
    this.#screen.print(`${this.#server}: /help lists the commands, /quit leaves.`, "dim");
    try {
      await this.#enter();
      const network = this.#connect(createClient);
      await this.#history.load();
      await Promise.race([this.#readKeys(), network.then(() => this.#left.promise)]);
    } finally {
      for (const timer of [this.#tick, this.#idle, this.#escape]) clearTimeout(timer);
      stopListening();
      await this.#conversation?.close();
      stopRestoring();
      await this.#screen.leave();
      io.stdin.setRaw(false);
    }
  }

  async #enter(): Promise<void> {
    this.#io.stdin.setRaw(true);
    await this.#screen.enter();
  }

  /** Everything that needs the network is loaded here: the first frame does not wait for it. */
  async #connect(createClient: () => Promise<AsyncClient>): Promise<void> {
    const { Conversation } = await import("./conversation.ts");
    const client = await createClient();
    this.#conversation = new Conversation(client, {
      show: (entry) => this.#show(entry),
      changed: () => this.#changed(),
    }, this.#io.signal);
    this.#rest();
    await this.#conversation.connect();
  }

  async #readKeys(): Promise<void> {
    for (;;) {
      // The editor has the terminal: what is typed is not for us.
      await this.#editing?.catch(() => {});
      const reading = Promise.race([this.#io.stdin.read(), this.#left.promise]);
      const bytes = await interruptible(this.#io.signal, reading);
      if (bytes === null) return;
      clearTimeout(this.#escape);
      for (const key of this.#keys.decode(bytes)) this.#press(key);
      if (this.#keys.undecided) {
        this.#escape = setTimeout(() => {
          for (const key of this.#keys.flush()) this.#press(key);
        }, ESCAPE_WAIT);
      }
    }
  }

  #press(key: Key): void {
    if (key.kind === "focus") this.#focused = key.focused;
    this.#rest();
    if (key.kind !== "focus") {
      this.#hint = "";
      if (this.#question !== undefined) this.#answer(this.#question, key);
      else if (this.#search?.press(key) !== true) this.#type(key);
    }
    this.#screen.refresh();
  }

  #type(key: Exclude<Key, { kind: "focus" }>): void {
    const search = this.#search;
    this.#search = undefined;
    if (search?.found !== undefined && !isCancel(key)) this.#editor.set(search.found);
    if (search !== undefined && isCancel(key)) return;
    if (key.kind === "text") this.#editor.insert(key.text);
    else if (key.kind === "paste") this.#paste(key.text);
    else this.#pressKey(key.name);
  }

  #pressKey(name: string): void {
    const { text } = this.#editor;
    if (name === "enter") this.#submit(text);
    else if (name === "tab") this.#complete();
    else if (name === "ctrl+l") this.#screen.clear();
    else if (name === "ctrl+r") this.#search = new HistorySearch(this.#history);
    else if (name === "ctrl+c" && text === "") this.#left.reject(new Interruption("SIGINT"));
    else if (name === "ctrl+c") this.#editor.take();
    else if (name === "ctrl+d" && text === "") this.#left.resolve(null);
    else this.#editor.press(name);
  }

  #paste(text: string): void {
    const lines = text.split("\n").length;
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
    if (conversation === undefined) this.#hint = "Not connected yet.";
    else if (isCommand(text)) this.#obey(conversation, text);
    else this.#submitMessage(conversation, messageIn(text));
  }

  #obey(conversation: Conversation, line: string): void {
    this.#accept();
    this.#watch(obey({
      io: this.#io,
      conversation,
      tell: (text) => this.#screen.print(text, "dim"),
      leave: () => this.#left.resolve(null),
      clear: () => this.#screen.clear(),
      edit: () => this.#editing = this.#edit().finally(() => this.#editing = undefined),
    }, line));
  }

  /** What fails in the background ends the chat. */
  #watch(work: Promise<void>): void {
    work.catch((error: unknown) => this.#left.reject(error));
  }

  #submitMessage(conversation: Conversation, text: string): void {
    const parts = conversation.partsOf(text);
    if (parts.length === 0) return void this.#editor.take();
    if (!conversation.connected) {
      this.#hint = "Not connected: the text stays here until it can be sent.";
      return;
    }
    const send = (): void => {
      this.#accept();
      this.#watch(conversation.send(parts));
    };
    if (parts.length === 1) return send();
    this.#question = { text: `Too long for one message. Send it as ${parts.length}?`, yes: send };
  }

  /** Takes what was written out of the input, into the history. */
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
    if (candidates.length > 1) this.#hint = candidates.slice(0, MOST_CANDIDATES).join("  ");
  }

  async #edit(): Promise<void> {
    const { editText } = await import("./external_editor.ts");
    await this.#screen.leave();
    this.#io.stdin.setRaw(false);
    try {
      this.#editor.set(await editText(this.#io, this.#editor.text));
    } finally {
      await this.#enter();
    }
  }

  #show({ kind, text }: Entry): void {
    if (kind === "mention") this.#screen.ring();
    const entry = kind === "rule" ? `── ${text} ──` : kind === "own" ? `✓ ${text}` : text;
    this.#screen.print(entry, STYLES[kind]);
  }

  #changed(): void {
    this.#screen.refresh();
    clearTimeout(this.#tick);
    // The time to the next attempt runs down.
    if (this.#status().connection.retryAt === undefined) return;
    this.#tick = setTimeout(() => this.#changed(), 1_000);
  }

  /** The user did something: away is who has left the window, or does nothing for long. */
  #rest(): void {
    this.#conversation?.setAway(!this.#focused);
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#conversation?.setAway(true), IDLE);
  }

  #status(): Status {
    return this.#conversation?.status ?? {
      connection: { state: "loading" },
      server: this.#server,
      identity: undefined,
      connections: undefined,
    };
  }

  #layOut(columns: number, rows: number): Footer {
    const { text, cursor } = this.#editor;
    const found = this.#search?.found ?? "";
    const shown = this.#search === undefined
      ? { prompt: PROMPT, text, cursor, hiddenFrom: secretStart(text) }
      : { prompt: PROMPT, text: found, cursor: found.length, hiddenFrom: found.length };
    const mostInputRows = Math.max(1, Math.min(MOST_INPUT_ROWS, rows - 3));
    const input = layOutInput(shown, columns, mostInputRows);

    const status = this.#status();
    const below = [
      ...this.#talk().map((row) => this.#paint("bold", fit(row, columns))),
      ...(this.#conversation?.pending ?? []).slice(0, MOST_PENDING_ROWS)
        .map((row) => this.#paint("dim", fit(`… sending: ${row}`, columns))),
      this.#paint(statusStyle(status), statusLine(status, columns, Date.now())),
    ];
    return { input, below: below.slice(-Math.max(0, rows - input.rows.length)) };
  }

  #talk(): string[] {
    if (this.#question !== undefined) return [`${this.#question.text} Enter: yes, Esc: no`];
    if (this.#search !== undefined) return [`search: ${this.#search.wanted}`];
    if (this.#hint !== "") return [this.#hint];
    const isCommandStart = this.#editor.text === "/";
    return isCommandStart ? [COMMAND_NAMES.join("  ")] : [];
  }
}

function isCancel(key: Key): boolean {
  return key.kind === "key" && ["escape", "ctrl+g", "ctrl+c"].includes(key.name);
}

/** One harmless row of at most `columns` - 1. */
function fit(text: string, columns: number): string {
  return fitColumns(visibleText(text.replaceAll(/[\n\t]+/g, " ")), columns - 1);
}
