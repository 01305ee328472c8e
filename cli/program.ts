/**
 * Runs a command line, from arguments to exit code.
 * @module
 */
import { type Call, parseCommandLine } from "./command_line/command_line.ts";
import type { Program } from "./command_line/command_spec.ts";
import { endingOf, ExitCode } from "./command_line/exit_code.ts";
import type { Io } from "./command_line/io.ts";
import { fullVersion } from "./config/version.ts";
import { say } from "./terminal/output.ts";

const program: Program = {
  name: "roomz",
  version: fullVersion,
  summary: "Chat on Roomz from the terminal, from scripts and with bots.",
  examples: ["roomz login ada@example.com", "roomz"],
  main: async () => (await import("./commands/chat.ts")).chatCommand,
  // A command is loaded when one of the words on the command line is its name.
  commands: {
    chat: async () => (await import("./commands/chat.ts")).chatCommand,
    send: async () => (await import("./commands/send.ts")).sendCommand,
    ask: async () => (await import("./commands/ask.ts")).askCommand,
    tail: async () => (await import("./commands/tail.ts")).tailCommand,
    login: async () => (await import("./commands/login.ts")).loginCommand,
    logout: async () => (await import("./commands/logout.ts")).logoutCommand,
    whoami: async () => (await import("./commands/whoami.ts")).whoamiCommand,
    name: async () => (await import("./commands/name.ts")).nameCommand,
    sessions: async () => (await import("./commands/sessions/sessions.ts")).sessionsCommands,
    config: async () => (await import("./commands/config.ts")).configCommands,
    doctor: async () => (await import("./commands/doctor/doctor.ts")).doctorCommand,
    history: async () => (await import("./commands/history.ts")).historyCommand,
    serve: async () => (await import("./commands/serve.ts")).serveCommand,
    bot: async () => (await import("./commands/bot/bot.ts")).botCommands,
    fleet: async () => (await import("./commands/fleet/fleet.ts")).fleetCommands,
    mcp: async () => (await import("./commands/mcp/mcp.ts")).mcpCommand,
    webhook: async () => (await import("./commands/webhook/webhook.ts")).webhookCommand,
    completions: async () =>
      (await import("./commands/completions/completions.ts")).completionsCommand(program),
    man: async () => (await import("./commands/man/man.ts")).manCommand(program),
    upgrade: async () => (await import("./commands/upgrade.ts")).upgradeCommand,
  },
};

/**
 * Runs `roomz` with `args` (without the program's name). It never throws and never exits the process.
 *
 * @returns The exit code, see {@linkcode ExitCode}.
 *
 * @example Ask for the version
 * ```ts
 * import { type Io, main, type Output } from "@roomz/roomz/cli";
 *
 * let written = "";
 * const output: Output = {
 *   isTerminal: false,
 *   columns: () => 80,
 *   write: (text) => Promise.resolve(void (written += text)),
 * };
 * const io: Io = {
 *   stdin: { isTerminal: false, read: () => Promise.resolve(null), setRaw() {} },
 *   stdout: output,
 *   stderr: output,
 *   signal: new AbortController().signal,
 *   env: () => undefined,
 *   workingFolder: () => "/",
 * };
 * const exitCode = await main(["--version"], io);
 * if (exitCode !== 0 || !written.startsWith("roomz ")) throw new Error(written);
 * ```
 */
export async function main(args: readonly string[], io: Io): Promise<ExitCode> {
  let call: Call | undefined;
  try {
    call = await parseCommandLine(program, args, io);
    await call.run();
    return ExitCode.OK;
  } catch (error) {
    const { exitCode, message } = endingOf(error, io, call?.server);
    if (message !== undefined) await say(io, `roomz: ${message}`);
    return exitCode;
  }
}
