import { assertEquals } from "@std/assert";
import { type Change, UndoStack } from "../../../../cli/chat/input/undo_stack.ts";

const typed = (start: number, inserted: string): Change => ({
  start,
  removed: "",
  inserted,
  cursor: start,
});

/** What was inserted, change by change, the last first. */
function undone(stack: UndoStack): string[] {
  const all: string[] = [];
  for (let one = stack.pop(); one !== undefined; one = stack.pop()) all.push(one.inserted);
  return all;
}

const cases: readonly [name: string, add: (stack: UndoStack) => void, undone: string[]][] = [
  ["typed text is one change", (stack) => {
    stack.add(typed(0, "a"), true);
    stack.add(typed(1, "bc"), true);
  }, ["abc"]],
  ["text typed elsewhere is another one", (stack) => {
    stack.add(typed(0, "a"), true);
    stack.add(typed(0, "b"), true);
  }, ["b", "a"]],
  ["a paste is a change of its own", (stack) => {
    stack.add(typed(0, "a"), true);
    stack.add(typed(1, "b"));
    stack.add(typed(2, "c"), true);
  }, ["c", "b", "a"]],
  ["a deletion ends the typing", (stack) => {
    stack.add(typed(0, "a"), true);
    stack.add({ start: 0, removed: "a", inserted: "", cursor: 1 });
    stack.add(typed(0, "b"), true);
  }, ["b", "", "a"]],
  ["so does an undo", (stack) => {
    stack.add(typed(0, "a"), true);
    stack.add(typed(1, "b"));
    stack.pop();
    stack.add(typed(1, "c"), true);
  }, ["c", "a"]],
  ["more than 20 characters are several changes", (stack) => {
    for (let at = 0; at < 25; at++) stack.add(typed(at, "x"), true);
  }, ["xxxxx", "x".repeat(20)]],
  ["nothing was changed", () => {}, []],
];
for (const [name, add, expected] of cases) {
  Deno.test(`undo: ${name}`, () => {
    const stack = new UndoStack();
    add(stack);
    assertEquals(undone(stack), expected);
  });
}
