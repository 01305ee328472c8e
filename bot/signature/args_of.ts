/**
 * The type of a command's `args`, worked out by TypeScript from its signature.
 *
 * Reads the grammar of signature_parser.ts. Two traps met here: an `infer` next to a union
 * (`${infer A}${" " | "\n"}`) makes the checker run out of memory, and what is not tail recursive
 * ends at 50 levels.
 * @module
 */
import type { Value, ValueTypes } from "./value_types.ts";

/** Stands in `args` for an argument whose type does not exist: `<n:itn>`. */
export interface UnknownType<T extends string> {
  /** The name that is no type. */
  readonly "~unknownType": T;
}

/** What the type checker says where `T` is written as a type. */
export type NoSuchType<T extends string> =
  `There is no type "${T}": it is text, int, number, bool, duration, email, url, date, or words like a|b`;

/**
 * The `args` that a command with the signature `S` receives.
 *
 * `<a>` is a string, `<a:int>` a number, `[a]` may be absent, `[a:int=6]` is always there, `<a...>`
 * is a string, `<a:int...>` an array, `[--a]` a boolean, `[--a:int]` may be absent. Names with
 * dashes become camelCase. For a signature that is only known as `string`, any argument may be
 * there.
 *
 * @example The arguments of a command
 * ```ts
 * import type { ArgsOf } from "@roomz/roomz/bot";
 *
 * const args: ArgsOf<"deploy <service> [--env:dev|prod] [--dry-run]"> = {
 *   service: "api",
 *   env: "dev",
 *   dryRun: false,
 * };
 * console.log(args.service);
 * ```
 */
export type ArgsOf<S extends string> = string extends S ? AnyArgs
  : Walk<OneLine<S>> extends infer Found ? { [K in keyof Found]: Found[K] }
  : never;

/** The `args` of a signature that is not known to the type checker. */
export type AnyArgs = Record<string, Value | Value[] | undefined>;

/** The names in `Args` that are no types; never when all is well. */
export type UnknownTypesIn<Args> = {
  [K in keyof Args]-?: Exclude<Args[K], undefined> extends infer V
    ? V extends UnknownType<infer T> ? T : V extends readonly UnknownType<infer T>[] ? T : never
    : never;
}[keyof Args];

/**
 * Tabs and line ends as spaces.
 * @internal
 */
type OneLine<S extends string> = S extends `${infer A}\n${infer B}` ? OneLine<`${A} ${B}`>
  : S extends `${infer A}\t${infer B}` ? OneLine<`${A} ${B}`>
  : S extends `${infer A}\r${infer B}` ? OneLine<`${A} ${B}`>
  : S;

/**
 * Goes through the parts from left to right, and adds up what they put into `args`.
 * @internal
 */
type Walk<S extends string, Found = unknown> = S extends ` ${infer Rest}` ? Walk<Rest, Found>
  : S extends `<${infer Body}>${infer Rest}` ? Walk<Rest, Found & Positional<Body>>
  : S extends `[${infer Body}]${infer Rest}` ? Walk<Rest, Found & Optional<Body>>
  : S extends `${string} ${infer Rest}` ? Walk<Rest, Found>
  : Found;

/** What stands between brackets, without a default: always there. */
type Positional<Body extends string> = Body extends `${infer Head}...` ? Several<Head>
  : One<Body>;

/** What stands between square brackets: a flag, or an argument with or without a default. */
type Optional<Body extends string> = Body extends `--${infer Flag}=${string}` ? One<Flag>
  : Body extends `--${infer Flag}` ? Flag extends Typed ? Partial<One<Flag>> : Switch<Flag>
  : Body extends `${infer Head}=${string}` ? Positional<Head>
  : Body extends `${infer Head}...` ? Head extends Typed ? Several<Head> : Partial<Several<Head>>
  : Partial<One<Body>>;

type Typed = `${string}:${string}`;
type One<Body extends string> = { [P in KeyOf<Body>]: TypeOf<Body> };
/** `a...` is the rest of the line, `a:type...` a list. */
type Several<Head extends string> = {
  [P in KeyOf<Head>]: Head extends Typed ? TypeOf<Head>[] : string;
};
type Switch<Flag extends string> = { [P in KeyOf<Flag>]: boolean };

type KeyOf<Body extends string> = Body extends `${infer Name}:${string}` ? CamelCase<Name>
  : CamelCase<Body>;
type TypeOf<Body extends string> = Body extends `${string}:${infer T}` ? ValueOf<T> : string;

/** What the type of that name reads: `"int"` a number, `"dev|prod"` one of the two words. */
export type ValueOf<T extends string> = T extends keyof ValueTypes ? ValueTypes[T]
  : T extends `${string}|${string}` ? Choice<T>
  : UnknownType<T>;

/**
 * One of the words between bars.
 * @internal
 */
type Choice<T extends string, Found = never> = T extends `${infer A}|${infer B}`
  ? Choice<B, Found | A>
  : Found | T;
type CamelCase<Name extends string> = Name extends `${infer A}-${infer B}`
  ? `${A}${Capitalize<CamelCase<B>>}`
  : Name;
