/**
 * Takes what comes from the room, and has the bot do what it plans about it: in order, within
 * bounds, and not in circles.
 * @module
 */
import type { Message } from "../client/mod.ts";
import { type Bot, type BotProgram, type BotRuntime, type Plan, programOf } from "./bot.ts";
import type { RoomEvents } from "./definition.ts";
import { deviceKey } from "./device_key.ts";
import { LoopGuard } from "./loop_guard.ts";
import { OrderedQueue } from "./ordered_queue.ts";
import { quoted } from "./quoted_text.ts";
import { sendText } from "./reply.ts";
import type { CompleteSettings } from "./run_options.ts";

/** What a bot has to do. */
export class Inbox {
  readonly #name: string;
  readonly #program: BotProgram;
  readonly #runtime: BotRuntime;
  readonly #queue: OrderedQueue;
  readonly #loopGuard: LoopGuard | undefined;
  /** Messages refused since the queue was last full; 0 while there is room. */
  #refused = 0;

  /** `now` is a clock in milliseconds that never goes back. */
  constructor(bot: Bot, runtime: BotRuntime, settings: CompleteSettings, now: () => number) {
    this.#name = bot.name;
    this.#program = programOf(bot);
    this.#runtime = runtime;
    this.#queue = new OrderedQueue(settings.maxPending);
    this.#loopGuard = settings.loopGuard && new LoopGuard(settings.loopGuard, now);
  }

  /** How many messages and events wait or run. */
  get pending(): number {
    return this.#queue.pending;
  }

  /** Resolves when nothing waits or runs. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  /** Takes a message. What the bot says itself calls nothing. */
  takeMessage(message: Message): void {
    if (message.own === true) return;
    const plan = this.#program.planMessage(message);
    if (plan === undefined) return;
    const from = quoted(message.user.display_name ?? message.user.email);
    if (message.own === undefined) {
      return this.#warn(
        `a message from ${from} was not answered, for it may be the bot's own (the ` +
          "acknowledgement that tells did not come in time)",
      );
    }
    const verdict = this.#loopGuard?.check(deviceKey(message.user)) ?? "take";
    if (verdict === "warn") this.#tell(`${from} calls too often: ignored until it is silent.`);
    if (verdict !== "take") return;
    if (this.#add(plan)) {
      this.#roomAgain();
    } else if (this.#refused++ === 0) {
      this.#tell("Too much to do at once: that was not done. Send it again later.");
    }
  }

  /** Takes an event of the room. */
  takeEvent<E extends keyof RoomEvents>(name: E, event: RoomEvents[E]): void {
    for (const plan of this.#program.planEvent(name, event)) {
      if (!this.#add(plan)) this.#warn(`too much to do at once: ${name} was not reacted to`);
    }
  }

  #add(plan: Plan): boolean {
    const { signal } = this.#runtime;
    return this.#queue.add(plan.orderKey, async () => {
      if (!signal.aborted) await plan.run(this.#runtime);
    });
  }

  #roomAgain(): void {
    if (this.#refused === 0) return;
    this.#warn(`there is room again; ${this.#refused} messages were refused`);
    this.#refused = 0;
  }

  /** Says something to the room and the log that no handler does. */
  #tell(text: string): void {
    this.#warn(text);
    sendText(this.#runtime.client, text, this.#runtime.signal).catch((error: unknown) => {
      this.#warn(`that was not said in the room: ${error}`);
    });
  }

  #warn(text: string): void {
    this.#runtime.logger.warn(`${this.#name}: ${text}`);
  }
}
