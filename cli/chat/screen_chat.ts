/**
 * The chat on a terminal: keys come in, entries and the footer go out.
 * @module
 */
import type { AsyncClient } from "../../client/mod.ts";
import { CommandError } from "../command_line/exit_code.ts";
import { interruptible, Interruption } from "../command_line/interruption.ts";
import type { Io, Terminal } from "../command_line/io.ts";
import { pathIn, stateFolder } from "../config/folders.ts";
import type { MessageHistory } from "../messages/message_history.ts";
import { complete } from "./completion.ts";
import type { Conversation, Entry } from "./conversation.ts";
import { layOutFooter } from "./footer.ts";
import { HistorySearch } from "./history_search.ts";
import { InputHistory } from "./input_history.ts";
import type { InputText } from "./input_layout.ts";
import { type Key, KeyDecoder } from "./key_decoder.ts";
import { LineEditor } from "./line_editor.ts";
import { answerOf, type Question } from "./question.ts";
import { type Footer, Screen } from "./screen.ts";
import { commandHint, isCommand, messageIn, obey, secretStart } from "./slash_commands.ts";
import { countOf, type Status } from "./status_line.ts";
import { type Paint, paintFor, senderStyle, type Style } from "./style.ts";

/** What the network part makes, once it is loaded. */
export interface Connection {
  /** The client, not connected. */
  readonly client: AsyncClient;
  /** Where messages are kept; undefined where they are not. */
  readonly history: MessageHistory | undefined;
}

/** Makes the client and what keeps its messages; what is wrong on the way is told. */
export type Connect = (tell: (problem: string) => void) => Promise<Connection>;

const STYLES: Readonly<Record<Entry["kind"], Style>> = {
  message: "plain",
  mention: "yellow",
  own: "plain",
  failed: "red",
  notice: "dim",
  rule: "dim",
};

/** What an entry begins with; the text of one that failed has its own. */
const MARKS: Readonly<Record<Entry["kind"], string>> = {
  message: "  ",
  mention: "» ",
  own: "✓ ",
  failed: "",
  notice: "",
  rule: "── ",
};

const PROMPT = "> ";

/** A paste of more than this is asked about: it may be an accident. */
const LARGE_PASTE = { characters: 2_000, lines: 30 };

/** ESC alone is a key when nothing follows it for so long, in milliseconds. */
const ESCAPE_WAIT = 50;

/** Whoever has typed nothing for so long, in milliseconds, is away, whatever the window says. */
const IDLE = 5 * 60_000;

/**
 * Chats on `terminal` until the user leaves. `connect` is called when the first frame is there.
 * @throws {Interruption} Ctrl+C on an empty input, or a signal.
 */
export async function chatOnScreen(
  io: Io,
  terminal: Terminal,
  server: string,
  connect: Connect,
): Promise<void> {
  const chat = new ScreenChat(io, terminal, server);
  await chat.run(connect);
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
  #kept: MessageHistory | undefined;
  #question: Question | undefined;
  #search: HistorySearch | undefined;
  /** Talk that goes with the next key: a sentence, or several words. */
  #hint: readonly string[] = [];
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
    this.#history = new InputHistory(pathIn(stateFolder(io), "input_history"));
    this.#editor = new LineEditor(this.#history);
  }

  async run(connect: Connect): Promise<void> {
    const io = this.#io;
    const stopRestoring = this.#terminal.onExit(() => this.#screen.leaveNow());
    const stopListening = this.#terminal.onChange((change) => {
      if (change === "resized") this.#screen.resized();
      // The editor may have been stopped with us.
      else if (this.#editing === undefined) void this.#enter();
    });
    this.#screen.print(`${this.#server}: /help lists the commands, /quit leaves.`, "dim");
    try {
      await this.#enter();
      const network = this.#connect(connect).then(() => this.#left.promise);
      await Promise.race([this.#readKeys(), network]);
    } finally {
      for (const timer of [this.#tick, this.#idle, this.#escape]) clearTimeout(timer);
      stopListening();
      await Promise.all([this.#conversation?.close(), this.#history.kept]);
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
  async #connect(connect: Connect): Promise<void> {
    const { Conversation } = await import("./conversation.ts");
    const { client, history } = await connect((problem) => this.#screen.print(problem, "red"));
    this.#kept = history;
    this.#conversation = new Conversation(client, {
      show: (entry) => this.#show(entry),
      changed: () => this.#changed(),
    }, this.#io.signal);
    this.#rest();
    await this.#conversation.connect();
  }

  async #readKeys(): Promise<void> {
    await this.#history.load();
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
      this.#hint = [];
      if (this.#question !== undefined) this.#answer(this.#question, key);
      else if (this.#search?.press(key) !== true) this.#type(key);
    }
    this.#screen.echo();
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
    else if (name === "alt+e") this.#editDraft(text);
    else if (name === "ctrl+l") this.#screen.clear();
    else if (name === "ctrl+r") this.#search = new HistorySearch(this.#history);
    else if (name === "ctrl+c" && text === "") this.#left.reject(new Interruption("SIGINT"));
    else if (name === "ctrl+c") this.#editor.discard();
    else if (name === "ctrl+d" && text === "") this.#left.resolve(null);
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
    if (conversation === undefined) this.#hint = ["Not connected yet."];
    else if (isCommand(text)) this.#obey(conversation, text);
    else this.#submitMessage(conversation, messageIn(text));
  }

  #obey(conversation: Conversation, line: string): void {
    this.#accept();
    this.#watch(obey({
      io: this.#io,
      conversation,
      history: this.#kept,
      tell: (text) => this.#screen.print(text, "dim"),
      leave: () => this.#left.resolve(null),
      clear: () => this.#screen.clear(),
      edit: (text) => this.#edit(text),
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
      this.#hint = ["Not connected: the text stays here until it can be sent."];
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
    if (candidates.length > 1) this.#hint = candidates;
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
    const editing = this.#letEdit(text).finally(() => this.#editing = undefined);
    this.#editing = editing;
    return editing;
  }

  async #letEdit(text: string): Promise<void> {
    const { editText } = await import("./external_editor.ts");
    await this.#screen.leave();
    this.#io.stdin.setRaw(false);
    try {
      this.#editor.set(await editText(this.#io, text));
    } finally {
      await this.#enter();
    }
  }

  #show({ kind, text, head }: Entry): void {
    const mark = MARKS[kind];
    if (kind === "mention") this.#screen.ring();
    if (head === undefined || kind === "mention") {
      return this.#screen.print(`${mark}${text}${kind === "rule" ? " ──" : ""}`, STYLES[kind]);
    }
    this.#screen.print(mark + text, STYLES[kind], [
      [kind === "own" ? "green" : "plain", mark],
      ["dim", `${head.time} `],
      [senderStyle(head.sender), `${head.sender}:`],
    ]);
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
      email: undefined,
      connections: undefined,
    };
  }

  #layOut(columns: number, rows: number): Footer {
    return layOutFooter(
      {
        input: this.#input(),
        talk: this.#talk(),
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
    const found = this.#search.found ?? "";
    return { prompt: PROMPT, text: found, cursor: found.length, hiddenFrom: found.length };
  }

  #talk(): readonly string[] {
    if (this.#question !== undefined) return [`${this.#question.text} Enter: yes, Esc: no`];
    if (this.#search !== undefined) return [`search: ${this.#search.wanted}`];
    return this.#hint.length > 0 ? this.#hint : commandHint(this.#editor.text);
  }
}

function isCancel(key: Key): boolean {
  return key.kind === "key" && ["escape", "ctrl+g", "ctrl+c"].includes(key.name);
}
