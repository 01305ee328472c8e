/**
 * What a bot says where it is asked for something that it has not.
 * @module
 */
import { nearest } from "../text/did_you_mean.ts";
import { quoted } from "../text/quoted_text.ts";
import type { Route } from "./command_tree.ts";

/** That a bot has not what it was asked for. */
export interface UnknownCommand {
  /** Whether it can say what may have been meant. */
  readonly hasHint: boolean;
  /** The answer. `alone`: there is no other bot that could have it. */
  text(alone: boolean): string;
}

/** That there is no such command: for other bots the bot does not speak. */
export function noCommand(typed: string, alone: boolean): string {
  return `${alone ? "There is" : "I have"} no command ${quoted(typed)}.`;
}

/** That a line calls no command; `route` is where it leads. `call` stands before a command. */
export function unknownCommand(route: Route<unknown>, call: string): UnknownCommand {
  const { path, unknown, following } = route;
  const typed = [...path, ...(unknown === undefined ? [] : [unknown])].join(" ");
  const hint = wordHint(route, call);
  const next = path.length === 0
    ? `${call}help lists the commands.`
    : `After "${path.join(" ")}" comes ${[...following.keys()].join(" or ")}.`;
  return {
    hasHint: hint !== "" || path.length > 0,
    text: (alone) => `${noCommand(typed, alone)}${hint} ${next}`,
  };
}

/** The words that were meant, where some nearly are what was typed. */
export function wordHint({ path, unknown, following }: Route<unknown>, call: string): string {
  const meant = unknown === undefined ? undefined : nearest(unknown, following.keys());
  return meant === undefined ? "" : ` Did you mean ${call}${[...path, meant].join(" ")}?`;
}
