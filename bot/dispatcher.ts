/**
 * Decides what a bot does about a message or an event.
 * @module
 */
import type { Message, User } from "../client/mod.ts";
import type { Addressing } from "./addressing.ts";
import type { BotRuntime, Plan } from "./bot.ts";
import { TaggedLogger } from "./bot_logger.ts";
import { type BoundCommand, callHandler } from "./bound_command.ts";
import type { Registry, RegistryEntry } from "./registry.ts";
import type { Route } from "./command_tree.ts";
import type { EventContext, MessageContext, RoomContext } from "./context.ts";
import type { RoomEvents } from "./definition.ts";
import { nearest } from "./did_you_mean.ts";
import { quoted } from "./quoted_text.ts";
import { sendText } from "./reply.ts";
import type { Scope } from "./scope.ts";

const TRUNCATED =
  "That message is as long as the server keeps (1,000 characters), so its end may " +
  "be missing: nothing was done. Send it again in shorter parts.";
const FAILED = "Sorry, that failed. The bot's log says why.";

/** What a dispatcher works with. */
export interface DispatcherParts {
  /** The bot's name, for the log. */
  readonly name: string;
  /** Tells which messages are for the bot. */
  readonly addressing: Addressing;
  /** All that the bot reacts to. */
  readonly registry: Registry;
  /** The bot's own scope: answers that no command gives run in it. */
  readonly scope: Scope;
  /** Plans of users with the same key run one after the other. */
  readonly orderKey: (user: User) => string;
}

/** Decides; {@linkcode Plan.run} then does it. */
export class Dispatcher {
  readonly #parts: DispatcherParts;

  /** A dispatcher for one bot. */
  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  /** What to do about a message; undefined: nothing. */
  planMessage(message: Message): Plan | undefined {
    const { addressing, registry } = this.#parts;
    const address = addressing.find(message.content);
    if (address === undefined) return this.#planHears(message);
    const route = registry.find(message.content, address.position);
    const command = route.command?.command;
    if (message.maybeTruncated && (command !== undefined || address.certain)) {
      return this.#planAnswer(message, TRUNCATED);
    }
    if (command !== undefined) return this.#planCommand(message, message.content, command, route);
    return this.#planHears(message) ??
      (address.certain ? this.#planUnknown(message, route) : undefined);
  }

  /** What to do about an event in the room. */
  planEvent<E extends keyof RoomEvents>(name: E, event: RoomEvents[E]): Plan[] {
    return this.#parts.registry.reactions.filter((reaction) => reaction.event === name).map(
      ({ handler, scope }) => ({
        orderKey: this.#parts.orderKey(event.user),
        run: (runtime) => {
          const ctx: EventContext<RoomEvents[E]> = {
            ...this.#roomContext(runtime, event.user, name),
            event,
          };
          return contain(ctx, () => scope.runBare(ctx, () => callHandler(handler, ctx)));
        },
      }),
    );
  }

  #planCommand(
    message: Message,
    line: string,
    command: BoundCommand,
    route: Route<RegistryEntry>,
  ): Plan {
    const reading = command.reader.read(line, route.position);
    const plan = this.#plan(message, command.name, command.scope, (ctx) => {
      if ("args" in reading) return command.run(ctx, reading.args);
      const { call } = this.#parts.addressing;
      const usage = `Usage: ${call}${command.signature.text}`;
      return ctx.reply(`${reading.problem}${wordHint(route, call)}\n${usage}`);
    });
    return command.concurrent ? { ...plan, orderKey: undefined } : plan;
  }

  #planHears(message: Message): Plan | undefined {
    for (const { pattern, handler, scope } of this.#parts.registry.hears) {
      const match = pattern.exec(message.content);
      if (match === null) continue;
      return this.#plan(message, undefined, scope, (ctx) => {
        return callHandler(handler, Object.assign(ctx, { match }));
      });
    }
    return undefined;
  }

  /** What to answer when the bot is called with words that it does not know, or with none. */
  #planUnknown(message: Message, route: Route<RegistryEntry>): Plan {
    const isBareCall = route.path.length === 0 && route.unknown === undefined;
    const help = isBareCall ? this.#parts.registry.find("help", 0) : undefined;
    return help?.command === undefined
      ? this.#planAnswer(message, unknownCommand(route, this.#parts.addressing.call))
      : this.#planCommand(message, "help", help.command.command, help);
  }

  #planAnswer(message: Message, text: string): Plan {
    return this.#plan(message, undefined, this.#parts.scope, (ctx) => ctx.reply(text));
  }

  #plan(
    message: Message,
    command: string | undefined,
    scope: Scope,
    task: (ctx: MessageContext) => Promise<unknown>,
  ): Plan {
    return {
      orderKey: this.#parts.orderKey(message.user),
      run: (runtime) => {
        const topic = command === undefined
          ? "message"
          : `${this.#parts.addressing.call}${command}`;
        const ctx: MessageContext = {
          ...this.#roomContext(runtime, message.user, topic),
          message,
          command,
        };
        return contain(ctx, () => scope.run(ctx, () => task(ctx)), FAILED);
      },
    };
  }

  #roomContext({ client, logger, signal }: BotRuntime, user: User, topic: string): RoomContext {
    const device = user.display_name;
    const from = device === null ? "a device without a name" : quoted(device);
    return {
      user,
      device,
      client,
      log: new TaggedLogger(logger, `${this.#parts.name}: ${topic} from ${from}`),
      signal,
      reply: (text) => sendText(client, text, signal),
    };
  }
}

/** Runs `task`; what it throws ends here, in the log and, where there is one, in an answer. */
async function contain(
  ctx: RoomContext,
  task: () => Promise<unknown>,
  answer?: string,
): Promise<void> {
  try {
    await task();
  } catch (error) {
    if (ctx.signal.aborted) return ctx.log.warn("cut short, because the bot stops");
    ctx.log.error("failed", error);
    if (answer === undefined || !ctx.client.connected) return;
    try {
      await ctx.reply(answer);
    } catch (cause) {
      ctx.log.error("failed, and so did the answer that says it", cause);
    }
  }
}

function unknownCommand(route: Route<RegistryEntry>, call: string): string {
  const { path, unknown, following } = route;
  const typed = [...path, ...(unknown === undefined ? [] : [unknown])].join(" ");
  const next = path.length === 0
    ? `${call}help lists the commands.`
    : `After "${path.join(" ")}" comes ${[...following.keys()].join(" or ")}.`;
  return `There is no command ${quoted(typed)}.${wordHint(route, call)} ${next}`;
}

/** The words that were meant, where some nearly are what was typed. */
function wordHint({ path, unknown, following }: Route<RegistryEntry>, call: string): string {
  const meant = unknown === undefined ? undefined : nearest(unknown, following.keys());
  return meant === undefined ? "" : ` Did you mean ${call}${[...path, meant].join(" ")}?`;
}
