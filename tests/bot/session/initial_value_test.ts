import { BotDefinitionError, defineBot, definePlugin } from "@roomz/roomz/bot";
import { assertEquals, assertThrows } from "@std/assert";

class Todo {
  readonly text = "milk";
}
const circular: Record<string, unknown> = {};
circular.self = circular;

const flawed: readonly [what: string, value: unknown, message: string][] = [
  [
    "a Date",
    { at: new Date() },
    ".at is a Date, which cannot be stored. Use strings, finite numbers, ",
  ],
  ["a Map", { todos: new Map() }, ".todos is a Map, which cannot be stored."],
  ["a Set", { a: { b: [new Set()] } }, ".a.b[0] is a Set, which cannot be stored."],
  ["NaN", { n: NaN }, ".n is NaN, which cannot be stored."],
  ["Infinity", { n: [1, -Infinity] }, ".n[1] is -Infinity, which cannot be stored."],
  ["a function", { f: () => {} }, ".f is a function, which cannot be stored."],
  ["a class instance", { todo: new Todo() }, ".todo is a Todo, which cannot be stored."],
  ["a bigint", { n: 1n }, ".n is a bigint, which cannot be stored."],
  ["a symbol", { s: Symbol() }, ".s is a symbol, which cannot be stored."],
  ["undefined in an array", { a: [undefined] }, ".a[0] is undefined, which cannot be stored."],
  ["a Promise", { a: Promise.resolve(1) }, ".a is a Promise, which cannot be stored."],
  ["typed numbers", { a: new Uint8Array(2) }, ".a is a Uint8Array, which cannot be stored."],
  ["a circular reference", circular, ".self is a circular reference, which cannot be stored."],
  ["an instance itself", new Todo(), " is a Todo, which cannot be stored."],
];
for (const [what, value, message] of flawed) {
  Deno.test(`${what} in an initial session or state is a definition error with its path`, () => {
    const initial = () => Object(value);
    const session = assertThrows(
      () => defineBot({ name: "x", session: { initial } }),
      BotDefinitionError,
      `session${message}`,
    );
    assertEquals(session.path, "session.initial");
    const steps = { "a": { ask: "?" } };
    const flow = assertThrows(
      () => defineBot({ name: "x", flows: { f: { version: 1, state: initial, steps } } }),
      BotDefinitionError,
      `state${message}`,
    );
    assertEquals(flow.path, "flows.f.state");
  });
}

Deno.test("an initial session or state that is no object is a definition error", () => {
  const values: readonly [value: unknown, described: string][] = [
    [undefined, "undefined."],
    [null, "null."],
    [[], "an empty array."],
    ["", '"".'],
    [5, "5."],
    [new Date(), "a Date."],
    [new Map(), "a Map."],
    [Promise.resolve({}), "a Promise. Await it first."],
    [() => ({}), "a function."],
  ];
  for (const [value, described] of values) {
    const session = { initial: () => value };
    assertEquals(
      assertThrows(
        () => Reflect.apply(defineBot, undefined, [{ name: "x", session }]),
        BotDefinitionError,
      ).message,
      `The initial session must be a plain object, not ${described}\n  in session.initial`,
    );
    const f = { version: 1, state: () => value, steps: { "a": { ask: "?" } } };
    assertThrows(
      () => Reflect.apply(defineBot, undefined, [{ name: "x", flows: { f } }]),
      BotDefinitionError,
      `The initial state must be a plain object, not ${described}\n  in flows.f.state`,
    );
  }
});

Deno.test("an initial session that throws or is too large is a definition error", () => {
  const inPlugin = (initial: () => object) => () =>
    defineBot({ name: "x", use: [definePlugin({ name: "p", session: { initial } })] });
  assertThrows(
    inPlugin(() => {
      throw new TypeError("no config");
    }),
    BotDefinitionError,
    'This function throws "TypeError: no config". defineBot calls it once, to check what it returns.\n' +
      '  in use[0] (plug-in "p"): session.initial',
  );
  assertThrows(
    inPlugin(() => ({ text: "é".repeat(40_000) })),
    BotDefinitionError,
    "The initial session is 80011 bytes as JSON, which exceeds the limit of 65536.",
  );
});

Deno.test("what can be stored is accepted, and `initial` is called once", () => {
  let calls = 0;
  const values: readonly object[] = [
    {},
    { a: [1, "b", null, true, { c: [] }] },
    { absent: undefined },
    Object.assign(Object.create(null), { a: 1 }),
    Object.freeze({ a: -0 }),
    { at: new Date(0).toISOString() },
  ];
  for (const value of values) {
    const initial = () => {
      calls++;
      return value;
    };
    const session = { initial };
    defineBot({ name: "x", session, groups: [{ session }] });
  }
  assertEquals(calls, values.length);
});
