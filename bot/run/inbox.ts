/**
 * Receives messages, events and ticks, gets the bot's plans for them, and runs the plans in order,
 * within the limits of the queue and the loop guard.
 * @module
 */
import type { Message, User } from "../../client/mod.ts";
import { deviceKey } from "../context/device_key.ts";
import { sendText } from "../context/reply.ts";
import type { RoomEvents } from "../definition/definition.ts";
import type { BoundSchedule } from "../schedule/bound_schedule.ts";
import type { Hearing } from "../question/question_board.ts";
import { quoted } from "../text/quoted_text.ts";
import { type Bot, type BotProgram, programOf } from "./bot.ts";
import type { BotRuntime } from "./bot_runtime.ts";
import type { Claims, Effect } from "./claims.ts";
import { type CallRate, LoopGuard } from "./loop_guard.ts";
import { OrderedQueue, type Task } from "./ordered_queue.ts";
import type { Plan } from "./plan.ts";
import { RecentIds } from "./recent_ids.ts";
import type { CompleteSettings } from "./run_options.ts";
import { StallWatch } from "./stall_watch.ts";

// The second copy of a message arrives within a few messages of the first.
const MAX_RECENT = 1_000;

/** The pending work of a running bot. */
export class Inbox {
  readonly #name: string;
  readonly #program: BotProgram;
  readonly #runtime: BotRuntime;
  readonly #queue: OrderedQueue;
  readonly #rate: CallRate | undefined;
  /** Made for the first message of their kind. */
  #loopGuard: LoopGuard | undefined;
  /** For messages that do not call the bot, but may answer a flow. */
  #listenGuard: LoopGuard | undefined;
  /** Made for the first message: it takes 24 KB, and many bots of one process may never get any. */
  #recent: RecentIds | undefined;
  readonly #stalls: StallWatch;
  readonly #claims: Claims | undefined;
  /** Messages refused since the queue became full; 0 while there is space. */
  #refused = 0;

  /** Makes an inbox for one run. */
  constructor(bot: Bot, runtime: BotRuntime, settings: CompleteSettings) {
    this.#name = bot.name;
    this.#program = programOf(bot);
    this.#runtime = runtime;
    this.#stalls = new StallWatch(runtime.clock, (waiting) => {
      this.#warn(
        `no progress for a minute, with ${waiting} waiting: a handler may be stuck. Limit its time ` +
          'with use: [timeout("1m")], or set concurrent: true so that others do not wait for it.',
      );
    });
    this.#queue = new OrderedQueue(settings.maxPending, this.#stalls);
    this.#claims = settings.claims;
    if (this.#claims !== undefined) {
      runtime.questions.onTaken = (message) => void this.#claimAnswer(message);
    }
    runtime.flowQuestions.onAnswer = (message) => this.#takeFlowAnswer(message);
    this.#rate = settings.loopGuard;
  }

  /** The number of plans that wait or run. */
  get pending(): number {
    return this.#queue.pending;
  }

  /** Resolves when no plan waits or runs. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  /** Stops warning about plans that wait too long. */
  close(): void {
    this.#stalls.stop();
  }

  /** Receives a message; ignores the bot's own messages and duplicates. */
  takeMessage(message: Message): void {
    // The bot's own messages are remembered too: only their first copy is known to be its own.
    this.#recent ??= new RecentIds(MAX_RECENT);
    if (!this.#recent.add(message.id)) return;
    if (message.own === true) {
      this.#runtime.questions.hear(message);
      return;
    }
    this.#runtime.names.heard(message.user.display_name);
    if (message.own === false) this.#runtime.otherBots.sawMessage(message);
    const planned = this.#program.planMessage(message);
    const hearing = this.#hear(message, planned);
    const question = typeof hearing === "object" ? hearing : undefined;
    const plan = planAfter(hearing, planned);
    if (plan === undefined && question === undefined) return;
    if (message.own === undefined) {
      return this.#warn(
        `ignored a message from ${
          senderOf(message)
        }: it may be the bot's own (the acknowledgement ` +
          "that would have settled it did not arrive in time)",
      );
    }
    // The order of a flow's answers is that of the queue, as for other messages that may not be for the bot.
    if (question !== undefined && this.#runtime.flowQuestions.has(question.question)) {
      return question.take();
    }
    if (plan?.listens === true && question === undefined) return this.#listen(plan, message);
    this.#loopGuard ??= this.#newGuard();
    const verdict = this.#loopGuard?.check(deviceKey(message.user)) ?? "take";
    if (verdict === "warn") {
      this.#sayAndLog(
        `${senderOf(message)} is sending too many commands and is ignored until it pauses.`,
      );
    }
    if (verdict !== "take") return;
    if (question !== undefined || plan === undefined) return question?.take();
    if (this.#add(plan, this.#effectOf(message))) {
      this.#reportRefused();
    } else if (this.#refused++ === 0) {
      this.#sayAndLog("Too busy: your message was not processed. Send it again later.");
    }
  }

  /** Resumes flows that a restart or a lost connection interrupted. */
  async resume(accountId: string): Promise<void> {
    try {
      const plans = await this.#program.planResumption(this.#runtime, accountId);
      for (const plan of plans) this.#add(plan);
    } catch (error) {
      this.#runtime.logger.error(`${this.#name}: could not read the flows to resume`, error);
    }
  }

  /**
   * Receives a message that may not be meant for the bot. A device may send many of these, so it gets no
   * warning; but a loop of two bots that reply to each other is still stopped.
   */
  #listen(plan: Plan, message: Message): void {
    this.#listenGuard ??= this.#newGuard();
    const verdict = this.#listenGuard?.check(deviceKey(message.user)) ?? "take";
    if (verdict === "take" && !this.#add(plan, this.#effectOf(message))) {
      this.#warn("queue full (maxPending): a message was dropped");
    }
  }

  #newGuard(): LoopGuard | undefined {
    return this.#rate && new LoopGuard(this.#rate, () => this.#runtime.clock.monotonic());
  }

  #takeFlowAnswer(message: Message): void {
    const plan = this.#program.planAnswer(message);
    if (plan !== undefined) this.#listen(plan, message);
  }

  /** What a message means for the open questions: if it calls a command, or someone else, nothing. */
  #hear(message: Message, plan: Plan | undefined): Hearing {
    const { questions, names } = this.#runtime;
    const isCall = plan?.command !== undefined || plan?.addressed === true;
    if (questions.isEmpty || isCall || names.startsWithMention(message.content)) {
      return "other";
    }
    return questions.hear(message);
  }

  /** Receives a room event. */
  takeEvent<E extends keyof RoomEvents>(name: E, event: RoomEvents[E]): void {
    this.#runtime.names.heard(event.user.display_name);
    // A process that serves the same account comes and goes under the bot's own name.
    if (this.#claims !== undefined && event.user.display_name === this.#name) return;
    this.#program.planEvent(name, event).forEach((plan, index) => {
      const id = `${name} ${index} ${event.user.display_name ?? ""}`;
      const { timestamp, user } = event;
      const added = this.#add(plan, this.#effectOf({ id, timestamp, user }));
      if (!added) this.#warn(`too busy: ${name} was not handled`);
    });
  }

  /** Runs a tick of a schedule; resolves when it is done, here or by another process. */
  takeTick(schedule: BoundSchedule, due: Date, user: User): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const plan = this.#program.planTick(schedule, due, user);
    const effect: Effect | undefined = this.#claims && {
      account: user.id,
      id: `tick ${schedule.name} ${due.getTime()}`,
      // Only one process makes up for missed ticks, which may be old.
      time: schedule.missed === "once" ? this.#runtime.clock.now() : due.getTime(),
      clock: "host",
    };
    if (this.#add(plan, effect, resolve)) return promise;
    this.#warn(`too busy: the schedule ${schedule.name} was not run`);
    return Promise.resolve();
  }

  /** Adds a plan to the queue, and claims its `effect`; returns false if the queue is full. */
  #add(plan: Plan, effect?: Effect, ended?: () => void): boolean {
    const task = this.#claims === undefined || effect === undefined
      ? this.#taskOf(plan)
      : this.#claimed(this.#claims, plan, effect);
    if (task === undefined) return false;
    return this.#queue.add(
      plan.orderKey,
      ended === undefined ? task : async (turn) => {
        await task(turn);
        ended();
      },
    );
  }

  #taskOf(plan: Plan): Task {
    const { signal } = this.#runtime;
    return (turn) => signal.aborted ? undefined : plan.run(this.#runtime, turn);
  }

  /**
   * Claims a plan at once, not when its turn comes: then it is on record what was received, should the
   * process die. Undefined if the queue is full.
   */
  #claimed(claims: Claims, plan: Plan, effect: Effect): Task | undefined {
    if (this.#queue.isFull) return undefined;
    const claimed = claims.claim(effect);
    const task = this.#taskOf(plan);
    const { signal } = this.#runtime;
    return async (turn) => {
      if (!await claimed) return;
      await task(turn);
      // What the end of the bot interrupted, or kept from starting, stays open.
      if (!signal.aborted) claims.finish(effect);
    };
  }

  /** Claims a message that a question takes: what follows is an effect of the handler that asked. */
  async #claimAnswer(message: Message): Promise<void> {
    const effect = this.#effectOf(message);
    if (effect !== undefined && await this.#claims?.claim(effect)) this.#claims?.finish(effect);
  }

  /** What a message or an event is to other processes; undefined if there are none. */
  #effectOf({ id, timestamp, user }: Pick<Message, "id" | "timestamp" | "user">):
    | Effect
    | undefined {
    if (this.#claims === undefined) return undefined;
    return { account: user.id, id, time: Date.parse(timestamp), clock: "server" };
  }

  #reportRefused(): void {
    if (this.#refused === 0) return;
    this.#warn(`accepting messages again; ${this.#refused} were refused`);
    this.#refused = 0;
  }

  /** Says something in the room and writes it to the log. */
  #sayAndLog(text: string): void {
    this.#warn(text);
    sendText(this.#runtime, text).catch((error: unknown) => {
      this.#warn(`could not say that in the room: ${error}`);
    });
  }

  #warn(text: string): void {
    this.#runtime.logger.warn(`${this.#name}: ${text}`);
  }
}

/** The plan for a message that is not taken as an answer now. */
function planAfter(hearing: Hearing, plan: Plan | undefined): Plan | undefined {
  if (hearing === "other" || plan === undefined) return plan;
  if (hearing === "held") return undefined;
  return hearing === "not an answer" && "unlessAnswer" in plan ? plan.unlessAnswer : plan;
}

/** The sender's name, for people to read. */
function senderOf({ user }: Message): string {
  return quoted(user.display_name ?? user.email);
}
