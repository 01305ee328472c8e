/**
 * Answers to a bot's questions: their types, and how a message is parsed as one.
 * @module
 */
import type { Message } from "../../client/mod.ts";
import { BotDefinitionError } from "../text/definition_error.ts";
import { didYouMean } from "../text/did_you_mean.ts";
import { fold } from "../text/fold.ts";
import { quoted } from "../text/quoted_text.ts";
import type { NoSuchType, ValueOf } from "./args_of.ts";
import { choiceType, isTypeName, type Value, type ValueType, valueTypes } from "./value_types.ts";

/**
 * `T` if it names a value type; otherwise a string type whose text says that there is no such type,
 * which shows up in the compiler's error.
 */
export type TypeName<T extends string> = [ValueOf<T>] extends [{ readonly "~unknownType": string }]
  ? NoSuchType<T>
  : T;

/** The result of parsing a message as an answer. */
export type AnswerReading =
  | { readonly value: Value }
  /** What to reply, so that the person answers again. */
  | { readonly problem: string }
  /** The person typed the cancel word. */
  | { readonly cancelled: true };

const TRUNCATED =
  "Your answer hit the 1,000-character limit and may have been cut off. Send a shorter one.";

/**
 * Looks up a type by name, such as `int` or `dev|prod`; `path` is where the name is written.
 * @throws {BotDefinitionError} There is no such type.
 */
export function typeNamed(name: string, path: string): ValueType {
  if (isTypeName(name)) return valueTypes[name];
  const choices = name.split("|");
  if (choices.length > 1 && choices.every((choice) => /^\S+$/.test(choice))) {
    return choicesNamed(choices, path);
  }
  const names = Object.keys(valueTypes);
  const hint = didYouMean(name, names) || ` Use ${names.join(", ")}, or choices such as a|b.`;
  throw new BotDefinitionError({ problem: `There is no type "${name}".${hint}`, path });
}

/**
 * The type whose values are these choices; `path` is where they are written.
 * @throws {BotDefinitionError} There are fewer than two, one is empty, or two look alike.
 */
export function choicesNamed(choices: readonly string[], path: string): ValueType {
  const fail = (problem: string) => new BotDefinitionError({ problem, path });
  if (choices.length < 2) throw fail("Give at least two choices.");
  const seen = new Map<string, string>();
  for (const choice of choices) {
    const folded = fold(choice).trim();
    if (folded === "") throw fail("A choice is empty.");
    if (/[|\p{Cc}]/u.test(choice)) {
      throw fail(`The choice ${quoted(choice)} contains a bar or a control character.`);
    }
    const other = seen.get(folded);
    if (other !== undefined) {
      const how = other === choice
        ? "are the same"
        : "differ only in case, width or invisible characters";
      throw fail(`The choices ${quoted(other)} and ${quoted(choice)} ${how}.`);
    }
    seen.set(folded, choice);
  }
  return choiceType(choices.map((choice) => choice.trim()));
}

/** Parses a whole message as an answer. `cancel` is the cancel word, folded. */
export function readAnswer(
  { content, maybeTruncated }: Message,
  type: ValueType,
  cancel: string | undefined,
): AnswerReading {
  const answer = content.trim();
  if (maybeTruncated) return { problem: TRUNCATED };
  if (fold(answer) === cancel) return { cancelled: true };
  const reading = type.read(answer);
  if ("value" in reading) return reading;
  const hint = type.choices === undefined ? "" : didYouMean(answer, type.choices);
  return { problem: `Your answer ${reading.requirement}, not ${quoted(answer)}.${hint}` };
}
