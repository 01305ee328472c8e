/**
 * The type of a command's `args`, inferred from its signature.
 *
 * Implements the grammar of signature_parser.ts in types. Two pitfalls: an `infer` next to a union
 * (`${infer A}${" " | "\n"}`) makes the type checker run out of memory, and recursion that is not
 * tail recursion is limited to 50 levels.
 * @module
 */
import type { Value, ValueTypes } from "./value_types.ts";

/** Marks an argument in `args` whose type does not exist, such as `<n:itn>`. */
export interface UnknownType<T extends string> {
  /** The unknown type's name. */
  readonly "~unknownType": T;
}

/** The text that the type checker shows if there is no type `T`. */
export type NoSuchType<T extends string> =
  `There is no type "${T}": use text, int, number, bool, duration, email, url, date, or choices such as a|b`;

/**
 * The `args` that a command with the signature `S` receives.
 *
 * `<a>` is a string, `<a:int>` a number, `[a]` is optional, `[a:int=6]` is always present, `<a...>` is
 * a string, `<a:int...>` an array, `[--a]` a boolean, `[--a:int]` is optional. Names with dashes
 * become camelCase. If the signature's type is just `string`, any argument may be present.
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

/** The `args` of a signature that the type checker does not know. */
export type AnyArgs = Record<string, Value | Value[] | undefined>;

/** The names of the unknown types in `Args`; `never` if there are none. */
export type UnknownTypesIn<Args> = {
  [K in keyof Args]-?: Exclude<Args[K], undefined> extends infer V
    ? V extends UnknownType<infer T> ? T : V extends readonly UnknownType<infer T>[] ? T : never
    : never;
}[keyof Args];

/**
 * Replaces tabs and line ends by spaces.
 * @internal
 */
type OneLine<S extends string> = S extends `${infer A}\n${infer B}` ? OneLine<`${A} ${B}`>
  : S extends `${infer A}\t${infer B}` ? OneLine<`${A} ${B}`>
  : S extends `${infer A}\r${infer B}` ? OneLine<`${A} ${B}`>
  : S;

/**
 * Walks through the parts from left to right and collects what they add to `args`.
 * @internal
 */
type Walk<S extends string, Found = unknown> = S extends ` ${infer Rest}` ? Walk<Rest, Found>
  : S extends `<${infer Body}>${infer Rest}` ? Walk<Rest, Found & Positional<Body>>
  : S extends `[${infer Body}]${infer Rest}` ? Walk<Rest, Found & Optional<Body>>
  : S extends `${string} ${infer Rest}` ? Walk<Rest, Found>
  : Found;

/** An argument without a default, always present. */
type Positional<Body extends string> = Body extends `${infer Head}...` ? Several<Head>
  : One<Body>;

/** The content of square brackets: a flag, or an argument with or without a default. */
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

/** What the type named `T` parses to: `"int"` a number, `"dev|prod"` one of the two words. */
export type ValueOf<T extends string> = T extends keyof ValueTypes ? ValueTypes[T]
  : T extends `${string}|${string}` ? Choice<T>
  : UnknownType<T>;

/**
 * The union of the words between bars.
 * @internal
 */
type Choice<T extends string, Found = never> = T extends `${infer A}|${infer B}`
  ? Choice<B, Found | A>
  : Found | T;
type CamelCase<Name extends string> = Name extends `${infer A}-${infer B}`
  ? `${A}${Capitalize<CamelCase<B>>}`
  : Name;
