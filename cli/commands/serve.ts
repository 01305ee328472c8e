/**
 * `roomz serve`: the development server.
 * @module
 */
import { aborted } from "../../client/base/aborted.ts";
import type { DevServer, DevServerOptions } from "../../dev_server/mod.ts";
import type { CommandInput, CommandSpec } from "../command_line/command_spec.ts";
import { isEmailAddress } from "../command_line/email_address.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import { endService } from "../command_line/interruption.ts";
import type { Io } from "../command_line/io.ts";
import { pathIn, stateFolder } from "../config/folders.ts";
import { createFile } from "../config/replace_file.ts";
import { print, say } from "../terminal/output.ts";
import { watchReader } from "../terminal/reader_left.ts";

const DEFAULT_PORT = 8000;
const DEFAULT_HOST = "127.0.0.1";

/** Hosts that clients on this machine reach as `localhost`. */
const LOCAL_HOSTS = [DEFAULT_HOST, "localhost"];
const ALL_HOSTS = ["0.0.0.0", "::"];

export const serveCommand: CommandSpec = {
  name: "serve",
  summary: "Run a local Roomz server for development and testing.",
  examples: ["roomz serve --email ada@example.com", "roomz serve --keep --allow-all"],
  usage: "(--email <address> | --allow-all)",
  options: [
    { flags: "-p, --port <number>", summary: "The port; 0 picks a free one (default: 8000)." },
    {
      flags: "--host <address>",
      summary: "The address to listen on, for containers and phones (default: 127.0.0.1).",
    },
    {
      flags: "--email <address>",
      summary: "An address that may log in (repeatable).",
      repeatable: true,
    },
    { flags: "--allow-all", summary: "Let any address log in." },
    { flags: "--keep", summary: "Keep logins valid across restarts." },
  ],
  usesServer: false,
  async run(io, input) {
    const port = input.integer("port", 0, 65_535) ?? DEFAULT_PORT;
    const emails = input.texts("email");
    if ((emails.length > 0) === input.flag("allowAll")) {
      throw new CommandError(
        "Choose who may log in: --email ADDRESS (repeatable), or --allow-all.",
        ExitCode.USAGE,
      );
    }
    const wrong = emails.find((email) => !isEmailAddress(email));
    if (wrong !== undefined) {
      throw new CommandError(
        `--email must be an address such as ada@example.com, but is "${wrong}". For several addresses, ` +
          "repeat --email; to let everybody log in: --allow-all",
        ExitCode.USAGE,
      );
    }
    const host = hostOf(input);
    const jwtSecret = input.flag("keep") ? await keptSecret(io) : undefined;
    const unread = Promise.withResolvers<never>();
    unread.promise.catch(() => {}); // Thrown by the race below.
    await using server = await start({
      port,
      hostname: host,
      ...(jwtSecret !== undefined && { jwtSecret }),
      allowedEmails: emails.length > 0 ? emails : "*",
      log: (text) => void say(io, text),
      onMagicLink: async ({ email, url }) => {
        await say(io, `Magic link for ${email} (works once):`);
        // Nobody can log in to a server whose links nobody reads.
        await print(io, url).catch(unread.reject);
      },
    });
    // Sessions are stored per server URL, so use the same host name as the default configuration.
    const isLocal = LOCAL_HOSTS.includes(host) || ALL_HOSTS.includes(host);
    const url = isLocal ? `http://localhost:${server.port}` : server.url;
    await say(io, "Development server running. Press Ctrl+C to stop.");
    if (jwtSecret === undefined) {
      await say(
        io,
        "Earlier logins are void, and new ones last until this server stops. --keep keeps them.",
      );
    }
    const warning = exposure(host);
    if (warning !== undefined) await say(io, warning);
    await say(io, `In another terminal: roomz login -s ${url} ${emails[0] ?? "EMAIL"}`);
    // The same host as in magic links: a browser keeps a login for one host.
    await say(io, `In a browser: ${server.url}`);
    await print(io, url);
    using reader = watchReader(io);
    await Promise.race([aborted(reader.signal), unread.promise]);
    endService(reader.signal);
  },
};

/** @throws {CommandError} It is not an address, but a URL or an address with a port. */
function hostOf(input: CommandInput): string {
  const text = input.text("host") ?? DEFAULT_HOST;
  const host = text.replace(/^\[(.*)\]$/, "$1");
  if (/^(?:[\w.-]+|[\da-f:.]*:[\da-f:.]*:[\da-f:.]*)$/i.test(host)) return host;
  throw new CommandError(
    `--host must be an address of this machine such as 0.0.0.0 or 192.168.1.5, without a port (that ` +
      `is --port), but is "${text}".`,
    ExitCode.USAGE,
  );
}

/** The warning for a host that others can reach. */
function exposure(host: string): string | undefined {
  if (/^127\.|^localhost$|^::1$/.test(host)) return undefined;
  const reach = `Warning: whoever can reach ${host} can reach this server, without encryption.`;
  return ALL_HOSTS.includes(host)
    ? `${reach.replace(host, "this machine")} Magic links name 127.0.0.1; for a phone, pass this ` +
      "machine's own address to --host."
    : reach;
}

/** A secret as long as the random ones of the server, 32 bytes in hexadecimal. */
const SECRET = /^[\da-f]{64}$/;

/**
 * The secret that signs sessions, created on the first use and kept for the next ones.
 * @throws {CommandError} It cannot be stored, or what is stored is not one.
 */
async function keptSecret(io: Io): Promise<string> {
  const folder = stateFolder(io);
  const file = pathIn(folder, "serve_secret");
  try {
    const secret = await readSecret(file) ?? await createSecret(folder, file);
    if (secret !== undefined && SECRET.test(secret)) return secret;
  } catch (error) {
    if (error instanceof CommandError || !(error instanceof Error)) throw error;
    throw new CommandError(`--keep cannot use ${file}: ${error.message}.`, ExitCode.FAILURE, {
      cause: error,
    });
  }
  throw new CommandError(
    `--keep cannot use ${file}: it is damaged. Delete it; everyone has to log in again.`,
  );
}

/** Of two servers that start at once, one creates the file and both use it. */
async function createSecret(folder: string, file: string): Promise<string | undefined> {
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const secret = crypto.getRandomValues(new Uint8Array(32)).toHex();
  return await createFile(file, secret) ? secret : await readSecret(file);
}

/** Reads the file, after taking the rights of others away; undefined if there is none. */
async function readSecret(file: string): Promise<string | undefined> {
  try {
    const { mode } = await Deno.stat(file);
    if (mode !== null && (mode & 0o077) !== 0) await Deno.chmod(file, mode & 0o700);
    return (await Deno.readTextFile(file)).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

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
