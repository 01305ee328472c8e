/**
 * Decides what a bot does about a message, an event or a tick of a schedule.
 * @module
 */
import type { Message, User } from "../../client/mod.ts";
import type { BoundCommand } from "../command/bound_command.ts";
import type { Route } from "../command/command_tree.ts";
import type { RegistryEntry } from "../command/registry.ts";
import { didYouMean, type UnknownCommand, unknownCommand } from "../command/unknown_command.ts";
import type { EventContext, RoomContext } from "../context/context.ts";
import type { RoomEvents } from "../definition/definition.ts";
import { callInScope } from "../handler/call_handler.ts";
import type { Scope } from "../handler/scope.ts";
import type { BoundSchedule } from "../schedule/bound_schedule.ts";
import type { ScheduleContext } from "../schedule/schedule.ts";
import type { BotParts } from "./bot_parts.ts";
import type { BotRuntime } from "./bot_runtime.ts";
import { runContained } from "./contained_run.ts";
import { MessagePlan, type MessagePlanOptions, type MessageTask } from "./message_plan.ts";
import type { Plan } from "./plan.ts";
import { roomContext, topicFrom } from "./room_context.ts";

const TRUNCATED =
  "Your message hit the 1,000-character limit and may have been cut off, so it was ignored. Send it again " +
  "in shorter parts.";
const TRUNCATED_CALL: UnknownCommand = { hasSuggestion: false, text: () => TRUNCATED };

/** Makes plans; {@linkcode Plan.run} carries them out. */
export class Dispatcher {
  readonly #parts: BotParts;

  /** A dispatcher for one bot. */
  constructor(parts: BotParts) {
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
            ...this.#roomContext(runtime, event.user, () => topicFrom(name, event.user)),
            event,
          };
          const call = () => callInScope(scope, handler, ctx, runtime.records);
          return runContained(runtime, ctx, name, () => scope.runWithoutMiddleware(ctx, call));
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
        return runContained(runtime, ctx, topic, () => scope.runWithoutMiddleware(ctx, call));
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
        const ctx = this.#roomContext(runtime, user, () => topicFrom(topic, user));
        const resume = () => flows.resume(ctx, resumed);
        return runContained(
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
          const plan = this.#plan(message, scope, async (ctx) => {
            taken = await flows.answer(ctx, runtime, message, progress);
          }, { flow: progress.asked ? progress.flow : undefined });
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
    return this.#plan(message, command.scope, (ctx, runtime) => {
      if ("args" in reading) return command.run(ctx, reading.args, runtime);
      const { call } = this.#parts.addressing;
      const usage = `Usage: ${call}${command.signature.text}`;
      return ctx.reply(`${reading.problem}${didYouMean(route, call)}\n${usage}`);
    }, { command: command.name, concurrent: command.concurrent });
  }

  #planHears(message: Message): Plan | undefined {
    for (const { pattern, handler, scope } of this.#parts.registry.hears) {
      const match = pattern.exec(message.content);
      if (match === null) continue;
      return this.#plan(message, scope, (ctx, { records }) => {
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
    return this.#plan(message, this.#parts.registry.scope, (ctx) => ctx.reply(text), { command });
  }

  #plan(
    message: Message,
    scope: Scope,
    task: MessageTask,
    options?: MessagePlanOptions,
  ): MessagePlan {
    return new MessagePlan(this.#parts, message, scope, task, options);
  }

  #roomContext(runtime: BotRuntime, user: User, topic: () => string): RoomContext {
    return roomContext(runtime, user, () => `${this.#parts.name}: ${topic()}`);
  }
}

function addressed(plan: Plan): Plan {
  const { orderKey, command, listens = false } = plan;
  return {
    orderKey,
    command,
    listens,
    addressed: true,
    run: (runtime, turn) => plan.run(runtime, turn),
  };
}
