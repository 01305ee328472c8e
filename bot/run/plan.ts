/**
 * What a bot has decided to do about one message, event or tick.
 * @module
 */
import type { BotRuntime } from "./bot_runtime.ts";
import type { Turn } from "./ordered_queue.ts";

/** What a bot does about one message or event. */
export interface Plan {
  /** Plans of one key run one after the other; undefined: at once. */
  readonly orderKey: string | undefined;
  /** The words of the command that is called; such a message is never an answer to a question. */
  readonly command?: string | undefined;
  /** Whether it may turn out that nothing waits for the message: then it was no call of the bot. */
  readonly listens?: boolean;
  /** Does it, in the place that it was given. Never rejects. */
  run(runtime: BotRuntime, turn: Turn): Promise<void>;
}
