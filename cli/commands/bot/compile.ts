/**
 * `roomz bot compile`: compiles a bot with the Deno on the PATH.
 * @module
 */
import { basename, dirname, join, resolve, toFileUrl } from "@std/path";
import type { CommandSpec } from "../../command_line/command_spec.ts";
import { CommandError } from "../../command_line/exit_code.ts";
import type { Io } from "../../command_line/io.ts";
import { shellWord } from "../../command_line/shell_word.ts";
import { compatibleRange } from "../../config/version.ts";
import { print, say } from "../../terminal/output.ts";

/** What every bot needs; more permissions are passed after `--`. */
const PERMISSIONS = ["--no-prompt", "--unstable-kv", "--allow-net", "--allow-env"];

export const botCompileCommand: CommandSpec = {
  name: "compile",
  summary: "Compile a bot to a single executable that reads ROOMZ_SERVER_URL and ROOMZ_TOKEN.",
  examples: [
    "roomz bot compile bot.ts",
    "roomz bot compile bot.ts --output helper -- --allow-read=notes",
  ],
  arguments: "<file> [more...]",
  options: [
    {
      flags: "-o, --output <path>",
      summary: "The output file (default: the bot file without .ts).",
    },
    { flags: "--target <target>", summary: "The target platform, such as aarch64-apple-darwin." },
  ],
  usesServer: false,
  async run(io, input) {
    const [file = "", ...more] = input.words;
    const { loadBot } = await import("./bot_file.ts");
    await loadBot(io, file); // Fail early if it cannot be loaded.
    const path = resolve(io.workingFolder(), file);
    const output = resolve(io.workingFolder(), input.text("output") ?? withoutEnding(file));
    const target = input.text("target");
    const config = await configFor(dirname(path));
    const args = [
      "compile",
      ...(config === undefined ? [] : [`--config=${config}`]),
      ...PERMISSIONS,
      ...more,
      ...(target === undefined ? [] : ["--target", target]),
      "--output",
      output,
      entryPoint(path),
    ];
    await runDeno(io, args, dirname(path));
    await print(io, output);
  },
};

/** The Deno configuration that applies in a folder. Deno does not look for one when the program is a
 * data URL. */
async function configFor(folder: string): Promise<string | undefined> {
  for (const name of ["deno.json", "deno.jsonc"]) {
    const config = join(folder, name);
    if (await isFile(config)) return config;
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : await configFor(parent);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false; // Missing or not readable: Deno will report it.
  }
}

/** A program that runs the bot, as a data URL so that no file has to be written next to the user's. */
function entryPoint(bot: string): string {
  const program = `
    import { runBot } from "jsr:@roomz/roomz@${compatibleRange}/bot";
    import bot from ${JSON.stringify(toFileUrl(bot).href)};
    const server = Deno.env.get("ROOMZ_SERVER_URL") ?? "http://localhost:8000";
    const token = Deno.env.get("ROOMZ_TOKEN") ?? "";
    const options = { server, token, maxReconnectAttempts: Infinity, standalone: true };
    const exitCodes = new Map([["AuthenticationError", 3], ["ConnectionError", 4]]);
    await runBot(bot, options).catch((error) => {
      console.error(error.message);
      console.error("Set ROOMZ_SERVER_URL to the server's URL and ROOMZ_TOKEN to a session token.");
      Deno.exit(exitCodes.get(error.name) ?? 1);
    });`;
  return `data:application/typescript,${encodeURIComponent(program.replace(/\n */g, " ").trim())}`;
}

async function runDeno(io: Io, args: readonly string[], folder: string): Promise<void> {
  try {
    const child = new Deno.Command("deno", {
      args: [...args],
      cwd: folder,
      env: { NO_COLOR: "1" }, // Its output is shown as plain text.
      stdin: "null",
      stdout: "null",
      stderr: "piped",
      signal: io.signal,
    }).spawn();
    const { success, stderr } = await child.output();
    io.signal.throwIfAborted();
    if (success) return;
    throw new CommandError(
      `deno compile failed:\n${new TextDecoder().decode(stderr).trim()}`,
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new CommandError(
        "deno was not found on the PATH, and compiling requires it. Install it from https://deno.com",
      );
    }
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    // The compiled roomz is not permitted to run programs.
    await say(io, "This roomz is not permitted to run other programs. Run this command yourself:");
    await print(io, `cd ${shellWord(folder)} && deno ${args.map(shellWord).join(" ")}`);
    throw new CommandError("Nothing was compiled.");
  }
}

function withoutEnding(file: string): string {
  return basename(file).replace(/\.[cm]?[jt]s$/, "");
}
