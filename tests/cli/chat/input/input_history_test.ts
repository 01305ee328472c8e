import { assertEquals } from "@std/assert";
import { InputHistory } from "../../../../cli/chat/input/input_history.ts";

Deno.test("the history survives a restart, readable only by its owner", async () => {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/state/roomz/input_history`;
  const first = new InputHistory(file);
  await first.load();
  await first.add("one");
  await first.add("two\nlines");
  const mode = (await Deno.stat(file)).mode ?? 0;
  if (Deno.build.os !== "windows") assertEquals(mode & 0o777, 0o600);

  const second = new InputHistory(file);
  await second.load();
  assertEquals([second.older(""), second.older(""), second.older("")], [
    "two\nlines",
    "one",
    undefined,
  ]);
  await Deno.remove(folder, { recursive: true });
});

const notKept = [
  "/token abc",
  "  /token abc",
  "/token",
  "/Token T",
  "/tokn T",
  "/login me@example.com T",
  "/TOKEN T",
  "/token=T",
  "here: http://x/auth/verify?token=abc",
  "eyJhbGciOi.eyJzdWIi.c2ln",
  "   ",
];
for (const text of notKept) {
  Deno.test(`${JSON.stringify(text)} is not saved`, async () => {
    const history = new InputHistory();
    await history.add(text);
    assertEquals(history.older(""), undefined);
  });
}

Deno.test("what was edited in an entry and in the draft is kept while moving, until reset", async () => {
  const history = new InputHistory();
  for (const text of ["one", "two", "three"]) await history.add(text);
  assertEquals(history.older("draft"), "three");
  assertEquals(history.older("three!"), "two");
  assertEquals(history.older("two"), "one");
  assertEquals(history.older("one?"), undefined);
  assertEquals(history.newer("one?"), "two");
  assertEquals(history.newer("two"), "three!");
  assertEquals(history.newer("three"), "draft");
  assertEquals(history.newer("draft"), undefined);
  assertEquals([history.older("draft"), history.older("three"), history.older("two")], [
    "three",
    "two",
    "one?",
  ]);
  assertEquals(history.search("?"), undefined, "edits are not searched");
  history.reset();
  assertEquals([3, 2, 1].map(() => history.older("")), ["three", "two", "one"]);
});

Deno.test("edits of history entries are in no file", async () => {
  const file = await Deno.makeTempFile();
  const history = new InputHistory(file);
  await history.add("one");
  history.older("draft");
  history.newer("/token s3cret");
  await history.add("two");
  await history.saved;
  assertEquals(await Deno.readTextFile(file), '"one"\n"two"\n');
  await Deno.remove(file);
});

Deno.test("a repeated entry is saved once", async () => {
  const history = new InputHistory();
  for (const text of ["same", "same", "other", "same"]) await history.add(text);
  assertEquals([1, 2, 3, 4].map(() => history.older("")), ["same", "other", "same", undefined]);
});

Deno.test("a damaged line is skipped", async () => {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, '"good"\n{"not":"text"}\n"half\n"also good"\n');
  const history = new InputHistory(file);
  await history.load();
  assertEquals([history.older(""), history.older("")], ["also good", "good"]);
  await Deno.remove(file);
});

Deno.test("secrets that an earlier version saved are removed from the file", async () => {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, '"good"\n"/Token T"\n"/login a@b.example T"\n"also good"\n');
  const history = new InputHistory(file);
  await history.load();
  assertEquals([history.older(""), history.older("")], ["also good", "good"]);
  assertEquals(await Deno.readTextFile(file), '"good"\n"also good"\n');
  await Deno.remove(file);
});

Deno.test("a long file is cut to the newest 1,000 entries when loaded", async () => {
  const file = await Deno.makeTempFile();
  const lines = Array.from({ length: 2_500 }, (_, i) => `"${i}"\n`);
  await Deno.writeTextFile(file, lines.join(""));
  await new InputHistory(file).load();
  const kept = (await Deno.readTextFile(file)).trim().split("\n");
  assertEquals([kept.length, kept[0], kept.at(-1)], [1_000, '"1500"', '"2499"']);
  await Deno.remove(file);
});

Deno.test("a search finds the newest match, then older ones", async () => {
  const history = new InputHistory();
  for (const text of ["deploy one", "hello", "deploy two"]) await history.add(text);
  assertEquals(history.search("deploy"), "deploy two");
  assertEquals(history.search("deploy", 1), "deploy one");
  assertEquals(history.search("deploy", 5), "deploy one");
  assertEquals(history.search("nothing"), undefined);
});

Deno.test("entries added in quick succession are saved in order", async () => {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/input_history`;
  const history = new InputHistory(file);
  await history.load();
  const entries = Array.from({ length: 50 }, (_, at) => `entry ${at}`);
  for (const entry of entries) void history.add(entry);
  await history.saved;
  const lines = (await Deno.readTextFile(file)).trimEnd().split("\n");
  assertEquals(lines.map((line) => JSON.parse(line)), entries);
  await Deno.remove(folder, { recursive: true });
});
