/**
 * The parts that a running bot shares with everything it runs.
 * @module
 */
import type { OtherBots } from "../command/other_bots.ts";
import type { RoomNames } from "../command/room_names.ts";
import type { BotClient } from "../context/bot_client.ts";
import type { BotLogger } from "../context/bot_logger.ts";
import type { Clock } from "../context/clock.ts";
import type { Pacer } from "../context/pacer.ts";
import type { Tracer } from "../handler/tracing.ts";
import type { Records } from "../storage/records.ts";
import type { Questions } from "./questions.ts";

/** What plans and schedules need to run. */
export interface BotRuntime {
  readonly client: BotClient;
  readonly logger: BotLogger;
  readonly clock: Clock;
  readonly records: Records;
  readonly questions: Questions;
  readonly otherBots: OtherBots;
  readonly names: RoomNames;
  /** Limits the send rate; undefined for no limit. */
  readonly pacer: Pacer | undefined;
  /** Makes spans; undefined if telemetry is off. */
  readonly tracer: Tracer | undefined;
  /** Aborts when the bot has stopped, or no longer waits for running handlers. */
  readonly signal: AbortSignal;
}
