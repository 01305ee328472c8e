/**
 * The plan for a message that a handler or a fixed text answers.
 * @module
 */
import type { Message } from "../../client/mod.ts";
import { TaggedLogger } from "../context/bot_logger.ts";
import type { MessageContext } from "../context/context.ts";
import type { Work } from "../context/handler.ts";
import type { Scope } from "../handler/scope.ts";
import type { BotParts } from "./bot_parts.ts";
import type { BotRuntime } from "./bot_runtime.ts";
import { contain, runContained } from "./contained_run.ts";
import type { Turn } from "./ordered_queue.ts";
import type { Plan } from "./plan.ts";
import { roomContext, topicFrom } from "./room_context.ts";

const FAILED = "Sorry, that failed. The bot's log says why.";

/** What a plan does inside the middleware of its scope. */
export type MessageTask = (ctx: MessageContext, runtime: BotRuntime) => Work;

/** What a plan for a message is made of. */
export interface MessagePlanOptions {
  /** The name of the command that the message calls. */
  readonly command?: string | undefined;
  /** The flow whose question the message answers. */
  readonly flow?: string | undefined;
  /** Whether it runs at once, whatever else the device has sent. */
  readonly concurrent?: boolean;
}

const NO_OPTIONS: MessagePlanOptions = {};

/** A class, because one object takes less than the functions that would share its parts. */
export class MessagePlan implements Plan {
  readonly orderKey: string | undefined;
  readonly command: string | undefined;
  readonly #bot: BotParts;
  readonly #message: Message;
  readonly #scope: Scope;
  readonly #task: MessageTask;
  readonly #flow: string | undefined;

  /** Plans to run `task` inside the middleware of `scope`. */
  constructor(
    bot: BotParts,
    message: Message,
    scope: Scope,
    task: MessageTask,
    { command, flow, concurrent = false } = NO_OPTIONS,
  ) {
    this.orderKey = concurrent ? undefined : bot.orderKey(message.user);
    this.command = command;
    this.#bot = bot;
    this.#message = message;
    this.#scope = scope;
    this.#task = task;
    this.#flow = flow;
  }

  /** See {@linkcode Plan.run}. */
  run(runtime: BotRuntime, turn: Turn): Work {
    const message = this.#message;
    const { user } = message;
    // One literal: copying the context of the room into it takes twice as long.
    const ctx: MessageContext = {
      user,
      device: user.display_name,
      client: runtime.client,
      log: new TaggedLogger(runtime.logger, this),
      clock: runtime.clock,
      signal: runtime.signal,
      reply: runtime.reply,
      ask: (question, options) => runtime.questions.ask(ctx, turn, question, options),
      message,
      command: this.command,
      flow: this.#flow,
    };
    if (!this.#bot.flows.isEmpty) {
      Object.assign(ctx, { startFlow: (flow: string) => this.#startFlow(flow, runtime) });
    }
    if (runtime.tracer !== undefined) {
      return runContained(runtime, ctx, this.#topic, () => this.#inScope(ctx, runtime), FAILED);
    }
    // As in runContained, without a function to call.
    try {
      return this.#inScope(ctx, runtime)?.catch((error: unknown) => contain(error, ctx, FAILED));
    } catch (error) {
      return contain(error, ctx, FAILED);
    }
  }

  /** What the lines of the log are about. */
  tag(): string {
    return `${this.#bot.name}: ${topicFrom(this.#topic, this.#message.user)}`;
  }

  get #topic(): string {
    return this.command === undefined ? "message" : `${this.#bot.addressing.call}${this.command}`;
  }

  #inScope(ctx: MessageContext, runtime: BotRuntime): Work {
    return this.#scope.isBare
      ? this.#task(ctx, runtime)
      : this.#scope.run(ctx, (inner) => this.#task(inner, runtime));
  }

  async #startFlow(flow: string, runtime: BotRuntime): Promise<void> {
    const { user } = this.#message;
    const base = roomContext(runtime, user, () => this.tag());
    const { flows } = this.#bot;
    if (flows.asksUnnamed(flow, user)) runtime.questions.warnAboutUnnamed(base.log);
    await flows.start(base, runtime, flow);
  }
}
