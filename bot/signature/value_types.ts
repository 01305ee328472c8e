/**
 * The value types of signatures: how each one parses what a person typed.
 * @module
 */
import { fold, withoutInvisible } from "../text/fold.ts";

/** What each named type parses to. */
export interface ValueTypes {
  /** One word, or several in quotes. */
  text: string;
  /** A safe integer. */
  int: number;
  /** A finite number. */
  number: number;
  /** True for yes, y, true, on, 1; false for no, n, false, off, 0; a final full stop is ignored. */
  bool: boolean;
  /** Milliseconds: `90s`, `1h30m`, `1.5d`. */
  duration: number;
  /** An email address, as typed. */
  email: string;
  /** An http or https address. */
  url: URL;
  /** A date, or a date and time; UTC if no offset is given. */
  date: Date;
}

/** The parsed value of an argument. */
export type Value = ValueTypes[keyof ValueTypes];

/** The result of parsing a word: its value, or the requirement that it violates ("must be …"). */
export type Reading<T extends Value> = { readonly value: T } | { readonly requirement: string };

/** A type that an argument, flag or answer can have. */
export interface ValueType<T extends Value = Value> {
  /** As written in a signature: `int`, `dev|prod`. */
  readonly name: string;
  /** What to type, for help and errors: `a whole number such as 42`. */
  readonly expected: string;
  /** The words to choose from; only types such as `dev|prod` have them. */
  readonly choices?: readonly string[];
  /** Parses a word, in linear time. Never throws. */
  read(word: string): Reading<T>;
}

function readText(word: string): Reading<string> {
  return { value: word };
}

// A literal inside the function would be a new object for every word.
const INT = /^[+-]?\d+$/;

function readInt(word: string): Reading<number> {
  if (!INT.test(word)) return { requirement: "must be a whole number such as 42" };
  // Adding 0 turns -0 into 0.
  const value = Number(word) + 0;
  return Number.isSafeInteger(value) ? { value } : {
    requirement: "must be a whole number between -9,007,199,254,740,991 and 9,007,199,254,740,991",
  };
}

function readNumber(word: string): Reading<number> {
  if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(word)) {
    return { requirement: "must be a number such as 2.5" };
  }
  const value = Number(word) + 0;
  return Number.isFinite(value)
    ? { value }
    : { requirement: "must be a number between -1.8e308 and 1.8e308" };
}

const BOOLS: ReadonlyMap<string, boolean> = new Map([
  ...["yes", "y", "true", "on", "1"].map((word) => [word, true] as const),
  ...["no", "n", "false", "off", "0"].map((word) => [word, false] as const),
]);

function readBool(word: string): Reading<boolean> {
  // People answer in sentences: "Yes.", "no!".
  const value = BOOLS.get(word.replace(/[.!]+$/, ""));
  return value === undefined ? { requirement: "must be yes or no" } : { value };
}

const AMOUNT = "(\\d+(?:\\.\\d+)?)";
const DURATION = new RegExp(
  `^(?:${AMOUNT}w)?(?:${AMOUNT}d)?(?:${AMOUNT}h)?(?:${AMOUNT}m)?(?:${AMOUNT}s)?(?:${AMOUNT}ms)?$`,
  "i",
);
const UNITS = [604_800_000, 86_400_000, 3_600_000, 60_000, 1_000, 1];

function readDuration(word: string): Reading<number> {
  const amounts = DURATION.exec(word)?.slice(1);
  if (amounts === undefined || word === "") {
    return { requirement: "must be a duration such as 90s, 10m or 1h30m" };
  }
  const value = UNITS.reduce((sum, unit, i) => sum + Number(amounts[i] ?? 0) * unit, 0);
  if (value > Number.MAX_SAFE_INTEGER) {
    return { requirement: "must be a duration of at most 104,249,991 days" };
  }
  return { value: Math.round(value) };
}

// Stricter than RFC 5321: the addresses it excludes are almost always typing mistakes.
const EMAIL = /^[^\s@<>"(),;:]+@[^\s@<>"(),;:.]+(?:\.[^\s@<>"(),;:.]+)+$/;

function readEmail(word: string): Reading<string> {
  return word.length <= 254 && EMAIL.test(word)
    ? { value: word }
    : { requirement: "must be an email address such as ada@example.org" };
}

function readUrl(word: string): Reading<URL> {
  // The URL parser would silently strip white space and control characters.
  const value = /^https?:\/\/[^\s\p{Cc}]+$/iu.test(word) ? URL.parse(word) : null;
  return value === null
    ? { requirement: "must be a web address such as https://example.org/" }
    : { value };
}

const DATE =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?(?:Z|([+-])(\d\d):?(\d\d))?)?$/i;

function readDate(word: string): Reading<Date> {
  const parts = DATE.exec(word);
  if (parts === null) {
    return { requirement: "must be a date such as 2026-11-22 or 2026-11-22T10:30" };
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7)
    .map((digits) => Number(digits ?? 0));
  const value = new Date(0);
  value.setUTCFullYear(year, month - 1, day);
  value.setUTCHours(hour, minute, second, Number((parts[7] ?? "").padEnd(3, "0")));
  // Date rolls over what is out of range: 30 February becomes 2 March.
  const exists = value.getUTCMonth() === month - 1 && value.getUTCDate() === day &&
    value.getUTCHours() === hour && value.getUTCMinutes() === minute &&
    value.getUTCSeconds() === second;
  const offsetMinutes = Number(parts[10] ?? 0);
  const offset = Number(parts[9] ?? 0) * 60 + offsetMinutes;
  if (!exists || offset >= 24 * 60 || offsetMinutes > 59) {
    return { requirement: "must be a date that exists" };
  }
  value.setTime(value.getTime() - (parts[8] === "-" ? -offset : offset) * 60_000);
  return { value };
}

/** The named types. */
export const valueTypes: { readonly [N in keyof ValueTypes]: ValueType<ValueTypes[N]> } = {
  text: { name: "text", expected: "text (quote it if it contains spaces)", read: readText },
  int: { name: "int", expected: "a whole number such as 42", read: (word) => readInt(fold(word)) },
  number: {
    name: "number",
    expected: "a number such as 2.5",
    read: (word) => readNumber(fold(word)),
  },
  bool: { name: "bool", expected: "yes or no", read: (word) => readBool(fold(word)) },
  duration: {
    name: "duration",
    expected: "a duration such as 90s or 1h30m",
    read: (word) => readDuration(fold(word)),
  },
  email: {
    name: "email",
    expected: "an email address",
    read: (word) => readEmail(withoutInvisible(word)),
  },
  url: {
    name: "url",
    expected: "a web address such as https://example.org/",
    read: (word) => readUrl(withoutInvisible(word)),
  },
  date: {
    name: "date",
    expected: "a date such as 2026-11-22 or 2026-11-22T10:30 (UTC)",
    read: (word) => readDate(fold(word)),
  },
};

/** Whether a type of this name exists; a list of choices has none. */
export function isTypeName(name: string): name is keyof typeof valueTypes {
  return Object.hasOwn(valueTypes, name);
}

/** The type whose values are the given words. Case is ignored; the value is the word as declared. */
export function choiceType(choices: readonly string[]): ValueType<string> {
  const byWord = new Map(choices.map((choice) => [fold(choice), choice]));
  const expected = choices.length === 2
    ? choices.join(" or ")
    : `${choices.slice(0, -1).join(", ")} or ${choices.at(-1) ?? ""}`;
  return {
    name: choices.join("|"),
    expected,
    choices,
    read(word) {
      const value = byWord.get(fold(word));
      return value === undefined ? { requirement: `must be ${expected}` } : { value };
    },
  };
}
