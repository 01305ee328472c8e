/**
 * Decides what a bot does about a message, an event or a tick of a schedule.
 * @module
 */
import type { Message, User } from "../../client/mod.ts";
import type { Addressing } from "../command/addressing.ts";
import type { BoundCommand } from "../command/bound_command.ts";
import type { Route } from "../command/command_tree.ts";
import type { Registry, RegistryEntry } from "../command/registry.ts";
import { didYouMean, type UnknownCommand, unknownCommand } from "../command/unknown_command.ts";
import { NoAnswerError } from "../context/ask.ts";
import { TaggedLogger } from "../context/bot_logger.ts";
import type { EventContext, MessageContext, RoomContext } from "../context/context.ts";
import type { Work } from "../context/handler.ts";
import { sendText } from "../context/reply.ts";
import type { RoomEvents } from "../definition/definition.ts";
import type { FlowRunner } from "../flow/flow_runner.ts";
import { callInScope } from "../handler/call_handler.ts";
import type { Scope } from "../handler/scope.ts";
import { recordFailure } from "../handler/tracing.ts";
import type { BoundSchedule } from "../schedule/bound_schedule.ts";
import type { ScheduleContext } from "../schedule/schedule.ts";
import { SessionConflictError } from "../session/session.ts";
import { quoted } from "../text/quoted_text.ts";
import type { BotRuntime } from "./bot_runtime.ts";
import type { Plan } from "./plan.ts";

const TRUNCATED =
  "Your message hit the 1,000-character limit and may have been cut off, so it was ignored. Send it again " +
  "in shorter parts.";
const TRUNCATED_CALL: UnknownCommand = { hasSuggestion: false, text: () => TRUNCATED };
const FAILED = "Sorry, that failed. The bot's log says why.";
const CONFLICT =
  "Another message changed the same data in the meantime, so your changes were not saved. Send the " +
  "message again.";

/** The parts of a bot that a dispatcher uses. */
export interface DispatcherParts {
  /** The bot's name, for the log. */
  readonly name: string;
  readonly addressing: Addressing;
  readonly registry: Registry;
  readonly flows: FlowRunner;
  /** The order key of a sender: plans with the same key run in order. */
  readonly orderKey: (user: User) => string;
}

/** Makes plans; {@linkcode Plan.run} carries them out. */
export class Dispatcher {
  readonly #parts: DispatcherParts;

  /** A dispatcher for one bot. */
  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  /** The schedules of the bot. */
  get schedules(): readonly BoundSchedule[] {
    return this.#parts.registry.schedules;
  }

  /** See `BotProgram`. */
  planMessage(message: Message): Plan | undefined {
    const { addressing, registry } = this.#parts;
    const address = addressing.find(message.content);
    if (address === undefined) return this.#planFlow(message, this.#planHears(message));
    const route = registry.find(message.content, address.position);
    const command = route.command?.command;
    if (message.maybeTruncated && (command !== undefined || address.certain)) {
      return command !== undefined
        ? this.#planAnswer(message, TRUNCATED, command.name)
        : addressed(this.#planUnavailable(message, TRUNCATED_CALL));
    }
    if (command !== undefined) return this.#planCommand(message, message.content, command, route);
    const hears = this.#planHears(message);
    if (address.certain) return addressed(hears ?? this.#planUnknown(message, route));
    return this.#planFlow(message, hears);
  }

  /** See `BotProgram`. */
  planAnswer(message: Message): Plan | undefined {
    return this.#planFlow(message, this.#planHears(message));
  }

  /** See `BotProgram`. */
  planEvent<E extends keyof RoomEvents>(name: E, event: RoomEvents[E]): Plan[] {
    return this.#parts.registry.eventHandlers.filter(({ event }) => event === name).map(
      ({ handler, scope }) => ({
        orderKey: this.#parts.orderKey(event.user),
        run: (runtime) => {
          const ctx: EventContext<RoomEvents[E]> = {
            ...this.#roomContext(runtime, event.user, about(name, event.user)),
            event,
          };
          const call = () => callInScope(scope, handler, ctx, runtime.records);
          return this.#run(runtime, ctx, name, () => scope.runWithoutMiddleware(ctx, call));
        },
      }),
    );
  }

  /** See `BotProgram`. */
  planTick({ name, handler, scope }: BoundSchedule, due: Date, account: User): Plan {
    const { orderKey } = this.#parts;
    const topic = `schedule ${name}`;
    return {
      // A schedule does not wait for any device; with order: "channel" it waits for its turn in the
      // channel.
      orderKey: orderKey({ ...account, display_name: `\0${topic}` }),
      run: (runtime) => {
        const user = { ...account, display_name: null };
        const ctx: ScheduleContext = { ...this.#roomContext(runtime, user, () => topic), due };
        const call = () => callInScope(scope, handler, ctx, runtime.records);
        return this.#run(runtime, ctx, topic, () => scope.runWithoutMiddleware(ctx, call));
      },
    };
  }

  /** See `BotProgram`. */
  async planResumption(resumed: BotRuntime, accountId: string): Promise<readonly Plan[]> {
    const { flows, orderKey } = this.#parts;
    if (flows.isEmpty) return [];
    const unfinished = await flows.unfinished(resumed, accountId);
    return unfinished.map(({ user, flow }) => ({
      orderKey: orderKey(user),
      run: (runtime) => {
        const topic = `flow ${flow}`;
        const ctx = this.#roomContext(runtime, user, about(topic, user));
        const resume = () => flows.resume(ctx, resumed);
        return this.#run(
          runtime,
          ctx,
          topic,
          () => this.#scopeOf(flow).runWithoutMiddleware(ctx, resume),
        );
      },
    }));
  }

  /** A message that does not address the bot goes to its device's flow, if there is one. */
  #planFlow(message: Message, otherwise: Plan | undefined): Plan | undefined {
    const { flows, orderKey } = this.#parts;
    if (flows.isEmpty || otherwise?.command !== undefined) return otherwise;
    return {
      orderKey: orderKey(message.user),
      listens: otherwise === undefined || otherwise.listens === true,
      unlessAnswer: otherwise,
      run: async (runtime, turn) => {
        const progress = runtime.names.startsWithMention(message.content)
          ? undefined
          : await flows.find(runtime, message).catch((error: unknown) => {
            runtime.logger.error(
              `${this.#parts.name}: could not read the device's flow from the storage`,
              error,
            );
            return undefined;
          });
        let taken = progress !== undefined;
        if (progress !== undefined) {
          const scope = this.#scopeOf(progress.flow);
          const plan = this.#plan(message, undefined, scope, async (ctx) => {
            taken = await flows.answer(ctx, runtime, message, progress);
          }, progress.asked ? progress.flow : undefined);
          await plan.run(runtime, turn);
        }
        if (!taken) await otherwise?.run(runtime, turn);
      },
    };
  }

  #scopeOf(flow: string): Scope {
    return this.#parts.registry.flows.get(flow)?.scope ?? this.#parts.registry.scope;
  }

  #planCommand(
    message: Message,
    line: string,
    command: BoundCommand,
    route: Route<RegistryEntry>,
  ): Plan {
    const reading = command.reader.read(line, route.position);
    const unavailable = "args" in reading ? command.unavailable?.(reading.args) : undefined;
    if (unavailable !== undefined) return this.#planUnavailable(message, unavailable, command.name);
    const plan = this.#plan(message, command.name, command.scope, (ctx, runtime) => {
      if ("args" in reading) return command.run(ctx, reading.args, runtime);
      const { call } = this.#parts.addressing;
      const usage = `Usage: ${call}${command.signature.text}`;
      return ctx.reply(`${reading.problem}${didYouMean(route, call)}\n${usage}`);
    });
    return command.concurrent ? { ...plan, orderKey: undefined } : plan;
  }

  #planHears(message: Message): Plan | undefined {
    for (const { pattern, handler, scope } of this.#parts.registry.hears) {
      const match = pattern.exec(message.content);
      if (match === null) continue;
      return this.#plan(message, undefined, scope, (ctx, { records }) => {
        return callInScope(scope, handler, Object.assign(ctx, { match }), records);
      });
    }
    return undefined;
  }

  /** Plans the reply to an unknown command, or to the bot's name or prefix alone, which shows help. */
  #planUnknown(message: Message, route: Route<RegistryEntry>): Plan {
    const isBareCall = route.path.length === 0 && route.unknown === undefined;
    const help = isBareCall ? this.#parts.registry.find("help", 0) : undefined;
    if (help?.command !== undefined) {
      return this.#planCommand(message, "help", help.command.command, help);
    }
    return this.#planUnavailable(message, unknownCommand(route, this.#parts.addressing.call));
  }

  /** Plans the reply to a command that this bot lacks, and another bot in the room may have. */
  #planUnavailable(
    message: Message,
    { hasSuggestion, text }: UnknownCommand,
    command?: string,
  ): Plan {
    const answer = (alone: boolean) => this.#planAnswer(message, text(alone), command);
    if (this.#parts.addressing.startsWithName(message.content)) return answer(true);
    return {
      orderKey: this.#parts.orderKey(message.user),
      command,
      // It may be meant for another bot.
      listens: true,
      run: async (runtime, turn) => {
        const { otherBots } = runtime;
        if (otherBots.isAlone) return void await answer(true).run(runtime, turn);
        // The sender's next message must not wait for this, nor this for it: others may reply by then.
        turn.yieldTurn();
        if (await otherBots.nobodyAnswered(message, hasSuggestion ? "suggestion" : "none")) {
          await answer(false).run(runtime, turn);
        }
      },
    };
  }

  #planAnswer(message: Message, text: string, command?: string): Plan {
    return this.#plan(message, command, this.#parts.registry.scope, (ctx) => ctx.reply(text));
  }

  #plan(
    message: Message,
    command: string | undefined,
    scope: Scope,
    task: (ctx: MessageContext, runtime: BotRuntime) => Work,
    flow?: string,
  ): Plan {
    return {
      orderKey: this.#parts.orderKey(message.user),
      command,
      run: (runtime, turn) => {
        const { user } = message;
        const topic = () => {
          return command === undefined ? "message" : `${this.#parts.addressing.call}${command}`;
        };
        // One literal: copying the context of the room into it takes twice as long.
        const ctx: MessageContext = {
          user,
          device: user.display_name,
          client: runtime.client,
          log: new TaggedLogger(runtime.logger, () => {
            return `${this.#parts.name}: ${about(topic(), user)()}`;
          }),
          clock: runtime.clock,
          signal: runtime.signal,
          reply: (text) => sendText(runtime, text),
          ask: (question, options) => runtime.questions.ask(ctx, turn, question, options),
          message,
          command,
          flow,
        };
        const { flows } = this.#parts;
        if (!flows.isEmpty) {
          const startFlow = async (flow: string) => {
            const base = this.#roomContext(runtime, user, about(topic(), user));
            if (flows.asksUnnamed(flow, user)) runtime.questions.warnAboutUnnamed(base.log);
            await flows.start(base, runtime, flow);
          };
          Object.assign(ctx, { startFlow });
        }
        const inside = (inner: MessageContext) => task(inner, runtime);
        if (runtime.tracer !== undefined) {
          return this.#run(runtime, ctx, topic(), () => scope.run(ctx, inside), FAILED);
        }
        // As in runContained, without a function to call.
        try {
          return scope.run(ctx, inside)?.catch((error: unknown) => contain(error, ctx, FAILED));
        } catch (error) {
          return contain(error, ctx, FAILED);
        }
      },
    };
  }

  /** Runs `task` to its end, in a span if there is a tracer. */
  #run(
    { tracer }: BotRuntime,
    ctx: RoomContext & Partial<Pick<MessageContext, "message">>,
    topic: string,
    task: () => Work,
    answer?: string,
  ): Work {
    if (tracer === undefined) return runContained(ctx, task, answer);
    return tracer.run(topic, {
      ...(ctx.device === null ? {} : { "roomz.device": ctx.device }),
      ...(ctx.message === undefined ? {} : { "messaging.message.id": ctx.message.id }),
    }, () => runContained(ctx, task, answer));
  }

  #roomContext(
    runtime: BotRuntime,
    user: User,
    topic: () => string,
  ): RoomContext {
    const { client, logger, clock, signal } = runtime;
    return {
      user,
      device: user.display_name,
      client,
      log: new TaggedLogger(logger, () => `${this.#parts.name}: ${topic()}`),
      clock,
      signal,
      reply: (text) => sendText(runtime, text),
    };
  }
}

function addressed(plan: Plan): Plan {
  return { ...plan, addressed: true };
}

function about(topic: string, { display_name }: User): () => string {
  return () =>
    `${topic} from ${display_name === null ? "a device without a name" : quoted(display_name)}`;
}

/** Runs `task`. Logs what it throws and, if there is an `answer`, replies; never rejects. */
function runContained(ctx: RoomContext, task: () => Work, answer?: string): Work {
  try {
    return task()?.catch((error: unknown) => contain(error, ctx, answer));
  } catch (error) {
    return contain(error, ctx, answer);
  }
}

async function contain(error: unknown, ctx: RoomContext, answer?: string): Promise<void> {
  if (ctx.signal.aborted) return ctx.log.warn("interrupted, because the bot stopped");
  if (error instanceof NoAnswerError) {
    ctx.log.info(`no answer: ${error.reason}`);
  } else {
    ctx.log.error("failed", error);
    recordFailure(error);
  }
  if (answer === undefined || !ctx.client.connected) return;
  try {
    await ctx.reply(replyTo(error) ?? answer);
  } catch (cause) {
    ctx.log.error("failed, and so did the reply about the failure", cause);
  }
}

/** The reply to an error that has a more specific one than "that failed". */
function replyTo(error: unknown): string | undefined {
  if (error instanceof NoAnswerError) return error.message;
  return error instanceof SessionConflictError ? CONFLICT : undefined;
}
