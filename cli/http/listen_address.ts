/**
 * Addresses that a command listens on, as `HOST:PORT`.
 * @module
 */
import { CommandError, ExitCode } from "../command_line/exit_code.ts";

/** Only programs on this machine can reach it. */
const LOOPBACK = "127.0.0.1";

/** An address to listen on. */
export interface ListenAddress {
  /** A host name or an IP address, without brackets. */
  readonly hostname: string;
  /** 0 for a free one. */
  readonly port: number;
}

/**
 * Reads `HOST:PORT`, `[IPv6]:PORT` or `PORT`, which is a port of 127.0.0.1.
 * @throws {CommandError} It is something else; the error names `option`.
 */
export function listenAddress(option: string, text: string): ListenAddress {
  const [, bracketed, plain, digits = ""] =
    /^(?:(?:\[([\da-f:.]+)\]|([\w.-]+)):)?(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  if (digits !== "" && port <= 65_535) {
    return { hostname: bracketed ?? plain ?? LOOPBACK, port };
  }
  throw new CommandError(
    `${option} must be an address to listen on, such as 127.0.0.1:8081 or [::1]:8081, but is "${text}".`,
    ExitCode.USAGE,
  );
}

/** The address as it is in a URL: `127.0.0.1:8081`, `[::1]:8081`. */
export function addressText({ hostname, port }: ListenAddress): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
