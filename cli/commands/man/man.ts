/**
 * `roomz man`: prints the manual page.
 * @module
 */
import { commandOutline } from "../../command_line/command_outline.ts";
import type { CommandSpec, Program } from "../../command_line/command_spec.ts";

/** `program` is the whole command line, which it describes. */
export function manCommand(program: Program): CommandSpec {
  return {
    name: "man",
    summary: "Print the manual page.",
    examples: ["roomz man | man -l -", "roomz man > ~/.local/share/man/man1/roomz.1"],
    usesServer: false,
    async run(io) {
      const { manualPage } = await import("./manual_page.ts");
      const today = new Date().toISOString().slice(0, 10);
      const tree = await commandOutline(program);
      await io.stdout.write(manualPage(tree, program.version(io), today));
    },
  };
}
