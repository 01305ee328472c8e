/**
 * What a bot says where it is asked for something that it has not.
 * @module
 */
import { quoted } from "./quoted_text.ts";

/** That a bot has not what it was asked for. */
export interface Lack {
  /** Whether it can say what may have been meant. */
  readonly hasHint: boolean;
  /** The answer. `alone`: there is no other bot that could have it. */
  text(alone: boolean): string;
}

/** That there is no such command: for other bots the bot does not speak. */
export function noCommand(typed: string, alone: boolean): string {
  return `${alone ? "There is" : "I have"} no command ${quoted(typed)}.`;
}
