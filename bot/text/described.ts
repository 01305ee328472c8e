/**
 * Describes values in error messages: `"!"`, `an array of 2`, `a Promise`, `the class Deploy`.
 * @module
 */
import { quoted } from "./quoted_text.ts";

/** The kinds of functions that a definition distinguishes. */
export type FunctionKind = "function" | "async" | "generator" | "async generator" | "class";

const KINDS: Readonly<Record<string, FunctionKind>> = {
  AsyncFunction: "async",
  GeneratorFunction: "generator",
  AsyncGeneratorFunction: "async generator",
};

/** The kind of a function; undefined if the value is not a function. */
export function kindOf(value: unknown): FunctionKind | undefined {
  if (typeof value !== "function") return undefined;
  // Of all functions, only a class has a prototype that cannot be replaced.
  if (Object.getOwnPropertyDescriptor(value, "prototype")?.writable === false) return "class";
  return KINDS[tagOf(value)] ?? "function";
}

/** Whether a value is a Promise, or can be awaited like one. */
export function isPromise(value: unknown): boolean {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}

/** The name in `[object Name]`: "Object" for plain objects and most instances of classes. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

/** Whether an object was written as `{ … }`, or is a module, and not an instance of a class. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // The prototype of every realm's plain objects is the only one that has none itself.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Describes a value of any type, to follow "not". */
export function described(value: unknown): string {
  switch (typeof value) {
    case "string":
      return quoted(value);
    case "bigint":
      return `${value}n`;
    case "symbol":
      return "a symbol";
    case "function":
      return describedFunction(value);
    case "object":
      return value === null ? "null" : describedObject(value);
    default:
      return String(value);
  }
}

function describedFunction(value: { readonly name: string }): string {
  const kind = kindOf(value) ?? "function";
  if (kind === "class") return value.name === "" ? "a class" : `the class ${value.name}`;
  return kind === "function" ? "a function" : `${withArticle(kind)} function`;
}

function describedObject(value: object): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? "an empty array" : `an array of ${value.length}`;
  }
  if (value instanceof RegExp) return `the pattern ${value}`;
  if (isPromise(value)) return "a Promise";
  const tag = tagOf(value);
  if (tag !== "Object") return withArticle(tag === "Module" ? "module" : tag);
  if (isPlain(value)) return "an object";
  const maker: unknown = value.constructor;
  return typeof maker === "function" && maker.name !== "" ? withArticle(maker.name) : "an object";
}

function withArticle(noun: string): string {
  return `${/^(?!u(?:int|rl|ser))[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;
}
