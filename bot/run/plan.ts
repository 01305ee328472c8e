/**
 * A decision of the dispatcher.
 * @module
 */
import type { Work } from "../context/handler.ts";
import type { BotRuntime } from "./bot_runtime.ts";
import type { Turn } from "./ordered_queue.ts";

/** What a bot is going to do about a message, an event, a tick or an interrupted flow. */
export interface Plan {
  /** Plans with the same key run in order; undefined runs at once. */
  readonly orderKey: string | undefined;
  /** The name of the command that the message calls; if set, the message is not an answer. */
  readonly command?: string | undefined;
  /** Whether the message addresses this bot by prefix or name; if so, it is not an answer. */
  readonly addressed?: boolean;
  /**
   * Only in the plan of a message that a flow may take as an answer: what to do if it is known to be for
   * another question, or to be none.
   */
  readonly unlessAnswer?: Plan | undefined;
  /** Whether the message may turn out not to be meant for this bot. */
  readonly listens?: boolean;
  /** Carries out the plan when it is its turn. Never rejects. */
  run(runtime: BotRuntime, turn: Turn): Work;
}
