/**
 * `roomz webhook`: says in the room what webhooks post.
 * @module
 */
import { type CommandSpec, WAIT_OPTIONS } from "../../command_line/command_spec.ts";

/** Where it listens, unless another address is given. */
const DEFAULT_ADDRESS = "127.0.0.1:8080";

export const webhookCommand: CommandSpec = {
  name: "webhook",
  summary:
    "Say in the room what webhooks post: events of GitHub; JSON, forms and text from others.",
  examples: [
    "roomz webhook --secret-file webhook.secret",
    "ROOMZ_WEBHOOK_SECRET=$(cat webhook.secret) roomz webhook --listen 0.0.0.0:8080",
    "roomz webhook --secret-file webhook.secret --print",
  ],
  options: [
    {
      flags: "--listen <address>",
      summary: `The address to listen on: HOST:PORT or PORT (default: ${DEFAULT_ADDRESS}).`,
    },
    {
      flags: "--secret-file <path>",
      summary: "A file with the secret that senders know (default: ROOMZ_WEBHOOK_SECRET).",
    },
    { flags: "--print", summary: "Print the lines instead, without a session." },
    ...WAIT_OPTIONS,
  ],
  async run(io, input) {
    const { serveWebhooks } = await loadServer();
    await serveWebhooks(io, input, input.text("listen") ?? DEFAULT_ADDRESS);
  },
};

/**
 * Loads the server by a computed URL. Deno reads the modules of a literal `import()` before anything
 * runs, so every command would wait for the package that verifies signatures. The price: a binary must
 * include the server explicitly (tools/compile.ts), and a `roomz` run from a clone needs permission to
 * read it.
 */
function loadServer(): Promise<typeof import("./webhook_server.ts")> {
  return import(new URL("./webhook_server.ts", import.meta.url).href);
}
