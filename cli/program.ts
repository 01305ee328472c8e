/**
 * The whole command: from a command line to an exit code.
 * @module
 */
import { botCommands } from "./bot.ts";
import { chatCommand } from "./chat.ts";
import { parseCommandLine, type Program } from "./command_line.ts";
import { completionsCommand } from "./completions.ts";
import { configCommands } from "./config.ts";
import { doctorCommand } from "./doctor.ts";
import { endingOf, ExitCode } from "./exit_code.ts";
import { historyCommand } from "./history.ts";
import type { Io } from "./io.ts";
import { loginCommand } from "./login.ts";
import { logoutCommand } from "./logout.ts";
import { manCommand } from "./man.ts";
import { nameCommand } from "./name.ts";
import { say } from "./say.ts";
import { sendCommand } from "./send.ts";
import { serveCommand } from "./serve.ts";
import { sessionsCommand } from "./sessions.ts";
import { tailCommand } from "./tail.ts";
import { upgradeCommand } from "./upgrade.ts";
import { fullVersion } from "./version.ts";
import { whoamiCommand } from "./whoami.ts";

const program: Program = {
  name: "roomz",
  version: fullVersion,
  summary: "Chat on Roomz from the terminal, from scripts and with bots.",
  examples: ["roomz login ada@example.com", "roomz"],
  main: chatCommand,
  commands: [
    chatCommand,
    sendCommand,
    tailCommand,
    loginCommand,
    logoutCommand,
    whoamiCommand,
    nameCommand,
    sessionsCommand,
    configCommands,
    doctorCommand,
    historyCommand,
    serveCommand,
    botCommands,
    completionsCommand(() => program),
    manCommand(() => program),
    upgradeCommand,
  ],
};

/**
 * Runs `roomz` with `args` (without the program's name) in the world of `io`. It never throws, and
 * never ends the process.
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
  try {
    const call = await parseCommandLine(program, args, io);
    await call();
    return ExitCode.OK;
  } catch (error) {
    const { exitCode, message } = endingOf(error, io);
    if (message !== undefined) await say(io, `roomz: ${message}`);
    return exitCode;
  }
}
