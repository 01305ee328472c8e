/**
 * Replies to commands that a bot does not have.
 * @module
 */
import { nearest } from "../text/did_you_mean.ts";
import { quoted } from "../text/quoted_text.ts";
import type { Route } from "./command_tree.ts";

/** The reply to a command that a bot does not have. */
export interface UnknownCommand {
  /** Whether it suggests what may have been meant. */
  readonly hasSuggestion: boolean;
  /** The text; `alone` says that no other bot is in the room. */
  text(alone: boolean): string;
}

/** Says that there is no such command, or, if other bots may have it, that this bot has none. */
export function noCommand(typed: string, alone: boolean): string {
  return `${alone ? "There is" : "I have"} no command ${quoted(typed)}.`;
}

/** The reply to a line that calls no command; `call` is what to put before a command. */
export function unknownCommand(route: Route<unknown>, call: string): UnknownCommand {
  const { path, unknown, following } = route;
  const typed = [...path, ...(unknown === undefined ? [] : [unknown])].join(" ");
  const suggestion = didYouMean(route, call);
  const next = path.length === 0
    ? `${call}help lists the commands.`
    : `"${path.join(" ")}" must be followed by ${[...following.keys()].join(" or ")}.`;
  return {
    hasSuggestion: suggestion !== "" || path.length > 0,
    text: (alone) => `${noCommand(typed, alone)}${suggestion} ${next}`,
  };
}

/** Suggests the closest command to what was typed; empty if none is close. */
export function didYouMean({ path, unknown, following }: Route<unknown>, call: string): string {
  const meant = unknown === undefined ? undefined : nearest(unknown, following.keys());
  return meant === undefined ? "" : ` Did you mean ${call}${[...path, meant].join(" ")}?`;
}
