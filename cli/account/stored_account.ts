/**
 * Asks the server whose session is stored on this machine.
 * @module
 */
import { type Account, AuthApi } from "../../client/auth/auth_api.ts";
import { Credentials } from "../../client/auth/credentials.ts";
import { sessionExpiry } from "../../client/auth/session_token.ts";
import { silentLogger } from "../../client/base/logger.ts";
import { Operation, TimeLimit } from "../../client/base/operation.ts";
import { systemPlatform } from "../../client/base/platform.ts";
import { type OptionsWithPlatform, readOptions } from "../../client/connection/options.ts";
import type { Io } from "../command_line/io.ts";
import { say } from "../terminal/output.ts";
import { sessionFile } from "./session_file.ts";

/** An account, and when the session that reaches it expires: milliseconds since 1970, undefined if unknown. */
export interface AccountOfSession {
  readonly account: Account;
  readonly expiresAt: number | undefined;
}

/**
 * The account of the session for `server`, a URL in the client's normal form. It does what `whoami()` of a
 * client does, without what connects one: that takes a third of the time of `roomz whoami` to load.
 * @throws {AuthenticationError} There is no session, or the server does not accept it.
 * @throws {ConnectionError} The server did not answer.
 */
export async function storedAccount(io: Io, server: string): Promise<AccountOfSession> {
  const platform = { ...systemPlatform, schedule };
  const options: OptionsWithPlatform = {
    platform,
    sessionCacheFile: sessionFile(io),
    logger: { ...silentLogger, warn: (problem) => void say(io, problem) },
  };
  const settings = readOptions(options);
  const { sessionCache: cache } = settings;
  const api = new AuthApi(platform, server);
  const parts = { platform, api, server, cache, initialToken: "", onCacheFailure() {} };
  // Outside of the time limit: nothing waits for a server here, and the file has a limit of its own.
  const { jwt } = await new Credentials(parts).obtain("", new Operation());
  const account = await new TimeLimit(settings, server).run(({ signal }) => api.me(jwt, signal));
  return { account, expiresAt: sessionExpiry(jwt) };
}

/** A timer of Deno's own. The first `setTimeout` of a process loads those of Node, for 4 ms (Deno 2.9.6). */
function schedule(callback: () => void, delay: number): () => void {
  const signal = AbortSignal.timeout(delay);
  signal.addEventListener("abort", callback);
  // Without a listener it does not keep the process alive.
  return () => signal.removeEventListener("abort", callback);
}
