/**
 * A bot as a value: what `defineBot` makes and `runBot` runs.
 * @module
 */
import type { Message, User } from "../../client/mod.ts";
import type { BotManifest } from "../command/manifest.ts";
import type { RoomEvents } from "../definition/definition.ts";
import type { BoundSchedule } from "../schedule/bound_schedule.ts";
import type { BotRuntime } from "./bot_runtime.ts";
import type { Plan } from "./plan.ts";

// A name that every copy of this module shares: a bot's file may have loaded another one.
const program: unique symbol = Symbol.for("@roomz/roomz/bot");

// Counts up when what `program` holds changes: then a bot of another copy of the package is no bot.
const PROGRAM_VERSION = 2;

/** A bot, ready to run: see `defineBot`, `runBot`. */
export interface Bot {
  /** The bot's name, also its display name. */
  readonly name: string;
  /** What it can do, as data. */
  readonly manifest: BotManifest;
  /** @ignore What runs it. */
  readonly [program]: BotProgram;
}

/** How a bot decides what to do. Neither method has an effect outside the bot. */
export interface BotProgram {
  /** See `PROGRAM_VERSION`. */
  readonly version: number;
  /** What to do about a message of another connection; undefined: nothing. */
  planMessage(message: Message): Plan | undefined;
  /** What to do about an event in the room, in order. */
  planEvent<E extends keyof RoomEvents>(name: E, event: RoomEvents[E]): readonly Plan[];
  /** What it does by the clock. */
  readonly schedules: readonly BoundSchedule[];
  /** What to do when a schedule is due; `user` is the account that the bot runs for. */
  planTick(schedule: BoundSchedule, due: Date, user: User): Plan;
  /** What was under way for the account when the bot last ended, and has to go on by itself. */
  planResumption(runtime: BotRuntime, accountId: string): Promise<readonly Plan[]>;
}

/** Makes a bot of its parts. */
export function createBot(manifest: BotManifest, plans: Omit<BotProgram, "version">): Bot {
  return Object.freeze(
    {
      name: manifest.name,
      manifest,
      [program]: {
        version: PROGRAM_VERSION,
        planMessage: (message) => plans.planMessage(message),
        planEvent: (name, event) => plans.planEvent(name, event),
        schedules: plans.schedules,
        planTick: (schedule, due, user) => plans.planTick(schedule, due, user),
        planResumption: (runtime, accountId) => plans.planResumption(runtime, accountId),
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
