/**
 * A helper for your own machine: `!show disk`, `!restart web`. It only runs programs from a fixed list,
 * which messages choose by name: no text from the room ever reaches a shell. Commands that change
 * something ask for confirmation, and work only from the laptop: `/name laptop` makes your chat one.
 *
 * Any connection in the room can take that name: `onlyFrom` is a filter, not security. Try the bot with
 * `roomz bot run examples/shell_bot.ts`. To run it permanently, allow it these programs and no others:
 *
 * ```sh
 * export ROOMZ_TOKEN=$(roomz sessions --token)
 * deno run --allow-net --allow-env --allow-run=df,uptime,systemctl examples/shell_bot.ts
 * ```
 * @module
 */
import { type Bot, cooldown, defineBot, logger, onlyFrom, runBot, timeout } from "@roomz/roomz/bot";

/** Runs a program; resolves to its output and whether it succeeded. */
export type RunProgram = (
  program: readonly [name: string, ...args: string[]],
  signal: AbortSignal,
) => Promise<{ readonly success: boolean; readonly output: string }>;

const PROGRAMS = {
  disk: ["df", "-h"],
  uptime: ["uptime"],
} as const;

/** Makes the bot; `run` runs the programs. */
export function shellBot(run: RunProgram = runProgram): Bot {
  async function report(...[program, signal]: Parameters<RunProgram>): Promise<string> {
    const { success, output } = await run(program, signal);
    // The end of the output: a message holds at most 1,000 characters.
    const shown = output.trim().split("\n").slice(-20).join("\n");
    return success ? shown || "Done." : `${program[0]} failed: ${shown || "no output"}`;
  }
  return defineBot({
    name: "shell",
    use: [logger(), cooldown({ limit: 10, window: "1m" }), timeout("2m")],
    commands: {
      "show <what:disk|uptime>": {
        description: "Show disk usage or uptime",
        run: ({ args, signal }) => report(PROGRAMS[args.what], signal),
      },
      "restart <service:web|worker>": {
        description: "Restart a service (only from the laptop)",
        use: [onlyFrom("laptop")],
        confirm: ({ args }) => `Run "systemctl --user restart ${args.service}"?`,
        run: ({ args, signal }) => report(["systemctl", "--user", "restart", args.service], signal),
      },
    },
  });
}

async function runProgram(
  ...[[name, ...args], signal]: Parameters<RunProgram>
): ReturnType<RunProgram> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(name, { args, signal }).output();
    const decoder = new TextDecoder();
    return { success, output: decoder.decode(stdout) + decoder.decode(stderr) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { success: false, output: "program not found" };
  }
}

const bot = shellBot();
export default bot;

if (import.meta.main) {
  const server = Deno.env.get("ROOMZ_SERVER_URL") ?? "http://localhost:8000";
  const token = Deno.env.get("ROOMZ_TOKEN") ?? ""; // A session, or the token of a magic link.
  await runBot(bot, { server, token, maxReconnectAttempts: Infinity, standalone: true });
}
