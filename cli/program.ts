/**
 * The whole command: from a command line to an exit code.
 * @module
 */
import manifest from "../deno.json" with { type: "json" };
import { botRunCommand } from "./bot_run.ts";
import { chatCommand } from "./chat.ts";
import { parseCommandLine, type Program } from "./command_line.ts";
import { endingOf, type ExitCode, ExitCode as Code } from "./exit_code.ts";
import type { Io } from "./io.ts";
import { loginCommand } from "./login.ts";
import { logoutCommand } from "./logout.ts";
import { say } from "./say.ts";
import { sendCommand } from "./send.ts";
import { serveCommand } from "./serve.ts";
import { tailCommand } from "./tail.ts";
import { whoamiCommand } from "./whoami.ts";

const program: Program = {
  name: "roomz",
  version: manifest.version,
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
    serveCommand,
    { name: "bot", summary: "Run bots.", commands: [botRunCommand] },
  ],
};
