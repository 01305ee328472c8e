/**
 * `roomz man`: the manual page.
 * @module
 */
import type { Program } from "./command_line.ts";
import type { CommandSpec } from "./command_spec.ts";
import { commandTree } from "./command_tree.ts";

/** The command, for a program that is known when it runs: it is one of its commands. */
export function manCommand(program: () => Program): CommandSpec {
  return {
    name: "man",
    summary: "Print the manual page.",
    examples: ["roomz man | man -l -", "roomz man > ~/.local/share/man/man1/roomz.1"],
    async run(io) {
      const { manualPage } = await import("./manual_page.ts");
      const today = new Date().toISOString().slice(0, 10);
      await io.stdout.write(manualPage(commandTree(program()), program().version(io), today));
    },
  };
}
