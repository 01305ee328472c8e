/**
 * HTTP servers of commands.
 * @module
 */
import { messageOf } from "../../client/base/errors.ts";
import { CommandError } from "../command_line/exit_code.ts";
import { addressText, type ListenAddress } from "./listen_address.ts";

/** A server that listens; disposing it closes all its connections. */
export interface Listening extends Disposable {
  /** Where it listens, with the port that was chosen. */
  readonly address: ListenAddress;
}

/**
 * Serves HTTP. An error of `respond` is a bug: the request gets a 500 without details.
 * @throws {CommandError} The address is in use, is not of this machine, or needs a permission; the
 * error names `option`.
 */
export function listen(
  option: string,
  address: ListenAddress,
  respond: (request: Request) => Response | Promise<Response>,
): Listening {
  const end = new AbortController();
  try {
    const { addr } = Deno.serve({ ...address, signal: end.signal, onListen() {} }, respond);
    return {
      address: { hostname: address.hostname, port: addr.port },
      [Symbol.dispose]: () => end.abort(),
    };
  } catch (error) {
    const where = addressText(address);
    const reason = error instanceof Deno.errors.AddrInUse
      ? `another program listens there. End it, or choose another port.`
      : error instanceof Deno.errors.NotCapable
      ? `that needs the permission --allow-net=${where}.`
      : `${messageOf(error)}.`;
    throw new CommandError(`${option} cannot listen on ${where}: ${reason}`, undefined, {
      cause: error,
    });
  }
}
