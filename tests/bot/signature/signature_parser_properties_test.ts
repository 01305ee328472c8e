/**
 * Round trips: any signature and any line that are formatted are parsed back to the same values.
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { ArgumentReader } from "../../../bot/signature/argument_reader.ts";
import { camelCase, parseSignature } from "../../../bot/signature/signature_parser.ts";
import { quote } from "../support/quote.ts";

/** A value, and one way to type it. */
interface Typed {
  readonly word: string;
  readonly value: unknown;
}

/** An argument or flag of a signature, and its value in a line. */
interface Slot {
  readonly role: "required" | "optional" | "flag" | "switch";
  readonly name: string;
  /** The text after the colon; undefined if there is no colon. */
  readonly type: string | undefined;
  readonly fallback: Typed | undefined;
  readonly given: Typed | undefined;
}

/** A last argument that takes the rest: verbatim text, or a list if `text` is undefined. */
interface Last {
  readonly required: boolean;
  readonly text: string | undefined;
  readonly list: readonly number[];
}

const numRuns = Number(Deno.env.get("TEST_RUNS") ?? 4_000);

const asWritten = (value: unknown): Typed => ({ word: `${value}`, value });
const text = fc.string({ unit: fc.constantFrom(..."ab1 \n'\"“”‘’-—=\\é👍") });
const number = fc.double({ noDefaultInfinity: true, noNaN: true }).map((n) => n + 0);
const date = fc.date({
  min: new Date("0000-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59Z"),
  noInvalidDate: true,
});

/** Per type: what can be typed in a line, and as a default in a signature if that differs. */
const types: readonly {
  readonly type?: string;
  readonly typed: fc.Arbitrary<Typed>;
  readonly plain?: fc.Arbitrary<Typed>;
}[] = [
  {
    typed: text.map((value) => ({ word: quote(value), value })),
    plain: fc.string({ unit: fc.constantFrom(..."ab1-=\\é👍") }).map(asWritten),
  },
  { type: "int", typed: fc.maxSafeInteger().map(asWritten) },
  { type: "number", typed: number.map(asWritten) },
  { type: "bool", typed: fc.boolean().map((value) => ({ word: value ? "yes" : "OFF", value })) },
  { type: "duration", typed: fc.nat().map((value) => ({ word: `${value}ms`, value })) },
  {
    type: "email",
    typed: fc.emailAddress().map((value) => ({ word: quote(value), value })),
    plain: fc.emailAddress().map(asWritten),
  },
  { type: "date", typed: date.map((value) => ({ word: value.toISOString(), value })) },
  { type: "dev|prod", typed: fc.constantFrom("dev", "prod").map(asWritten) },
];

const letters = fc.string({ unit: fc.constantFrom(..."abXé世1_"), minLength: 1, maxLength: 4 });
const name = fc.tuple(
  fc.constantFrom(..."abcdefé世"),
  fc.option(letters, { nil: "" }),
  fc.array(letters),
)
  .map(([first, others, parts]) => [first + others, ...parts].join("-"));

const slot: fc.Arbitrary<Slot> = fc.constantFrom(...types).chain(
  ({ type, typed, plain = typed }) => {
    const fallback = fc.option(plain, { nil: undefined });
    const given = fc.option(typed, { nil: undefined });
    const as = <R extends Slot["role"]>(role: R) => ({
      role: fc.constant(role),
      name,
      type: fc.constant(type),
      fallback: fc.constant(undefined),
      given,
    });
    return fc.oneof(
      fc.record({ ...as("required"), given: typed }),
      fc.record({ ...as("optional"), fallback }),
      fc.record({ ...as("flag"), type: fc.constant(type ?? "text"), fallback }),
      fc.record({
        ...as("switch"),
        type: fc.constant(undefined),
        given: fc.constantFrom(undefined, { word: "", value: true }),
      }),
    );
  },
);
const last: fc.Arbitrary<Last> = fc.record({
  required: fc.boolean(),
  text: fc.option(text.map((text) => `x${text}`.trimEnd()), { nil: undefined }),
  list: fc.array(number, { minLength: 1 }),
});

/** The parts of a signature. */
const parts = fc.record({
  words: fc.array(
    fc.string({ unit: fc.constantFrom(..."abé世?!'-"), minLength: 1 }).map((word) => `w${word}`),
    { minLength: 1, maxLength: 3 },
  ),
  slots: fc.uniqueArray(slot, { selector: ({ name }) => camelCase(name).toLowerCase() }),
  last: fc.option(last, { nil: undefined }),
}).map(({ words, slots, last }) => {
  const of = (role: Slot["role"]) => slots.filter((slot) => slot.role === role);
  const optional = of("optional");
  return {
    words,
    positionals: [...of("required"), ...optional],
    flags: slots.filter(({ role }) => role === "flag" || role === "switch"),
    // A required argument cannot follow an optional one.
    last: last && { ...last, required: last.required && optional.length === 0 },
  };
});

function written({ role, name, type, fallback }: Slot): string {
  const inside = `${role === "flag" || role === "switch" ? "--" : ""}${name}` +
    (type === undefined ? "" : `:${type}`) +
    (fallback === undefined ? "" : `=${fallback.word}`);
  return role === "required" ? `<${inside}>` : `[${inside}]`;
}

function writtenLast({ required, text }: Last): string {
  const inside = text === undefined ? "last:number..." : "last...";
  return required ? `<${inside}>` : `[${inside}]`;
}

type Parts = typeof parts extends fc.Arbitrary<infer T> ? T : never;

/** The formatted parts of a signature. */
function pieces({ words, positionals, flags, last }: Parts): string[] {
  return [
    ...words,
    ...flags.slice(0, 1).map(written),
    ...positionals.map(written),
    ...(last === undefined ? [] : [writtenLast(last)]),
    ...flags.slice(1).map(written),
  ];
}

Deno.test("a formatted signature is parsed back to the same parts", () => {
  const space = fc.infiniteStream(fc.constantFrom(" ", "  ", "\n\t"));
  fc.assert(
    fc.property(parts, space, (parts, spaces) => {
      const source = pieces(parts).map((piece) => `${spaces.next().value}${piece}`).join("");
      const { text, words, arguments: positionals, flags } = parseSignature(source, "here");
      assertEquals(text, pieces(parts).join(" "));
      assertEquals(words, parts.words);
      const { last } = parts;
      assertEquals(
        positionals.map(({ type, ...argument }) => ({ ...argument, type: type.name })),
        [
          ...parts.positionals.map(({ role, name, type = "text", fallback }) => ({
            ...{ name, key: camelCase(name), extent: "one", required: role === "required" },
            ...{ default: fallback?.word, type },
          })),
          ...(last === undefined ? [] : [{
            ...{ name: "last", key: "last", required: last.required, default: undefined },
            ...(last.text === undefined
              ? { extent: "many", type: "number" }
              : { extent: "rest", type: "text" }),
          }]),
        ],
      );
      assertEquals(
        flags.map(({ type, ...flag }) => ({ ...flag, type: type?.name })),
        parts.flags.map(({ name, type, fallback }) => ({
          ...{ name, key: camelCase(name), default: fallback?.word, type },
        })),
      );
      assertEquals(parseSignature(text, "here").text, text);
    }),
    { seed: 12, numRuns },
  );
});

/** A flag as a person types it. */
function typedFlag({ role, name, given }: Slot, apart: boolean): string {
  if (role === "switch") return `--${name.toUpperCase()}`;
  return `--${name}${apart ? " " : "="}${given?.word}`;
}

Deno.test("the formatted arguments of any signature are parsed back to the same values", () => {
  fc.assert(
    fc.property(parts, fc.boolean(), fc.boolean(), (parts, flagsFirst, apart) => {
      const { positionals, last } = parts;
      const missing = positionals.findIndex(({ given }) => given === undefined);
      const there = missing === -1 ? positionals : positionals.slice(0, missing);
      const lastGiven = last !== undefined && missing === -1 ? last : undefined;
      const values = there.map(({ given }) => given?.word);
      const flags = parts.flags.filter(({ given }) => given !== undefined)
        .map((flag) => typedFlag(flag, apart));
      const line = [
        ...(flagsFirst ? [...flags, ...values] : [...values, ...flags]),
        ...(lastGiven === undefined ? [] : [lastGiven.text ?? lastGiven.list.join(" ")]),
      ].join(" ");

      const expected: Record<string, unknown> = {};
      for (const slot of [...positionals, ...parts.flags]) {
        const isGiven = there.includes(slot) || parts.flags.includes(slot);
        const typed = (isGiven ? slot.given : undefined) ?? slot.fallback;
        if (typed !== undefined) expected[camelCase(slot.name)] = typed.value;
        else if (slot.role === "switch") expected[camelCase(slot.name)] = false;
      }
      if (lastGiven !== undefined) expected["last"] = lastGiven.text ?? lastGiven.list;
      else if (last !== undefined && last.text === undefined) expected["last"] = [];

      const reader = new ArgumentReader(parseSignature(pieces(parts).join(" "), "here"));
      assertEquals<unknown>(reader.read(line, 0), { args: expected });
    }),
    { seed: 13, numRuns },
  );
});
