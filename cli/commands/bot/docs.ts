/**
 * `roomz bot docs`: prints the documentation of a bot, generated from its manifest.
 * @module
 */
import type {
  ArgumentManifest,
  BotManifest,
  CommandManifest,
  FlagManifest,
} from "../../../bot/mod.ts";
import type { CommandSpec } from "../../command_line/command_spec.ts";
import { print } from "../../terminal/output.ts";

export const botDocsCommand: CommandSpec = {
  name: "docs",
  summary: "Print a bot's commands as Markdown.",
  examples: ["roomz bot docs bot.ts > COMMANDS.md", "roomz bot docs bot.ts | glow"],
  arguments: "<file>",
  usesServer: false,
  async run(io, input) {
    const [file = ""] = input.words;
    const { loadBot } = await import("./bot_file.ts");
    const { manifest } = await loadBot(io, file);
    for (const line of markdown(manifest)) await print(io, line);
  },
};

function markdown({ name, prefixes, commands }: BotManifest): string[] {
  const calls = [...prefixes.map(code), code(`@${name} `)];
  return [
    `# ${escaped(name)}`,
    "",
    `A command starts with ${calls.join(" or ")}.`,
    ...commands.flatMap((command) => section(command, prefixes[0] ?? `@${name} `)),
  ];
}

function section(command: CommandManifest, prefix: string): string[] {
  const { signature, description, aliases, arguments: args, flags } = command;
  const rows = [...args.map(argumentRow), ...flags.map(flagRow)];
  return [
    "",
    `## ${code(prefix + signature)}`,
    ...(description === undefined ? [] : ["", escaped(description)]),
    ...(aliases.length === 0 ? [] : ["", `Also: ${aliases.map(code).join(", ")}.`]),
    ...(rows.length === 0
      ? []
      : ["", "| Argument or flag | Type | |", "| --- | --- | --- |", ...rows]),
  ];
}

function argumentRow({ name, type, extent, required, default: value }: ArgumentManifest): string {
  const what = { one: type, rest: "the rest of the line", many: `${type}, one or more` }[extent];
  return row(name, what, value === undefined ? (required ? "" : "optional") : given(value));
}

function flagRow({ name, type, default: value }: FlagManifest): string {
  return row(`--${name}`, type ?? "switch", value === undefined ? "optional" : given(value));
}

function given(value: string): string {
  return `default: ${code(value)}`;
}

function row(name: string, type: string, note: string): string {
  return `| ${code(name).replaceAll("|", "\\|")} | ${type.replaceAll("|", " \\| ")} | ${
    note.replaceAll("|", "\\|")
  } |`;
}

/** A code span, even if the text contains backticks. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>#|]/g, "\\$&").replaceAll("\n", " ");
}
