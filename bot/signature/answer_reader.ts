/**
 * Answers to a bot's questions: of which type they are, and how a message is read as one.
 * @module
 */
import type { Message } from "../../client/mod.ts";
import { BotDefinitionError } from "../text/definition_error.ts";
import { didYouMean } from "../text/did_you_mean.ts";
import { quoted } from "../text/quoted_text.ts";
import type { NoSuchType, ValueOf } from "./args_of.ts";
import { choiceType, type Value, type ValueType, valueTypes } from "./value_types.ts";

/**
 * `T` where it names a type of signatures; otherwise a text that says there is none, which nothing
 * fits.
 */
export type TypeName<T extends string> = [ValueOf<T>] extends [{ readonly "~unknownType": string }]
  ? NoSuchType<T>
  : T;

/** What a message is, as an answer. */
export type AnswerReading =
  | { readonly value: Value }
  /** What to say, so that the person answers again. */
  | { readonly problem: string }
  /** The word that ends the questions. */
  | { readonly cancelled: true };

const TRUNCATED = "That is as long as the server keeps (1,000 characters), so its end may be " +
  "missing. Answer in fewer words.";

/**
 * The type of that name: `int`, `dev|prod`. `path` names the place where it is written.
 * @throws {BotDefinitionError} There is no such type.
 */
export function typeNamed(name: string, path: string): ValueType {
  if (isTypeName(name)) return valueTypes[name];
  const choices = name.split("|");
  if (choices.length > 1 && choices.every((choice) => /^\S+$/.test(choice))) {
    return choiceType(choices);
  }
  const hint = didYouMean(name, Object.keys(valueTypes));
  throw new BotDefinitionError({ problem: `There is no type "${name}".${hint}`, path });
}

/** Reads a message as an answer; a text is all of it. `cancel` is in lower case. */
export function readAnswer(
  { content, maybeTruncated }: Message,
  type: ValueType,
  cancel: string | undefined,
): AnswerReading {
  const said = content.trim();
  if (maybeTruncated) return { problem: TRUNCATED };
  if (said.toLowerCase() === cancel) return { cancelled: true };
  const reading = type.read(said);
  if ("value" in reading) return reading;
  const hint = type.choices === undefined ? "" : didYouMean(said, type.choices);
  return { problem: `${quoted(said)} ${reading.problem}.${hint}` };
}

function isTypeName(name: string): name is keyof typeof valueTypes {
  return Object.hasOwn(valueTypes, name);
}
