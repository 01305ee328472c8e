/**
 * The open questions in a room, as one connection knows them: its own, and those of others that it
 * heard. Decides which message answers which question, so that no answer goes to the wrong one.
 *
 * - An answer with a handle is for the question with that handle.
 * - An answer without one counts only while a single question is open, as far as is known.
 * - Connections learn of each other's questions by hearing them, because there is no history. So when
 *   another question appears, who has open ones says them again, and who asks holds answers back for a
 *   moment, in case older questions are said again.
 * - A handle that two questions chose is given up by both, which are said again with new ones: whoever
 *   answers with the old one may mean either.
 * - A message that came before a question in the channel is no answer to it.
 *
 * Other connections' questions are known only while there are own ones: a connection without open
 * questions does nothing per message.
 * @module
 */
import type { Message, User } from "../../client/mod.ts";
import type { Clock } from "../context/clock.ts";
import type { ValueType } from "../signature/value_types.ts";
import { fold } from "../text/fold.ts";
import { AnswerHint } from "./answer_hint.ts";
import { newHandle, readHandle } from "./handle.ts";
import {
  answered,
  howToAnswer,
  type ListedQuestion,
  type Notice,
  questionAgain,
  questionTexts,
  readNotice,
  stillOpen,
  withdrawn,
} from "./notices.ts";
import { OtherQuestions } from "./other_questions.ts";
import type { OpenQuestion, Question, Wanting } from "./question.ts";
import { QuestionRepeats } from "./question_repeats.ts";
import { Senders } from "./senders.ts";

/** How long a new question holds answers back, milliseconds after its acknowledgement. */
export const HOLD = 1_000;
/** How many messages are held back. */
const MAX_HELD = 100;

/** What a board uses of its connection. */
export interface BoardRoom {
  readonly clock: Clock;
  /** A number from 0 up to 1. */
  random(): number;
  /** How long to hold answers back; {@linkcode HOLD}, but for tests. */
  hold(): number;
  /** The display name of this connection. */
  name(): string | null;
  /** Whether there is a connection now. */
  connected(): boolean;
}

/** What a message means for the open questions. */
export type Hearing =
  /** It has nothing to do with them. */
  | "other"
  /** It is said by an asker, or is for another asker's question, or nobody can say for which. */
  | "not an answer"
  /** It is held back, and may be an answer later. */
  | "held"
  /** It is the answer to this question: call `take`. */
  | { readonly question: Question; readonly take: () => void };

/** An own question. */
interface Entry {
  handle: string;
  readonly question: Question;
  /** Its place in the order of the channel; undefined before it was heard there. */
  position: number | undefined;
  /** Whether it may have been said at least once. */
  said: boolean;
  isSaying: boolean;
  isAcknowledged: boolean;
  /** Whether the caller says it. */
  isAnnounced: boolean;
  /** Whether somebody was told that a plain message is no answer to it. */
  hinted: boolean;
  /** Whether answers are held back. */
  isHolding: boolean;
  perhapsMissed: boolean;
  closed: boolean;
  cancelHold: () => void;
}

/** A message that is held back. */
interface Held {
  readonly message: Message;
  /** Whether another question was open when it came, and has closed since. */
  isUnclear: boolean;
}

/** The questions in one room. */
export class QuestionBoard {
  readonly #room: BoardRoom;
  readonly #mine = new Map<string, Entry>();
  readonly #others: OtherQuestions;
  readonly #senders = new Senders();
  #held: Held[] = [];
  /** What is to be said of closed questions when the connection is back. */
  #unsaid: { readonly entry: Entry; readonly text: string }[] = [];
  /** Grows with every question that is heard; falls with those that were there before. */
  #newest = 0;
  #oldest = 0;
  readonly #repeats: QuestionRepeats;
  readonly #hint: AnswerHint;
  /** Grows when the connection is lost. */
  #losses = 0;

  /** The board of one connection. */
  constructor(room: BoardRoom) {
    this.#room = room;
    this.#others = new OtherQuestions(room.clock);
    this.#hint = new AnswerHint(room.clock);
    this.#repeats = new QuestionRepeats({
      clock: room.clock,
      random: () => room.random(),
      say: () => this.#sayAgain(),
    });
  }

  /** Whether something is to be said of closed questions when the connection is back. */
  get isSilenced(): boolean {
    return this.#unsaid.length > 0;
  }

  /** Whether there is no own question. */
  get isEmpty(): boolean {
    return this.#mine.size === 0;
  }

  /** Opens a question and says it. `handle` is one that it had before. */
  open(question: Question, handle?: string): OpenQuestion {
    const entry = this.#add(question, handle);
    void this.#say(entry, false);
    return this.#openQuestion(entry);
  }

  /** Opens a question that the caller says; it counts once it was heard. */
  announce(question: Question, handle?: string): OpenQuestion {
    const entry = this.#add(question, handle);
    entry.said = true;
    entry.isAcknowledged = true;
    entry.isAnnounced = true;
    return this.#openQuestion(entry);
  }

  /** Opens a question that was said before, and says nothing. */
  reopen(question: Question, handle: string): OpenQuestion {
    const entry = this.#add(question, handle);
    entry.said = true;
    entry.position = ++this.#newest;
    entry.isHolding = false;
    return this.#openQuestion(entry);
  }

  /** A message was received, this connection's own ones included. */
  hear(message: Message): Hearing {
    if (this.#mine.size === 0) return "other";
    const notice = readNotice(message.content);
    if (message.own !== false && notice?.kind === "question") this.#heardOwn(notice.handle);
    if (notice !== undefined) {
      if (message.own === false) this.#noticed(notice, message.user);
      return "not an answer";
    }
    if (message.own === true) return "other";
    if (message.own === false) this.#senders.said(message);
    return this.#route(message);
  }

  /** A connection joined. It has heard no question, because there is no history. */
  joined(): void {
    if (this.#mine.size > 0) this.#repeats.joined();
  }

  /** A connection left. */
  left(user: User): void {
    if (this.#mine.size === 0) return;
    // It may have had questions, and left before it could say them again.
    this.#heldIsUnclear();
    this.#others.left(user);
    // Others may take it for this connection, and forget its questions.
    if (user.display_name === this.#room.name() && this.#others.count > 0) this.#repeats.soon();
  }

  /** The connection was lost: what others say meanwhile is not heard. */
  lost(): void {
    this.#losses++;
    this.#repeats.cancel();
    this.#hint.cancel();
    if (this.#others.closeAll()) this.#heldIsUnclear();
    for (const entry of this.#mine.values()) {
      entry.cancelHold();
      entry.isHolding = this.#room.hold() > 0;
      entry.position = undefined;
    }
  }

  /** There will be no connection: what was to be said of closed questions is not said. */
  silence(): void {
    this.#unsaid = [];
  }

  /** The connection is back: the open questions are said again. */
  restored(): void {
    const unsaid = this.#unsaid;
    this.#unsaid = [];
    for (const { entry, text } of unsaid) void this.#sayQuietly(entry, text);
    let isExplained = false;
    for (const entry of [...this.#mine.values()]) {
      if (entry.isSaying) continue;
      if (entry.said) entry.perhapsMissed = true;
      void this.#say(entry, entry.said && !isExplained);
      isExplained ||= entry.said;
    }
  }

  #add(question: Question, wanted: string | undefined): Entry {
    const words = new Set(
      question.type.choices?.map((choice) => fold(choice.split(/\s/)[0] ?? "")),
    );
    // A flow asks each of its questions with the same handle.
    const isFree = wanted !== undefined && !this.#mine.has(wanted) && !this.#others.has(wanted);
    if (isFree) this.#others.reopen(wanted);
    const handle = isFree
      ? wanted
      : newHandle(() => this.#room.random(), (one) => this.#isKnown(one) || words.has(one));
    const entry: Entry = {
      handle,
      question,
      position: undefined,
      said: false,
      isSaying: false,
      isAcknowledged: false,
      isAnnounced: false,
      hinted: false,
      isHolding: this.#room.hold() > 0,
      perhapsMissed: false,
      closed: false,
      cancelHold: () => {},
    };
    this.#mine.set(handle, entry);
    return entry;
  }

  #openQuestion(entry: Entry): OpenQuestion {
    const isOneOfSeveral = () => this.#mine.size + this.#others.count > 1;
    return {
      get handle() {
        return entry.handle;
      },
      get perhapsMissed() {
        return entry.perhapsMissed;
      },
      get isOneOfSeveral() {
        return isOneOfSeveral();
      },
      answered: async (answer) => {
        if (!this.#close(entry) || this.#others.count === 0) return;
        await this.#sayQuietly(entry, answered(entry.handle, answer));
      },
      withdraw: async ({ quiet = false } = {}) => {
        if (!this.#close(entry) || !entry.said || (quiet && this.#others.count === 0)) return;
        await this.#sayQuietly(entry, withdrawn(entry.handle));
      },
      forget: () => void this.#close(entry),
    };
  }

  #close(entry: Entry): boolean {
    if (entry.closed) return false;
    entry.closed = true;
    entry.cancelHold();
    this.#mine.delete(entry.handle);
    this.#others.close(entry.handle);
    this.#heldIsUnclear();
    if (this.#mine.size > 0) return true;
    this.#repeats.cancel();
    this.#hint.cancel();
    this.#held = [];
    // The notice that it is closed still depends on them.
    queueMicrotask(() => {
      if (this.#mine.size === 0) this.#forgetAll();
    });
    return true;
  }

  #forgetAll(): void {
    this.#others.clear();
    this.#senders.clear();
    this.#hint.forget();
  }

  #isKnown(handle: string): boolean {
    return this.#mine.has(handle) || this.#others.knows(handle);
  }

  async #say(entry: Entry, again: boolean): Promise<void> {
    const { question } = entry;
    const losses = this.#losses;
    entry.isSaying = true;
    entry.said = true;
    let handle;
    try {
      do {
        handle = entry.handle;
        const texts = (again ? questionAgain : questionTexts)(question.text, handle, question.type);
        for (const text of texts) await question.say(text);
        // Meanwhile an older question with this handle may have been heard.
      } while (handle !== entry.handle && !entry.closed);
    } catch (error) {
      entry.isSaying = false;
      if (entry.closed) return;
      // A lost connection does not end the question: it is said again.
      const isOpen = entry.isAcknowledged || question.isPatient;
      if (isOpen && !this.#room.connected()) return;
      if (isOpen && losses !== this.#losses) return this.restored();
      this.#close(entry);
      question.failed(error);
      return;
    }
    entry.isSaying = false;
    if (entry.closed) return;
    entry.isAcknowledged = true;
    this.#repeats.said();
    // It was heard, unless the client does not report its own messages.
    this.#heardOwn(handle);
    question.asked?.(handle);
    if (this.#room.hold() > 0) this.#hold(entry);
  }

  /** Holds answers back for a moment. */
  #hold(entry: Entry): void {
    entry.cancelHold();
    entry.cancelHold = this.#room.clock.schedule(() => this.#endHold(entry), this.#room.hold());
  }

  #endHold(entry: Entry): void {
    entry.isHolding = false;
    const held = this.#held;
    this.#held = [];
    const before = this.#mine.size;
    for (const { message, isUnclear } of held) {
      const hearing = this.#route(message, isUnclear || this.#mine.size < before);
      if (typeof hearing === "object") hearing.take();
    }
  }

  /** Says a notice; if the connection is lost, as soon as it is back. */
  #sayQuietly(entry: Entry, text: string): Promise<void> {
    const { question } = entry;
    if (!this.#room.connected()) {
      if (entry.closed && this.#unsaid.length < MAX_HELD) this.#unsaid.push({ entry, text });
      return Promise.resolve();
    }
    return question.say(text).then(() => {}, () => {});
  }

  /** The own question with this handle was heard in the channel. */
  #heardOwn(handle: string): void {
    const entry = this.#mine.get(handle);
    if (entry === undefined || isHeard(entry)) return;
    entry.position = ++this.#newest;
    if (entry.isAnnounced && entry.isHolding) this.#hold(entry);
  }

  #noticed(notice: Notice, user: User): void {
    if (notice.kind === "how") return this.#hint.heard();
    this.#senders.asked(user);
    if (notice.kind === "closed") {
      const own = this.#mine.get(notice.handle);
      if (own !== undefined && this.#isSame(own, user)) this.#close(own);
      else if (own !== undefined) this.#changeHandle(own);
      this.#others.close(notice.handle);
      this.#heldIsUnclear();
    } else if (notice.kind === "question") {
      this.#heardQuestion(notice, user, ++this.#newest);
      this.#repeats.soon();
    } else {
      // They were open before the own questions that were said since.
      for (const question of notice.questions) {
        this.#heardQuestion(question, user, --this.#oldest);
      }
    }
  }

  /** Another connection has this question. */
  #heardQuestion({ handle, text }: ListedQuestion, user: User, position: number): void {
    const own = this.#mine.get(handle);
    if (own === undefined) return this.#others.heard({ handle, text, position }, user);
    if (this.#isSame(own, user)) return;
    if (own.position !== undefined) void this.#sayQuietly(own, withdrawn(handle));
    this.#changeHandle(own);
    this.#others.close(handle);
  }

  /** Whether another process of this bot said something about a question that both have. */
  #isSame({ question }: Entry, user: User): boolean {
    return question.isShared === true && user.display_name === this.#room.name();
  }

  /** Gives an own question another handle, because another question has the same. */
  #changeHandle(entry: Entry): void {
    this.#mine.delete(entry.handle);
    this.#others.close(entry.handle);
    const other = newHandle(() => this.#room.random(), (one) => this.#isKnown(one));
    entry.handle = other;
    entry.position = undefined;
    this.#mine.set(other, entry);
    if (!entry.isSaying && this.#room.connected()) void this.#say(entry, false);
  }

  /** Says the own questions again. */
  #sayAgain(): void {
    const open = [...this.#mine.values()].filter(({ position }) => position !== undefined);
    const [first] = open;
    if (first === undefined || !this.#room.connected()) return;
    this.#repeats.said();
    const listed = open.map(({ handle, question }) => ({ handle, text: question.text }));
    for (const text of stillOpen(listed)) void this.#sayQuietly(first, text);
  }

  /** What a message of another connection, which is no notice, means. */
  #route(message: Message, isUnclear = false): Hearing {
    const reading = readHandle(message.content);
    if (reading === undefined || !(reading.isCertain || this.#isKnown(reading.handle))) {
      return this.#routePlain(message, isUnclear);
    }
    const { handle, answer } = reading;
    const entry = this.#mine.get(handle);
    if (entry === undefined) {
      const meant = { ...message, content: answer };
      const isOther = this.#others.has(handle) || this.#wanting(meant) === undefined;
      return isOther ? "not an answer" : this.#unclear(meant);
    }
    if (!isHeard(entry) || !entry.question.accepts(message)) return "not an answer";
    if (entry.isHolding && message.own === false) return this.#holdBack(message, isUnclear);
    return { question: entry.question, take: () => entry.question.take(message, answer) };
  }

  #routePlain(message: Message, isUnclear: boolean): Hearing {
    const wanting = this.#wanting(message);
    if (wanting === undefined) return "other";
    const { entry, wants } = wanting;
    const entries = [...this.#mine.values()].filter(isHeard);
    if (message.own === false && entries.some(({ isHolding }) => isHolding)) {
      return this.#holdBack(message, isUnclear);
    }
    const mine = entries.filter(({ question }) => question.accepts(message)).length;
    const isOnly = !isUnclear && mine + this.#others.count === 1;
    if (wants === "yes") {
      const { question } = entry;
      if (!isOnly) return this.#unclear(message);
      return { question, take: () => question.take(message, message.content) };
    }
    // Most such messages are no answers: programs talk.
    if (entry.hinted) return isOnly ? "other" : "not an answer";
    entry.hinted = true;
    return this.#unclear(message);
  }

  /** The first own question that a message without a handle may be for. */
  #wanting(message: Message): { readonly entry: Entry; readonly wants: Wanting } | undefined {
    const sender = this.#senders.of(message.user);
    for (const entry of this.#mine.values()) {
      if (!isHeard(entry) || !entry.question.accepts(message)) continue;
      const wants = entry.question.wants(message, sender);
      if (wants !== "no") return { entry, wants };
    }
    return undefined;
  }

  /** A question closed that was open when the messages came that are held back. */
  #heldIsUnclear(): void {
    for (const held of this.#held) held.isUnclear = true;
  }

  #holdBack(message: Message, isUnclear: boolean): Hearing {
    if (this.#held.length < MAX_HELD) this.#held.push({ message, isUnclear });
    return "held";
  }

  /** A message that may answer several questions: the person is told how, by one of the askers. */
  #unclear(message: Message): Hearing {
    if (!this.#hint.isNeeded || message.own !== false) return "not an answer";
    const mine = [...this.#mine.values()].filter(({ question }) => question.accepts(message));
    const [first] = mine;
    if (first === undefined) return "not an answer";
    const oldest = Math.min(...mine.map(({ position = Infinity }) => position));
    const older = this.#others.all().filter(({ position }) => position < oldest).length;
    this.#hint.tellAfter(older, () => {
      if (first.closed || !this.#room.connected()) return false;
      void this.#sayQuietly(first, howToAnswer(this.#all(), exampleFor(first.question.type)));
      return true;
    });
    return "not an answer";
  }

  /** All open questions, the oldest first. */
  #all(): readonly { readonly handle: string; readonly text: string }[] {
    const mine = [...this.#mine.values()].map(({ handle, question, position = Infinity }) => {
      return { handle, text: question.text, position };
    });
    return [...mine, ...this.#others.all()].sort((one, other) => one.position - other.position);
  }
}

/** Whether a question was heard in the channel, so that what follows can be its answer. */
function isHeard({ position }: Entry): boolean {
  return position !== undefined;
}

function exampleFor({ choices, name }: ValueType): string {
  return choices?.[0] ?? (name === "bool" ? "yes" : "your answer");
}
