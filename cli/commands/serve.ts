/**
 * `roomz serve`: the development server.
 * @module
 */
import { aborted } from "../../client/base/aborted.ts";
import type { DevServer, DevServerOptions } from "../../dev_server/mod.ts";
import type { CommandSpec } from "../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import { endService } from "../command_line/interruption.ts";
import { print, say } from "../terminal/output.ts";

const DEFAULT_PORT = 8000;

export const serveCommand: CommandSpec = {
  name: "serve",
  summary: "Run a local Roomz server for development and testing.",
  examples: ["roomz serve --email ada@example.com", "roomz serve --port 0 --allow-all"],
  options: [
    { flags: "-p, --port <number>", summary: "The port; 0 picks a free one (default: 8000)." },
    {
      flags: "--email <address>",
      summary: "An address that may log in (repeatable).",
      repeatable: true,
    },
    { flags: "--allow-all", summary: "Let any address log in." },
  ],
  async run(io, input) {
    const port = input.integer("port", 0, 65_535) ?? DEFAULT_PORT;
    const emails = input.texts("email");
    if ((emails.length > 0) === input.flag("allowAll")) {
      throw new CommandError(
        "Choose who may log in: --email ADDRESS (repeatable), or --allow-all.",
        ExitCode.USAGE,
      );
    }
    const unread = Promise.withResolvers<never>();
    unread.promise.catch(() => {}); // Thrown by the race below.
    await using server = await start({
      port,
      allowedEmails: emails.length > 0 ? emails : "*",
      log: (text) => void say(io, text),
      onMagicLink: async ({ email, url }) => {
        await say(io, `Magic link for ${email} (works once):`);
        // Nobody can log in to a server whose links nobody reads.
        await print(io, url).catch(unread.reject);
      },
    });
    // Sessions are stored per server URL, so use the same host name as the default configuration.
    const url = `http://localhost:${new URL(server.url).port}`;
    await say(io, "Development server running. Press Ctrl+C to stop.");
    await say(io, `In another terminal: roomz login -s ${url} ${emails[0] ?? "EMAIL"}`);
    await print(io, url);
    await Promise.race([aborted(io.signal), unread.promise]);
    endService(io.signal);
  },
};

/**
 * Loads the server by a computed URL. Deno reads the modules of a literal `import()` before anything
 * runs, so every command would wait for ws and jose. The price: a binary must include the server
 * explicitly (tools/compile.ts), and a `roomz` run from a clone needs permission to read it.
 */
function loadServer(): Promise<typeof import("../../dev_server/mod.ts")> {
  return import(new URL("../../dev_server/mod.ts", import.meta.url).href);
}

async function start(options: DevServerOptions): Promise<DevServer> {
  const { createDevServer, DevServerError } = await loadServer();
  try {
    return await createDevServer(options);
  } catch (error) {
    if (!(error instanceof DevServerError)) throw error;
    throw new CommandError(error.message, ExitCode.FAILURE, { cause: error });
  }
}
