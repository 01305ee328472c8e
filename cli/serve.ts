/**
 * `roomz serve`: a Roomz server on this machine, for trying and testing.
 * @module
 */
import type { CommandSpec } from "./command_spec.ts";
import { CommandError, ExitCode } from "./exit_code.ts";
import { endService } from "./interruption.ts";
import { print, say } from "./say.ts";

const DEFAULT_PORT = 8000;

/** The command. */
export const serveCommand: CommandSpec = {
  name: "serve",
  summary: "Run a Roomz server on this machine, for trying and testing.",
  examples: ["roomz serve --email ada@example.com", "roomz serve --port 0 --allow-all"],
  options: [
    { flags: "-p, --port <number>", summary: "The port; 0 takes a free one. Default: 8000." },
    {
      flags: "--email <address>",
      summary: "Who may log in; give it once for each.",
      repeatable: true,
    },
    { flags: "--allow-all", summary: "Let every address log in." },
  ],
  async run(io, input) {
    const port = input.integer("port", 0, 65_535) ?? DEFAULT_PORT;
    const allowedEmails = input.texts("email");
    if (allowedEmails.length === 0 && !input.flag("allowAll")) {
      throw new CommandError(
        "Say who may log in: --email ada@example.com, or --allow-all.",
        ExitCode.USAGE,
      );
    }
    // Loaded here, because no other command needs a server.
    const { createDevServer } = await import("../dev_server/mod.ts");
    await using server = await createDevServer({
      port,
      allowedEmails,
      onMagicLink: async ({ email, url }) => {
        await say(io, `Magic link for ${email}, works once:`);
        await print(io, url);
      },
    });
    await say(io, "A Roomz server for trying and testing. Ctrl+C ends it.");
    await print(io, server.url);
    await aborted(io.signal);
    endService(io.signal);
  },
};

async function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  if (!signal.aborted) await promise;
}
