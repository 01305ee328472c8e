/**
 * Runs `roomz webhook`: the HTTP server, and the connection to the room.
 * @module
 */
import { BotHealth } from "../../../bot/mod.ts";
import { SlidingWindow } from "../../../bot/context/sliding_window.ts";
import { systemPlatform } from "../../../bot/run/platform.ts";
import { aborted } from "../../../client/base/aborted.ts";
import { messageOf } from "../../../client/base/errors.ts";
import type { AsyncClient } from "../../../client/mod.ts";
import { createConfiguredClient, reportConnection } from "../../account/create_client.ts";
import { connectWhenUp, readWait } from "../../account/wait_for_server.ts";
import type { CommandInput } from "../../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../../command_line/exit_code.ts";
import { endService } from "../../command_line/interruption.ts";
import type { Io } from "../../command_line/io.ts";
import { readConfiguration } from "../../config/configuration.ts";
import { pathIn } from "../../config/folders.ts";
import { HEALTH_PATH, healthEndpoint } from "../../http/health_endpoint.ts";
import { listen, type Listening } from "../../http/listen.ts";
import { addressText, type ListenAddress, listenAddress } from "../../http/listen_address.ts";
import { print, say } from "../../terminal/output.ts";
import { WebhookEndpoint, type WebhookParts } from "./webhook_endpoint.ts";

/** The display name of the connection. */
const DISPLAY_NAME = "webhook";

/** A shorter secret could be guessed. */
const SHORTEST_SECRET = 16;

/** How long to wait for an acknowledgement, milliseconds: GitHub gives up on a request after 10 s. */
const ACK_TIMEOUT = 8_000;

/** At most so many refused requests a minute are reported: anybody can send them. */
const REPORTS_PER_MINUTE = 10;

/**
 * Says what webhooks post until it is interrupted.
 * @throws {CommandError} There is no usable secret, or the address cannot be listened on.
 * @throws {AuthenticationError} The server refused the session.
 */
export async function serveWebhooks(
  io: Io,
  input: CommandInput,
  listenText: string,
): Promise<void> {
  const address = listenAddress("--listen", listenText);
  const secret = await readSecret(io, input);
  const wait = readWait(input);
  if (input.flag("print")) {
    const sayLine = async (line: string): Promise<undefined> => void await print(io, line);
    const report = () => ({ healthy: true, text: "printing" });
    using server = start(io, address, { secret, say: sayLine }, report);
    await sayListening(io, server);
    await aborted(io.signal);
    return endService(io.signal);
  }
  await using client = createConfiguredClient(io, await readConfiguration(io, input), {
    displayName: DISPLAY_NAME,
    maxReconnectAttempts: Infinity,
    ackTimeout: ACK_TIMEOUT,
  });
  reportConnection(io, client);
  const health = new BotHealth();
  health.observe(client, systemPlatform);
  // Before the connection: a sender gets a 503 rather than no answer, and comes again.
  using server = start(
    io,
    address,
    { secret, say: (line) => sendLine(client, line) },
    () => health.report(),
  );
  await sayListening(io, server);
  try {
    const { signal } = io;
    const messages = await connectWhenUp(io, wait, async () => {
      const stream = client.messages({ signal }); // Anew: a failure ends the stream.
      await client.connect("", { signal });
      return stream;
    });
    await say(io, `Connected to ${client.serverUrl} as ${client.user?.email}.`);
    // They end when the client gives up because the session is refused.
    for await (const _ of messages);
  } catch (error) {
    if (error !== io.signal.reason) throw error;
  }
  endService(io.signal);
}

function start(
  io: Io,
  address: ListenAddress,
  parts: Pick<WebhookParts, "secret" | "say">,
  report: () => { readonly healthy: boolean; readonly text: string },
): Listening {
  const reports = new SlidingWindow(REPORTS_PER_MINUTE, 60_000);
  const endpoint = new WebhookEndpoint({
    ...parts,
    clock: systemPlatform,
    onRefused(reason) {
      const admission = reports.admit("", systemPlatform.monotonic());
      if (admission.admitted) void say(io, `Refused: ${reason}`);
      else if (admission.first) void say(io, "More requests are refused, and not reported.");
    },
  });
  const checkHealth = healthEndpoint(report);
  return listen("--listen", address, (request) => {
    const isCheck = request.method !== "POST" && new URL(request.url).pathname === HEALTH_PATH;
    return isCheck ? checkHealth(request) : endpoint.respond(request);
  });
}

async function sayListening(io: Io, server: Listening): Promise<void> {
  await say(
    io,
    `Listening for webhooks on http://${addressText(server.address)}. Press Ctrl+C to stop.`,
  );
}

/** Sends a line; returns why the room may not have got it. */
async function sendLine(client: AsyncClient, line: string): Promise<string | undefined> {
  try {
    const result = await client.send(line);
    return result.status === "ok" ? undefined : "The room did not acknowledge the message.";
  } catch {
    return "The room cannot be reached."; // Not connected: what the client says is not for the sender.
  }
}

async function readSecret(io: Io, input: CommandInput): Promise<string> {
  const file = input.text("secretFile");
  const secret = file === undefined
    ? io.env("ROOMZ_WEBHOOK_SECRET")?.trim() ?? ""
    : await readSecretFile(io, file);
  if (secret.length >= SHORTEST_SECRET) return secret;
  const problem = secret === ""
    ? "There is no secret. Pass a file with --secret-file, or set ROOMZ_WEBHOOK_SECRET."
    : `The secret is shorter than ${SHORTEST_SECRET} characters, and could be guessed.`;
  throw new CommandError(`${problem} To make one: openssl rand -hex 32`, ExitCode.USAGE);
}

async function readSecretFile(io: Io, file: string): Promise<string> {
  const path = file.startsWith("/") ? file : pathIn(io.workingFolder(), file);
  try {
    return (await Deno.readTextFile(path)).trim();
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? `there is no file "${path}"`
      : messageOf(error);
    throw new CommandError(
      `--secret-file cannot be used: ${reason}. To make a secret: openssl rand -hex 32`,
      ExitCode.USAGE,
      { cause: error },
    );
  }
}
