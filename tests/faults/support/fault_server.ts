/**
 * The development server in a process of its own, which tests kill, stop and start again.
 *
 * Argument: a {@linkcode FaultServerOptions} in JSON. It writes its port on a line, then the number
 * of its connections for every line that it reads; it ends with its input.
 * @module
 */
import { createDevServer } from "@roomz/roomz/dev-server";
import { EngineConnection } from "../../../dev_server/engine_io.ts";
import { ALLOWED_EMAILS, JWT_SECRET } from "../../contract/support/target.ts";
import { readLines, writeLine } from "./lines.ts";

/** How the server runs. */
export interface FaultServerOptions {
  readonly port?: number;
  readonly pingInterval?: number;
  readonly pingTimeout?: number;
  /** A file that gets a line of JSON, `[id, content]`, for every message that was accepted. */
  readonly acceptedFile?: string;
}

if (import.meta.main) {
  const { acceptedFile, ...options }: FaultServerOptions = JSON.parse(Deno.args[0] ?? "{}");
  if (acceptedFile !== undefined) recordAccepted(acceptedFile);
  const server = await createDevServer({
    port: 0,
    ...options,
    allowedEmails: ALLOWED_EMAILS,
    jwtSecret: JWT_SECRET,
  });
  writeLine(server.port);
  for await (const _ of readLines(Deno.stdin.readable)) writeLine(server.connections);
  Deno.exit();
}

/**
 * Writes every message to the file before it is broadcast, and so before it is acknowledged: a
 * message that is not in the file was never had, whenever the process is killed.
 */
function recordAccepted(path: string): void {
  const file = Deno.openSync(path, { append: true, create: true });
  const { send } = EngineConnection.prototype;
  let recorded: unknown;
  EngineConnection.prototype.send = function (message) {
    if (message.startsWith('2["message",')) {
      const [, { id, content }] = JSON.parse(message.slice(1));
      // It is sent to each connection of the channel.
      if (id !== recorded) {
        file.writeSync(new TextEncoder().encode(`${JSON.stringify([id, content])}\n`));
      }
      recorded = id;
    }
    send.call(this, message);
  };
}
