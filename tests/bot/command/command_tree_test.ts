import { assertEquals } from "@std/assert";
import { CommandTree } from "../../../bot/command/command_tree.ts";

function tree(...names: string[]): CommandTree<string> {
  const tree = new CommandTree<string>();
  for (const name of names) tree.add(name.split(" "), name);
  return tree;
}

Deno.test("the longest sequence of words that is a command wins", () => {
  const commands = tree("todo", "todo add", "todo add urgent now");
  assertEquals(commands.find("todo", 0).command, "todo");
  assertEquals(commands.find("todo milk", 0).command, "todo");
  assertEquals(commands.find("todo add milk", 0).command, "todo add");
  const { command, position } = commands.find("  todo  add urgent matters", 0);
  assertEquals([command, position], ["todo add", 11]);
});

Deno.test("words match in any case and Unicode form", () => {
  assertEquals(tree("Café").find("CAFE\u0301 noir", 0).command, "Café");
});

Deno.test("a quoted word does not match a command", () => {
  assertEquals(tree("todo", "todo add").find('todo "add"', 0).command, "todo");
  assertEquals(tree("todo").find('"todo"', 0).command, undefined);
});

Deno.test("without a command, the result has the matching words and the possible next ones", () => {
  const { command, path, unknown, following } = tree("todo add", "todo list").find("TODO ad x", 0);
  assertEquals(
    { command, path, unknown, following: [...following.keys()] },
    { command: undefined, path: ["TODO"], unknown: "ad", following: ["add", "list"] },
  );
});

Deno.test("add returns the command that already has the words, ignoring case", () => {
  const commands = tree("todo add");
  assertEquals(commands.add(["Todo", "ADD"], "other"), "todo add");
  assertEquals(commands.find("todo add", 0).command, "todo add");
});
