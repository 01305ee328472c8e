/**
 * What this repository relies on in the packages that offline/ can stand in for, asserted of
 * whichever is loaded: the real ones where JSR answers, the stand-ins elsewhere.
 * @module
 */
import { Command, ValidationError } from "@cliffy/command";
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
import { unicodeWidth } from "@std/cli/unicode-width";
import { basename, dirname, fromFileUrl, join, relative, resolve, toFileUrl } from "@std/path";

/** A program with one of each thing, and a record of what was called with what. */
function program(): { root: Command; calls: unknown[] } {
  const calls: unknown[] = [];
  const root = new Command();
  root.name("prog");
  root.description("A program.\n\n$ prog run x");
  root.throwErrors();
  root.globalOption("-s, --server <url>", "A server.");
  root.option("-V, --version", "The version.");
  root.helpOption("-h, --help", "Help.", function (this: Command) {
    calls.push(["help", this.getHelp({ colors: false, width: 80 })]);
  });
  root.action((options: unknown) => void calls.push(["root", options]));

  const run = new Command();
  run.description("Run it.\n\nAt length.");
  run.arguments("<file> [rest...]");
  run.option("--json", "As JSON.");
  run.option("--dry-run", "Not really.");
  run.option("--email <address>", "Several.", { collect: true });
  run.action((options: unknown, ...args: unknown[]) => {
    calls.push(["run", options, args.flat(), run.getLiteralArgs(), run.getPath()]);
  });

  const group = new Command();
  group.description("A group.");
  group.action(() => void calls.push(["group"]));
  group.command("run", run);
  root.command("group", group);
  root.command("plain", new Command());
  return { root, calls };
}

Deno.test("command: options and arguments reach the action of a nested command", async () => {
  const { root, calls } = program();
  await root.parse(
    ["group", "run", "f", "a", "-s", "u", "--json", "--dry-run", "--email", "a@b", "--email=c@d"],
  );
  const options = { server: "u", json: true, dryRun: true, email: ["a@b", "c@d"] };
  assertEquals(calls, [["run", options, ["f", "a"], [], "prog group run"]]);
});

Deno.test("command: help can be had of a program that parsed nothing", async () => {
  const { root, calls } = program();
  await root.parse(["--help"]);
  const { root: fresh } = program();
  assertEquals(calls, [["help", fresh.getHelp({ colors: false, width: 80 })]]);
});

Deno.test("command: a global option may stand before the command", async () => {
  const { root, calls } = program();
  for (const option of [["-s", "u"], ["-s=u"], ["--server=u"]]) {
    await root.parse([...option, "group", "run", "f"]);
    assertEquals(calls.pop(), ["run", { server: "u" }, ["f"], [], "prog group run"]);
  }
});

Deno.test("command: what follows -- is literal, and no argument", async () => {
  const { root, calls } = program();
  await root.parse(["group", "run", "f", "--", "--json", "-h"]);
  assertEquals(calls, [["run", {}, ["f"], ["--json", "-h"], "prog group run"]]);
});

Deno.test("command: without a command the root's action runs, and a group's its own", async () => {
  const { root, calls } = program();
  await root.parse([]);
  await root.parse(["--version"]);
  await root.parse(["group"]);
  assertEquals(calls, [["root", {}], ["root", { version: true }], ["group"]]);
});

Deno.test("command: a lone dash is an argument", async () => {
  const { root, calls } = program();
  await root.parse(["group", "run", "-"]);
  assertEquals(calls, [["run", {}, ["-"], [], "prog group run"]]);
});

Deno.test("command: help is left to the program, before anything is found missing", async () => {
  for (const args of [["group", "run", "--help"], ["group", "run", "-h"]]) {
    const { root, calls } = program();
    await root.parse(args);
    assertEquals(calls.length, 1);
    const help = String(calls).replace(/^help,/, "");
    assertMatch(help.trim(), /^Usage: +prog group run/);
    for (const part of ["Run it.", "At length.", "--email", "-s, --server", "-h, --help"]) {
      assertStringIncludes(help, part);
    }
    // deno-lint-ignore no-control-regex -- colours start with it
    assertNotMatch(help, /\x1b/);
  }
});

Deno.test("command: an option of the program alone is none of its commands'", async () => {
  const { root, calls } = program();
  const error = await assertRejects(() => root.parse(["plain", "--version"]), ValidationError);
  assertMatch(error.message, /Unknown option "--version"/);
  await root.parse(["group", "run", "--help"]);
  assertNotMatch(String(calls), /--version/);
  assertEquals([...String(calls).matchAll(/--server/g)].length, 1);
});

Deno.test("command: a list of commands shows the first line of each description", async () => {
  const { root, calls } = program();
  await root.parse(["--help"]);
  assertStringIncludes(String(calls), "$ prog run x");
  assertStringIncludes(String(calls), "A group.");
  await root.parse(["group", "--help"]);
  assertMatch(String(calls[1]), /run .*<file> +\[rest\.\.\.\].*Run it\./);
  assertNotMatch(String(calls[1]), /At length/);
});

const wrong: readonly [args: string[], message: RegExp, path: string][] = [
  [["nope"], /Unknown command "nope"/, "prog"],
  [["--nope"], /Unknown option "--nope"/, "prog"],
  [["--nope=value"], /Unknown option "--nope"/, "prog"],
  [["nope", "--help"], /Unknown command "nope"/, "prog"],
  [["group", "nope"], /Unknown command "nope"/, "prog group"],
  [["group", "nope", "-h"], /Unknown command "nope"/, "prog group"],
  [["group", "run"], /[Mm]issing.*file/, "prog group run"],
  [["group", "run", "f", "--json=x"], /^Option "--json" doesn't take a value/, "prog group run"],
  [["group", "run", "f", "--email"], /--email/, "prog group run"],
  [["plain", "x"], /arguments/, "prog plain"],
];
for (const [args, message, path] of wrong) {
  Deno.test(`command: ${args.join(" ")} rejects with the command that was misused`, async () => {
    const error = await assertRejects(() => program().root.parse(args), ValidationError);
    assertMatch(error.message, message);
    assertEquals(error.cmd?.getPath(), path);
  });
}

Deno.test("command: an error of an action is thrown as it is", async () => {
  const failing = new Command();
  failing.throwErrors();
  failing.action(() => {
    throw new RangeError("mine");
  });
  await assertRejects(() => failing.parse([]), RangeError, "mine");
});

Deno.test("unicode-width: columns of narrow, wide, combining and control characters", () => {
  const widths = ["abc", "漢字", "e\u0301", "é", "🦕", "", "\u200b"].map(unicodeWidth);
  assertEquals(widths, [3, 4, 1, 1, 2, 0, 0]);
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
