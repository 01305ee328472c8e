/**
 * `roomz doctor`: diagnoses problems and suggests fixes.
 * @module
 */
import type { CommandSpec } from "../../command_line/command_spec.ts";
import { CommandError, type ExitCode } from "../../command_line/exit_code.ts";
import { print, printJson } from "../../terminal/output.ts";

const MARKS = { ok: "ok      ", warning: "warning ", problem: "PROBLEM " } as const;

export const doctorCommand: CommandSpec = {
  name: "doctor",
  summary: "Diagnose problems and suggest fixes.",
  examples: ["roomz doctor", "roomz doctor --json -s https://roomz.example"],
  options: [{ flags: "--json", summary: "Print one JSON object per check." }],
  async run(io, input) {
    const { diagnose } = await import("./diagnosis.ts");
    let problems = 0;
    let first: ExitCode | undefined;
    for await (const { check, level, text, remedy, exitCode } of diagnose(io, input)) {
      if (level === "problem") problems++;
      first ??= exitCode;
      if (input.flag("json")) await printJson(io, { check, level, text, remedy });
      else await print(io, `${MARKS[level]}${text}${remedy === undefined ? "" : `\n${remedy}`}`);
    }
    if (first === undefined) return;
    throw new CommandError(
      problems === 1 ? "1 problem found." : `${problems} problems found.`,
      first,
    );
  },
};
