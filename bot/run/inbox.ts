/**
 * Takes what comes from the room, and has the bot do what it plans about it: in order, within
 * bounds, and not in circles.
 * @module
 */
import type { Message, User } from "../../client/mod.ts";
import { deviceKey } from "../context/device_key.ts";
import { sendText } from "../context/reply.ts";
import type { RoomEvents } from "../definition/definition.ts";
import type { BoundSchedule } from "../schedule/bound_schedule.ts";
import { quoted } from "../text/quoted_text.ts";
import { type Bot, type BotProgram, programOf } from "./bot.ts";
import type { BotRuntime } from "./bot_runtime.ts";
import { LoopGuard } from "./loop_guard.ts";
import { OrderedQueue } from "./ordered_queue.ts";
import type { Plan } from "./plan.ts";
import { RecentIds } from "./recent_ids.ts";
import type { CompleteSettings } from "./run_options.ts";
import { StallWatch } from "./stall_watch.ts";

// Whatever comes twice comes twice within a few messages.
const MOST_RECENT = 1_000;

/** What a bot has to do. */
export class Inbox {
  readonly #name: string;
  readonly #program: BotProgram;
  readonly #runtime: BotRuntime;
  readonly #queue: OrderedQueue;
  readonly #loopGuard: LoopGuard | undefined;
  /** For messages that call nothing, but may be what a flow waits for. */
  readonly #listenGuard: LoopGuard | undefined;
  readonly #recent = new RecentIds(MOST_RECENT);
  readonly #stalls: StallWatch;
  /** Messages refused since the queue was last full; 0 while there is room. */
  #refused = 0;

  /** An inbox for one run. */
  constructor(bot: Bot, runtime: BotRuntime, settings: CompleteSettings) {
    this.#name = bot.name;
    this.#program = programOf(bot);
    this.#runtime = runtime;
    this.#stalls = new StallWatch(runtime.clock, (waiting) => {
      this.#warn(
        `for a minute nothing of what waits (${waiting}) has got its turn: a handler may never end. ` +
          'Give its command a limit, use: [timeout("1m")], or have others not wait for it: ' +
          "concurrent: true.",
      );
    });
    this.#queue = new OrderedQueue(settings.maxPending, this.#stalls);
    const now = () => runtime.clock.monotonic();
    this.#loopGuard = settings.loopGuard && new LoopGuard(settings.loopGuard, now);
    this.#listenGuard = settings.loopGuard && new LoopGuard(settings.loopGuard, now);
  }

  /** How many messages and events wait or run. */
  get pending(): number {
    return this.#queue.pending;
  }

  /** Resolves when nothing waits or runs. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  /** Notices no more what waits too long. */
  close(): void {
    this.#stalls.stop();
  }

  /** Takes a message. What the bot says itself, and what comes twice, calls nothing. */
  takeMessage(message: Message): void {
    if (message.own === true || !this.#recent.add(message.id)) return;
    if (message.own === false) this.#runtime.otherBots.sawMessage(message);
    const plan = this.#program.planMessage(message);
    const isAnswer = plan?.command === undefined && this.#runtime.questions.isAsked(message.user);
    if (plan === undefined && !isAnswer) return;
    if (message.own === undefined) {
      return this.#warn(
        `a message from ${senderOf(message)} was not answered, for it may be the bot's own (the ` +
          "acknowledgement that tells did not come in time)",
      );
    }
    if (plan?.listens === true && !isAnswer) return this.#listen(plan, message);
    const verdict = this.#loopGuard?.check(deviceKey(message.user)) ?? "take";
    if (verdict === "warn") {
      this.#tell(`${senderOf(message)} calls too often: ignored until it is silent.`);
    }
    if (verdict !== "take") return;
    if (plan === undefined || isAnswer) return this.#runtime.questions.take(message);
    if (this.#add(plan)) {
      this.#roomAgain();
    } else if (this.#refused++ === 0) {
      this.#tell("Too much to do at once: that was not done. Send it again later.");
    }
  }

  /** Takes what goes on by itself after the bot was away. */
  async resume(accountId: string): Promise<void> {
    try {
      const plans = await this.#program.planResumption(this.#runtime, accountId);
      for (const plan of plans) this.#add(plan);
    } catch (error) {
      this.#runtime.logger.error(`${this.#name}: what was under way could not be read`, error);
    }
  }

  /**
   * A message that may be for nothing here: many of them are no fault, so that the device is not told;
   * but what answers a bot that answers is stopped all the same.
   */
  #listen(plan: Plan, message: Message): void {
    const verdict = this.#listenGuard?.check(deviceKey(message.user)) ?? "take";
    if (verdict === "take" && !this.#add(plan)) {
      this.#warn("too much to do at once: a message was not read");
    }
  }

  /** Takes an event of the room. */
  takeEvent<E extends keyof RoomEvents>(name: E, event: RoomEvents[E]): void {
    for (const plan of this.#program.planEvent(name, event)) {
      if (!this.#add(plan)) this.#warn(`too much to do at once: ${name} was not reacted to`);
    }
  }

  /** Takes a time of a schedule; resolves when that is done. */
  takeTick(schedule: BoundSchedule, due: Date, user: User): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const plan = this.#program.planTick(schedule, due, user);
    const added = this.#add({
      ...plan,
      run: async (...begun) => {
        await plan.run(...begun);
        resolve();
      },
    });
    if (added) return promise;
    this.#warn(`too much to do at once: the schedule ${schedule.name} was not run`);
    return Promise.resolve();
  }

  #add(plan: Plan): boolean {
    const { signal } = this.#runtime;
    return this.#queue.add(plan.orderKey, (turn) => {
      return signal.aborted ? Promise.resolve() : plan.run(this.#runtime, turn);
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
    const { client, signal, pacer } = this.#runtime;
    sendText(client, text, signal, pacer).catch((error: unknown) => {
      this.#warn(`that was not said in the room: ${error}`);
    });
  }

  #warn(text: string): void {
    this.#runtime.logger.warn(`${this.#name}: ${text}`);
  }
}

/** Who said it, for a person to read; only the few messages that are not taken need it. */
function senderOf({ user }: Message): string {
  return quoted(user.display_name ?? user.email);
}
