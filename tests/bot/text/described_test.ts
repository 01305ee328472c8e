import { assertEquals } from "@std/assert";
import { described, isPlain, isPromise, kindOf } from "../../../bot/text/described.ts";

class Deploy {}

const values: readonly [value: unknown, description: string][] = [
  ["a", '"a"'],
  ["x".repeat(60), `"${"x".repeat(40)}…"`],
  ["a\nb", '"a\ufffdb"'],
  [5, "5"],
  [NaN, "NaN"],
  [1n, "1n"],
  [true, "true"],
  [undefined, "undefined"],
  [null, "null"],
  [Symbol("a"), "a symbol"],
  [[], "an empty array"],
  [[1, 2], "an array of 2"],
  [{}, "an object"],
  [Object.create(null), "an object"],
  [new Map(), "a Map"],
  [new Date(0), "a Date"],
  [new Error("x"), "an Error"],
  [/x/g, "the pattern /x/g"],
  [Promise.resolve(), "a Promise"],
  [{ then: () => {} }, "a Promise"],
  [new Deploy(), "a Deploy"],
  [new (class {})(), "an object"],
  [Object.create({ constructor: undefined }), "an object"],
  [new Uint8Array(1), "a Uint8Array"],
  [await import("../../../bot/text/quoted_text.ts"), "a module"],
  [Deploy, "the class Deploy"],
  [Map, "the class Map"],
  [() => {}, "a function"],
  [async () => {}, "an async function"],
  [function* () {}, "a generator function"],
  [async function* () {}, "an async generator function"],
];
for (const [value, description] of values) {
  Deno.test(`a value is described as ${description}`, () => {
    assertEquals(described(value), description);
  });
}

Deno.test("kindOf, isPromise and isPlain tell values apart", () => {
  const method = { run() {} }.run;
  assertEquals([kindOf(method), kindOf(function () {}), kindOf(method.bind({}))], [
    "function",
    "function",
    "function",
  ]);
  assertEquals([kindOf({}), kindOf(null), kindOf("a")], [undefined, undefined, undefined]);
  assertEquals([isPromise(Promise.resolve()), isPromise({ then: 1 }), isPromise(null)], [
    true,
    false,
    false,
  ]);
  assertEquals([isPlain({}), isPlain(Object.create(null)), isPlain(new Deploy()), isPlain([])], [
    true,
    true,
    false,
    false,
  ]);
});
