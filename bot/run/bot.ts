/**
 * A bot: what `defineBot` returns and `runBot` runs.
 * @module
 */
import type { Message, User } from "../../client/mod.ts";
import type { BotManifest } from "../command/manifest.ts";
import type { RoomEvents } from "../definition/definition.ts";
import type { BoundSchedule } from "../schedule/bound_schedule.ts";
import type { BotRuntime } from "./bot_runtime.ts";
import type { Plan } from "./plan.ts";

// Shared by all copies of this module: the file that defines a bot may load another copy.
const program: unique symbol = Symbol.for("@roomz/roomz/bot");

// Raise this when BotProgram or BotRuntime changes, so that bots of incompatible copies of the package are refused.
const PROGRAM_VERSION = 6;

/** A bot that is ready to run: `defineBot` makes one, `runBot` runs it. */
export interface Bot {
  /** The bot's name, which is also its display name. */
  readonly name: string;
  /** Its commands, as plain data. */
  readonly manifest: BotManifest;
  /** @ignore Internal. */
  readonly [program]: BotProgram;
}

/** How a bot decides what to do. These methods only decide: the plans have the side effects. */
export interface BotProgram {
  /** See `PROGRAM_VERSION`. */
  readonly version: number;
  /** Plans what to do about a message from another connection; undefined for nothing. */
  planMessage(message: Message): Plan | undefined;
  /** Plans what to do about a message that answers the question of a flow. */
  planAnswer(message: Message): Plan | undefined;
  /** Plans what to do about a room event, in order. */
  planEvent<E extends keyof RoomEvents>(name: E, event: RoomEvents[E]): readonly Plan[];
  readonly schedules: readonly BoundSchedule[];
  /** Plans a tick of a schedule; `user` is the account that the bot runs for. */
  planTick(schedule: BoundSchedule, due: Date, user: User): Plan;
  /** Plans how to resume the account's flows that a restart or a lost connection interrupted. */
  planResumption(runtime: BotRuntime, accountId: string): Promise<readonly Plan[]>;
}

/** Makes a bot from its manifest and its program. */
export function createBot(manifest: BotManifest, plans: Omit<BotProgram, "version">): Bot {
  return Object.freeze(
    {
      name: manifest.name,
      manifest,
      [program]: {
        version: PROGRAM_VERSION,
        planMessage: (message) => plans.planMessage(message),
        planAnswer: (message) => plans.planAnswer(message),
        planEvent: (name, event) => plans.planEvent(name, event),
        schedules: plans.schedules,
        planTick: (schedule, due, user) => plans.planTick(schedule, due, user),
        planResumption: (runtime, accountId) => plans.planResumption(runtime, accountId),
      },
    } satisfies Bot,
  );
}

/** The program inside a bot. */
export function programOf(bot: Bot): BotProgram {
  return bot[program];
}

/**
 * Whether `value` is a bot made by `defineBot` that this version of the package can run. For programs
 * that load bots from files.
 *
 * @example Check what a file exports
 * ```ts
 * import { isBot } from "@roomz/roomz/bot";
 *
 * const module: Record<string, unknown> = { default: { name: "not a bot" } };
 * if (isBot(module.default)) console.log(module.default.manifest);
 * else console.log("The file does not export a bot.");
 * ```
 */
export function isBot(value: unknown): value is Bot {
  if (typeof value !== "object" || value === null || !(program in value)) return false;
  const held: unknown = value[program];
  return typeof held === "object" && held !== null && "version" in held &&
    held.version === PROGRAM_VERSION;
}
