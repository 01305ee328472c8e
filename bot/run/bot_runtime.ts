/**
 * What a running bot shares with everything that it runs.
 * @module
 */
import type { OtherBots } from "../command/other_bots.ts";
import type { BotClient } from "../context/bot_client.ts";
import type { BotLogger } from "../context/bot_logger.ts";
import type { Clock } from "../context/clock.ts";
import type { Pacer } from "../context/pacer.ts";
import type { Tracer } from "../handler/tracing.ts";
import type { Records } from "../storage/records.ts";
import type { Questions } from "./questions.ts";

/** What running a bot gives to whatever it does. */
export interface BotRuntime {
  /** What it talks through. */
  readonly client: BotClient;
  /** The bot's log. */
  readonly logger: BotLogger;
  /** The time that it lives by. */
  readonly clock: Clock;
  /** What it keeps. */
  readonly records: Records;
  /** What it has asked. */
  readonly questions: Questions;
  /** Who else is in the room. */
  readonly otherBots: OtherBots;
  /** Keeps what it says within a rate; undefined: it talks as fast as it can. */
  readonly pacer: Pacer | undefined;
  /** Makes spans; undefined where nobody collects them. */
  readonly tracer: Tracer | undefined;
  /** Aborts when the bot has stopped, or waits no longer for what has begun. */
  readonly signal: AbortSignal;
}
