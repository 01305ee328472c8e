/**
 * What this repository relies on in the packages that offline/ can stand in for, asserted of
 * whichever is loaded: the real ones where JSR answers, the stand-ins elsewhere.
 * @module
 */
import { Command } from "@cliffy/command";
import {
  assert,
  assertEquals,
  assertExists,
  assertInstanceOf,
  AssertionError,
  assertMatch,
  assertNotEquals,
  assertNotMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  fail,
} from "@std/assert";
import { basename, dirname, fromFileUrl, join, relative, resolve, toFileUrl } from "@std/path";

/** A program with one of each thing, whose help was rendered once, as ours does. */
function program() {
  const root = new Command();
  root.name("prog");
  root.description("A program.\n\n$ prog run x");
  root.globalOption("-s, --server <url>", "A server.");
  root.option("-V, --version", "The version.");
  root.helpOption("-h, --help", "Help.", () => {});

  const run = new Command();
  run.description("Run it.\n\nAt length.");
  run.arguments("<file> [rest...]");
  run.option("--json", "As JSON.");
  run.option("--email <address>", "Several.", { collect: true });

  const group = new Command();
  group.description("A group.");
  root.command("group", group);
  group.command("run", run);
  root.command("plain", new Command());
  root.getHelp(LOOK);
  return { root, group, run };
}

const LOOK = { colors: false, width: 80 };

Deno.test("command: the help of a nested command has its path, arguments, options and description", () => {
  const help = program().run.getHelp(LOOK);
  assertMatch(help.trim(), /^Usage: +prog group run <file> \[rest\.\.\.\]/);
  for (const part of ["Run it.", "At length.", "--json", "As JSON.", "--email", "-s, --server"]) {
    assertStringIncludes(help, part);
  }
  assertMatch(help, /-h, --help +.*Help\./);
  assertEquals([...help.matchAll(/--server/g)].length, 1);
  assertNotMatch(help, /--version/, "an option of the program alone");
});

Deno.test("command: a list of commands shows the first line of each description", () => {
  const { root, group } = program();
  assertStringIncludes(root.getHelp(LOOK), "$ prog run x");
  assertStringIncludes(root.getHelp(LOOK), "A group.");
  assertMatch(group.getHelp(LOOK), /run .*<file> +\[rest\.\.\.\].*Run it\./);
  assertNotMatch(group.getHelp(LOOK), /At length/);
});

Deno.test("command: help without colours has none, and keeps to its width", () => {
  const { root, run } = program();
  for (const help of [root.getHelp({ ...LOOK, width: 60 }), run.getHelp({ ...LOOK, width: 60 })]) {
    // deno-lint-ignore no-control-regex -- colours start with it
    assertNotMatch(help, /\x1b/);
    assertEquals(help.split("\n").filter((line) => line.length > 60), []);
  }
});

Deno.test("path: joins, resolves and takes apart", () => {
  assertEquals(join("/a", "b", "../c"), "/a/c");
  assertEquals(resolve("/a", "b"), "/a/b");
  assertEquals(resolve("/a", "/b"), "/b");
  assertEquals(dirname("/a/b.ts"), "/a");
  assertEquals(basename("/a/b.ts"), "b.ts");
  assertEquals(basename("/a/b.ts", ".ts"), "b");
  assertEquals(["/", "//", ""].map((path) => basename(path)), ["/", "/", ""]);
  assertEquals(relative("/a/b", "/a/c"), "../c");
});

Deno.test("path: file URLs escape what a URL cannot hold, both ways", () => {
  assertEquals(toFileUrl("/a b/ü?#.ts").href, "file:///a%20b/%C3%BC%3F%23.ts");
  assertEquals(fromFileUrl("file:///a%20b/%C3%BC.ts"), "/a b/ü.ts");
  assertEquals(fromFileUrl(new URL("file:///a/b.ts")), "/a/b.ts");
});

Deno.test("assert: assertions that hold pass", async () => {
  assert(true);
  assertEquals({ a: [1, new Map([["k", NaN]])] }, { a: [1, new Map([["k", NaN]])] });
  assertNotEquals({ a: 1 }, { a: 2 });
  assertStrictEquals(NaN, NaN);
  assertExists(0);
  assertMatch("abc", /b/);
  assertNotMatch("abc", /d/);
  assertStringIncludes("abc", "bc");
  assertInstanceOf(new TypeError(), Error);
  const thrown = assertThrows(() => raise(new TypeError("no way")), TypeError, "way");
  assertEquals(thrown.message, "no way");
  const rejected = await assertRejects(() => Promise.reject(new TypeError("never")), TypeError);
  assertEquals(rejected.message, "never");
});

const broken: readonly [name: string, assertion: () => void][] = [
  ["assert", () => assert(false, "told")],
  ["assertEquals", () => assertEquals<unknown>({ a: 1 }, { a: "1" }, "told")],
  ["assertEquals of other keys", () => assertEquals<unknown>({ a: 1 }, { a: 1, b: 2 }, "told")],
  ["assertNotEquals", () => assertNotEquals([1], [1], "told")],
  ["assertStrictEquals", () => assertStrictEquals<unknown>({}, {}, "told")],
  ["assertExists", () => assertExists(null, "told")],
  ["assertMatch", () => assertMatch("abc", /d/, "told")],
  ["assertNotMatch", () => assertNotMatch("abc", /b/, "told")],
  ["assertStringIncludes", () => assertStringIncludes("abc", "d", "told")],
  ["assertInstanceOf", () => assertInstanceOf(new Error(), TypeError, "told")],
  ["assertThrows", () => void assertThrows(() => {}, Error, "", "told")],
  ["fail", () => fail("told")],
];
for (const [name, assertion] of broken) {
  Deno.test(`assert: ${name} that does not hold throws an AssertionError with the words`, () => {
    assertStringIncludes(assertThrows(assertion, AssertionError).message, "told");
  });
}

Deno.test("assert: an error of another class or with other words is no match", async () => {
  const throwing = () => raise(new TypeError("one thing"));
  assertThrows(() => assertThrows(throwing, RangeError), AssertionError);
  assertThrows(() => assertThrows(throwing, TypeError, "another"), AssertionError);
  await assertRejects(() => assertRejects(() => Promise.resolve(), Error), AssertionError);
});

function raise(error: Error): never {
  throw error;
}
