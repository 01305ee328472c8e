/**
 * Listens on a TCP port, and finds the host name for clients.
 * @module
 */
import type { Server as HttpServer } from "node:http";
import { DevServerError } from "../base/errors.ts";

/** An operating system error, with a code such as `EADDRINUSE`. */
type SystemError = Error & { readonly code?: string };

/**
 * Starts listening, and resolves to the port.
 *
 * @throws {DevServerError} If the port is in use or the address does not belong to this machine.
 */
export function listen(http: HttpServer, port: number, hostname: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: SystemError): void => reject(cannotListen(error, port, hostname));
    http.once("error", fail);
    http.listen({ port, host: hostname }, () => {
      http.off("error", fail);
      const address = http.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function cannotListen(
  cause: SystemError,
  port: number,
  hostname: string,
): DevServerError {
  if (cause.code === "EADDRINUSE") {
    const message = `Port ${port} of ${hostname} is in use. Stop the program that uses it, ` +
      "or choose another port; 0 selects any free one.";
    return new DevServerError(message, { cause });
  }
  if (cause.code === "EACCES") {
    const message = `This program lacks the permission to listen on port ${port} of ${hostname}. ` +
      "Choose a port above 1023; 0 selects any free one.";
    return new DevServerError(message, { cause });
  }
  const message = `Cannot listen on port ${port} of ${hostname} (${cause.message}). ` +
    'Choose an address of this machine, such as "127.0.0.1".';
  return new DevServerError(message, { cause });
}

/** A host that clients can connect to, even if the server listens on all addresses. */
export function reachableHost(hostname: string): string {
  if (hostname === "0.0.0.0") return "127.0.0.1";
  if (hostname === "::") return "[::1]";
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}
