/**
 * A helper for one's own machine: `!show disk`, `!restart web`. What it runs is a list, of which the
 * room chooses by name: no word from the room ever reaches a shell. What changes something asks first,
 * and is done for the laptop alone: `/name laptop` makes your chat one.
 *
 * Whoever has a connection in the room can do the same: `onlyFrom` is a filter, not security. Try it
 * with `roomz bot run examples/shell_bot.ts`; let it run by itself with these programs and no others:
 *
 * ```sh
 * export ROOMZ_TOKEN=$(roomz sessions --token)
 * deno run --allow-net --allow-env --allow-run=df,uptime,systemctl examples/shell_bot.ts
 * ```
 * @module
 */
import { type Bot, cooldown, defineBot, logger, onlyFrom, runBot, timeout } from "@roomz/roomz/bot";

/** Runs a program; resolves to what it printed, and whether it succeeded. */
export type RunProgram = (
  program: readonly [name: string, ...args: string[]],
  signal: AbortSignal,
) => Promise<{ readonly success: boolean; readonly output: string }>;

const LOOKS = {
  disk: ["df", "-h"],
  uptime: ["uptime"],
} as const;

/** The bot; `run` is what runs the programs. */
export function shellBot(run: RunProgram = runProgram): Bot {
  async function report(...[program, signal]: Parameters<RunProgram>): Promise<string> {
    const { success, output } = await run(program, signal);
    // A screenful; a message holds no more than 1,000 characters.
    const shown = output.trim().split("\n").slice(-20).join("\n");
    return success ? shown || "Done." : `${program[0]} failed: ${shown || "it printed nothing"}`;
  }
  return defineBot({
    name: "shell",
    use: [logger(), cooldown({ limit: 10, window: "1m" }), timeout("2m")],
    commands: {
      "show <what:disk|uptime>": {
        description: "Look at something",
        run: ({ args, signal }) => report(LOOKS[args.what], signal),
      },
      "restart <service:web|worker>": {
        description: "Restart a service, from the laptop",
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
    return { success: false, output: "there is no such program here" };
  }
}

const bot = shellBot();
export default bot;

if (import.meta.main) {
  const server = Deno.env.get("ROOMZ_SERVER_URL") ?? "http://localhost:8000";
  const token = Deno.env.get("ROOMZ_TOKEN") ?? ""; // A session, or the token of a magic link.
  await runBot(bot, { server, token, maxReconnectAttempts: Infinity, standalone: true });
}
