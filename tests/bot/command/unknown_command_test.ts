import { assertEquals } from "@std/assert";
import { CommandTree } from "../../../bot/command/command_tree.ts";
import { didYouMean, noCommand, unknownCommand } from "../../../bot/command/unknown_command.ts";

const tree = new CommandTree<string>();
for (const name of ["ping", "todo add", "todo list"]) tree.add(name.split(" "), name);

Deno.test("an unknown command gets the closest command as a suggestion", () => {
  const route = tree.find("pnig", 0);
  assertEquals(didYouMean(route, "!"), " Did you mean !ping?");
  const { hasSuggestion, text } = unknownCommand(route, "!");
  assertEquals(
    [hasSuggestion, text(true)],
    [true, 'There is no command "pnig". Did you mean !ping? !help lists the commands.'],
  );
});

Deno.test("without a close command, the reply refers to help", () => {
  const { hasSuggestion, text } = unknownCommand(tree.find("xyzzy", 0), "!");
  assertEquals(
    [hasSuggestion, text(true)],
    [false, 'There is no command "xyzzy". !help lists the commands.'],
  );
});

Deno.test("an incomplete command gets its possible next words", () => {
  const { hasSuggestion, text } = unknownCommand(tree.find("todo", 0), "!");
  assertEquals(
    [hasSuggestion, text(true)],
    [true, 'There is no command "todo". "todo" must be followed by add or list.'],
  );
});

Deno.test("a bot that is not alone speaks only for itself", () => {
  assertEquals(noCommand("xyzzy", false), 'I have no command "xyzzy".');
});
