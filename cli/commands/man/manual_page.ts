/**
 * Generates the manual page from the commands, in troff.
 * @module
 */
import { allNodes, type CommandNode, type OptionNode } from "../../command_line/command_outline.ts";
import { ExitCode } from "../../command_line/exit_code.ts";

const EXIT_CODES: Readonly<Record<ExitCode, string>> = {
  [ExitCode.OK]: "Success.",
  [ExitCode.FAILURE]: "Failure, for a reason not listed below.",
  [ExitCode.USAGE]: "Usage error: invalid command line, configuration or input.",
  [ExitCode.NOT_LOGGED_IN]: "Not logged in, or the server rejected the session.",
  [ExitCode.NOT_CONNECTED]:
    "Not connected: the server is unreachable or not a Roomz server, or the connection was lost.",
  [ExitCode.INTERRUPTED]: "Interrupted by Ctrl+C or a signal.",
};

const ENVIRONMENT: readonly (readonly [name: string, meaning: string])[] = [
  ["ROOMZ_SERVER_URL", "The server."],
  ["ROOMZ_DISPLAY_NAME", "The name shown next to your email."],
  ["ROOMZ_TOKEN", "A session token or a magic-link token that overrides the stored session."],
  ["ROOMZ_TOKEN_FILE", "A file with such a token, read if ROOMZ_TOKEN is not set."],
  ["ROOMZ_FLEET_STORAGE", "The database of a fleet, if --storage does not name it."],
  [
    "ROOMZ_FLEET_KEY",
    "The keys that encrypt the sessions of a fleet; the first one is the current one.",
  ],
  ["ROOMZ_FLEET_KEY_FILE", "A file with such keys, read if ROOMZ_FLEET_KEY is not set."],
  ["ROOMZ_WEBHOOK_SECRET", "The secret that the senders of webhooks know."],
  ["ROOMZ_HISTORY", "true: save received messages on this machine."],
  ["NO_COLOR", "Disable colours (any value)."],
  ["VISUAL, EDITOR", "The editor that /editor opens in the chat."],
  ["XDG_STATE_HOME", "Where sessions and history are stored (default: ~/.local/state)."],
];

const FILES: readonly (readonly [name: string, meaning: string])[] = [
  ["./roomz.toml", "The project's configuration, which overrides the user's."],
  ["~/.roomz.toml", "The user's configuration."],
  ["~/.local/state/roomz/", "Sessions and history, readable only by their owner."],
];

/** The page of a program, dated `date`. */
export function manualPage(program: CommandNode, version: string, date: string): string {
  const [root, ...nodes] = allNodes(program);
  const options = root?.options ?? [];
  const examples = new Set([program, ...nodes].flatMap(({ examples }) => examples));
  return [
    `.TH ${program.name.toUpperCase()} 1 "${date}" "${program.name} ${version}" "User Commands"`,
    ".SH NAME",
    `${text(program.name)} \\- ${text(program.summary)}`,
    ".SH SYNOPSIS",
    `.B ${text(program.name)}`,
    text("[command] [options]"),
    ".SH COMMANDS",
    ...nodes.filter(doesSomething).flatMap(command),
    ".SH OPTIONS",
    ...options.flatMap(option),
    ".SH EXIT STATUS",
    ...Object.entries(EXIT_CODES).flatMap(([code, meaning]) => item(code, meaning)),
    ".SH ENVIRONMENT",
    ...ENVIRONMENT.flatMap(([name, meaning]) => item(name, meaning)),
    ".SH FILES",
    ...FILES.flatMap(([name, meaning]) => item(name, meaning)),
    ".SH EXAMPLES",
    ".nf",
    ...[...examples].map(text),
    ".fi",
    "",
  ].join("\n");
}

/** Whether it does something on its own, rather than only group commands. */
function doesSomething(node: CommandNode): boolean {
  return node.children.length === 0 || ownOptions(node).length > 0;
}

function ownOptions({ options }: CommandNode): OptionNode[] {
  return options.filter(({ long }) => long !== "--server" && long !== "--help");
}

function command(node: CommandNode): string[] {
  const { path, usage, summary } = node;
  return [
    `.SS ${text(`${path} ${usage}`.trim())}`,
    text(summary),
    ...ownOptions(node).flatMap(option),
  ];
}

function option({ short, long, value, optionalValue, summary }: OptionNode): string[] {
  const flags = short === undefined ? long : `${short}, ${long}`;
  if (optionalValue !== undefined) return item(`${flags}[=<${optionalValue}>]`, summary);
  return item(value === undefined ? flags : `${flags} <${value}>`, summary);
}

function item(term: string, meaning: string): string[] {
  return [".TP", `.B ${text(term)}`, text(meaning)];
}

/** Escapes text for troff: dashes stay dashes, and no line starts a request. */
function text(plain: string): string {
  return plain.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/^[.']/, "\\&$&");
}
