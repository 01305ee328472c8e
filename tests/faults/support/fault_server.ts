/**
 * The development server in a process of its own, which tests kill, stop and restart.
 *
 * Argument: a {@linkcode FaultServerOptions} in JSON. It prints its port, then the number of its
 * connections for every line that it reads; it ends when its input does.
 * @module
 */
import { createDevServer } from "@roomz/roomz/dev-server";
import { EngineConnection } from "../../../dev_server/socket/engine_connection.ts";
import { ALLOWED_EMAILS, JWT_SECRET } from "../../contract/support/target.ts";
import { readLines, writeLine } from "./lines.ts";

/** The options of the server. */
export interface FaultServerOptions {
  readonly port?: number;
  readonly pingInterval?: number;
  readonly pingTimeout?: number;
  /** A file to which a line of JSON, `[id, content]`, is appended for every accepted message. */
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
 * message that is not in the file was never received, whenever the process is killed.
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
