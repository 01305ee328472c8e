/**
 * `roomz completions`: prints the completion script for a shell.
 * @module
 */
import { commandOutline } from "../../command_line/command_outline.ts";
import type { CommandSpec, Program } from "../../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../../command_line/exit_code.ts";

const SHELLS = ["bash", "zsh", "fish", "powershell"];

/** `program` is the whole command line, which it describes. */
export function completionsCommand(program: Program): CommandSpec {
  return {
    name: "completions",
    summary: `Print the completion script for a shell: ${SHELLS.join(", ")}.`,
    examples: [
      "source <(roomz completions bash)",
      "roomz completions fish > ~/.config/fish/completions/roomz.fish",
    ],
    arguments: "<shell>",
    values: SHELLS,
    usesServer: false,
    async run(io, input) {
      const [shell = ""] = input.words;
      const { completionScript } = await import("./completion_scripts.ts");
      const script = completionScript(shell, await commandOutline(program));
      if (script === undefined) {
        throw new CommandError(
          `No completions for "${shell}". Choose one of: ${SHELLS.join(", ")}.`,
          ExitCode.USAGE,
        );
      }
      await io.stdout.write(script);
    },
  };
}
