/**
 * Shapes: what the values and objects of a definition must look like, as tables. They find the
 * mistakes that the compiler reports in TypeScript, for JavaScript, casts and spread objects.
 * @module
 */
import { BotDefinitionError } from "./definition_error.ts";
import { described, isPlain, isPromise, tagOf } from "./described.ts";
import { didYouMean } from "./did_you_mean.ts";

/** The first mistake in a value. */
export interface Flaw {
  /** Its path inside the value: `.commands["ping"].run`; empty for the value itself. */
  readonly path: string;
  /** What is wrong, and what to write instead. */
  readonly problem: string;
}

/** Checks a value. */
export interface Check {
  /** The first mistake in a value; `subject` is the name of the value at the start of a sentence. */
  find(value: unknown, subject: string): Flaw | undefined;
}

/** An object with known keys. */
export interface RecordShape<K extends string> {
  /** What the object must be, after "must be". */
  readonly expected: string;
  /** How an unknown key is reported, before the key: `A command has no`. */
  readonly lacks: string;
  /** The checks of all keys that it may have. A key whose value is undefined counts as absent. */
  readonly keys: Readonly<Record<K, Check>>;
  /** The keys that it must have, and the sentence that asks for each. */
  readonly required?: { readonly [P in K]?: string };
  /** What to write instead of an unknown key that is not near a known one, but often written. */
  readonly instead?: Readonly<Record<string, string>>;
  /** A problem with the combination of its keys; undefined if there is none. */
  readonly conflict?: (value: Readonly<Record<string, unknown>>) => string | undefined;
}

/** A check of a single value; `expected` is what it must be, after "must be". */
export function fits(expected: string, test: (value: unknown) => boolean): Check {
  return { find: (value, subject) => test(value) ? undefined : mustBe(subject, expected, value) };
}

/** A check for one of some texts. */
export function oneOf(...texts: readonly string[]): Check {
  const expected = texts.map((text) => JSON.stringify(text)).join(" or ");
  return {
    find(value, subject) {
      if (typeof value === "string" && texts.includes(value)) return undefined;
      const hint = typeof value === "string" ? didYouMean(value, texts) : "";
      const flaw = mustBe(subject, expected, value);
      return { ...flaw, problem: flaw.problem + hint };
    },
  };
}

/** A check of an array; `itemSubject` is the name of an element at the start of a sentence. */
export function listOf(expected: string, itemSubject: string, item: Check): Check {
  return {
    find(value, subject) {
      if (!Array.isArray(value)) return mustBe(subject, expected, value);
      for (let index = 0; index < value.length; index++) {
        const flaw = item.find(value[index], itemSubject);
        if (flaw !== undefined) return below(`[${index}]`, flaw);
      }
      return undefined;
    },
  };
}

/** A check of a plain object with any keys, whose values are all of one kind. */
export function mapOf(
  expected: string,
  itemSubject: string,
  item: Check,
  pathOf: (key: string) => string = member,
): Check {
  return {
    find(value, subject) {
      if (!isRecord(value) || !isPlain(value)) return mustBe(subject, expected, value);
      for (const key of Object.keys(value)) {
        const flaw = item.find(value[key], itemSubject);
        if (flaw !== undefined) return below(pathOf(key), flaw);
      }
      return undefined;
    },
  };
}

/** A check of an object with known keys. */
export function recordOf<K extends string>(shape: RecordShape<K>): Check {
  const checks = Object.entries<Check>(shape.keys);
  const required: Readonly<Record<string, string | undefined>> = shape.required ?? {};
  return {
    find(value, subject) {
      if (!isRecord(value)) return mustBe(subject, shape.expected, value);
      const unknown = Object.keys(value).find((key) => !Object.hasOwn(shape.keys, key));
      if (unknown !== undefined) return unknownKey(unknown, shape);
      for (const [key, check] of checks) {
        const part = value[key];
        const problem = required[key];
        if (part !== undefined) {
          const flaw = check.find(part, `\`${key}\``);
          if (flaw !== undefined) return below(member(key), flaw);
        } else if (problem !== undefined) return { path: "", problem };
      }
      const problem = shape.conflict?.(value);
      return problem === undefined ? undefined : { path: "", problem };
    },
  };
}

/** A check that depends on the value. */
export function either(pick: (value: unknown) => Check): Check {
  return { find: (value, subject) => pick(value).find(value, subject) };
}

/**
 * Checks a value whose path is `root`.
 * @throws {BotDefinitionError} It has a mistake.
 */
export function checkShape(check: Check, value: unknown, subject: string, root: string): void {
  const flaw = check.find(value, subject);
  if (flaw === undefined) return;
  throw new BotDefinitionError({ problem: flaw.problem, path: `${root}${flaw.path}` });
}

/** Whether a value is an object with keys, which an array, a Map, a Date or a Promise is not. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const tag = tagOf(value);
  return tag === "Object" || tag === "Module";
}

/** The path of a property: `.run`, or `["two words"]`. */
export function member(key: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `.${key}` : element(key);
}

/** The path of a property that is always quoted: `["ping"]`. */
export function element(key: string): string {
  return `[${JSON.stringify(key)}]`;
}

/** A flaw of a part, as one of the whole. */
export function below(segment: string, { path, problem }: Flaw): Flaw {
  return { path: segment + path, problem };
}

/** The flaw of a value that is something else altogether. */
export function mustBe(subject: string, expected: string, value: unknown): Flaw {
  const advice = isPromise(value) ? " Await it first." : "";
  return {
    path: "",
    problem: `${subject} must be ${expected}, not ${described(value)}.${advice}`,
  };
}

function unknownKey<K extends string>(key: string, { lacks, keys, instead }: RecordShape<K>): Flaw {
  const known = Object.keys(keys);
  const written = instead !== undefined && Object.hasOwn(instead, key) ? instead[key] : undefined;
  const advice = written !== undefined
    ? ` ${written}`
    : key === "default"
    ? " This is a whole module: use its default export."
    : didYouMean(key, known) || ` It can have: ${known.join(", ")}.`;
  return { path: member(key), problem: `${lacks} ${JSON.stringify(key)}.${advice}` };
}
