/**
 * The parts that a running bot shares with everything it runs.
 * @module
 */
import type { OtherBots } from "../command/other_bots.ts";
import type { RoomNames } from "../command/room_names.ts";
import type { BotLogger } from "../context/bot_logger.ts";
import type { Clock } from "../context/clock.ts";
import type { Outbound } from "../context/reply.ts";
import type { FlowQuestions } from "../flow/flow_questions.ts";
import type { Tracer } from "../handler/tracing.ts";
import type { Records } from "../storage/records.ts";
import type { Questions } from "./questions.ts";

/** What plans and schedules need to run. */
export interface BotRuntime extends Outbound {
  readonly logger: BotLogger;
  /** Sends text to the room: `ctx.reply` of every handler, made once. */
  readonly reply: (text: string) => Promise<void>;
  readonly clock: Clock;
  readonly records: Records;
  readonly questions: Questions;
  readonly flowQuestions: FlowQuestions;
  readonly otherBots: OtherBots;
  readonly names: RoomNames;
  /** Makes spans; undefined if telemetry is off. */
  readonly tracer: Tracer | undefined;
}
