/**
 * A bot as a value: what `defineBot` makes and `runBot` runs.
 * @module
 */
import type { Message } from "../client/mod.ts";
import type { BotClient } from "./bot_client.ts";
import type { BotLogger } from "./bot_logger.ts";
import type { RoomEvents } from "./definition.ts";
import type { BotManifest } from "./manifest.ts";

// A name that every copy of this module shares: a bot's file may have loaded another one.
const program: unique symbol = Symbol.for("@roomz/roomz/bot");

// Counts up when what `program` holds changes: then a bot of another copy of the package is no bot.
const PROGRAM_VERSION = 1;

/** A bot, ready to run: see `defineBot`, `runBot`. */
export interface Bot {
  /** The bot's name, also its display name. */
  readonly name: string;
  /** What it can do, as data. */
  readonly manifest: BotManifest;
  /** @ignore What runs it. */
  readonly [program]: BotProgram;
}

/** What running a bot gives to whatever it does. */
export interface BotRuntime {
  /** What it talks through. */
  readonly client: BotClient;
  /** The bot's log. */
  readonly logger: BotLogger;
  /** Aborts when the bot has stopped, or waits no longer for what has begun. */
  readonly signal: AbortSignal;
}

/** What a bot does about one message or event. */
export interface Plan {
  /** Plans of one key run one after the other; undefined: at once. */
  readonly orderKey: string | undefined;
  /** Does it. Never rejects. */
  run(runtime: BotRuntime): Promise<void>;
}

/** How a bot decides what to do. Neither method has an effect outside the bot. */
export interface BotProgram {
  /** See `PROGRAM_VERSION`. */
  readonly version: number;
  /** What to do about a message of another connection; undefined: nothing. */
  planMessage(message: Message): Plan | undefined;
  /** What to do about an event in the room, in order. */
  planEvent<E extends keyof RoomEvents>(name: E, event: RoomEvents[E]): readonly Plan[];
}

/** Makes a bot of its parts. */
export function createBot(
  manifest: BotManifest,
  plans: Pick<BotProgram, "planMessage" | "planEvent">,
): Bot {
  return Object.freeze(
    {
      name: manifest.name,
      manifest,
      [program]: {
        version: PROGRAM_VERSION,
        planMessage: (message) => plans.planMessage(message),
        planEvent: (name, event) => plans.planEvent(name, event),
      },
    } satisfies Bot,
  );
}

/** What runs a bot. */
export function programOf(bot: Bot): BotProgram {
  return bot[program];
}

/**
 * Whether `value` is a bot that this version of the package can run, made by `defineBot`: for
 * programs that load bots from files.
 *
 * @example Run what a file exports
 * ```ts
 * import { isBot } from "@roomz/roomz/bot";
 *
 * const module: Record<string, unknown> = { default: { name: "no bot" } };
 * if (isBot(module.default)) console.log(module.default.manifest);
 * else console.log("The file exports no bot.");
 * ```
 */
export function isBot(value: unknown): value is Bot {
  if (typeof value !== "object" || value === null || !(program in value)) return false;
  const held: unknown = value[program];
  return typeof held === "object" && held !== null && "version" in held &&
    held.version === PROGRAM_VERSION;
}
