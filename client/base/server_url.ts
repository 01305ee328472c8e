/**
 * Parses a server's URL into the addresses of its HTTP routes and its WebSocket.
 * @module
 */
import { ConfigurationError } from "./errors.ts";

/** The URLs of one server. */
export interface ServerUrl {
  /** The normalised URL, without a trailing slash: also the key of its session in a cache. */
  readonly href: string;
  /** The Socket.IO endpoint. */
  readonly webSocket: string;
}

/** The last result: the accounts of one process are mostly on one server. */
let last: { readonly text: string; readonly parsed: ServerUrl } | undefined;

/**
 * Parses an `http`, `https`, `ws` or `wss` URL; a path is kept as a prefix.
 * @throws {ConfigurationError} It is not such a URL, or it contains a user name or a password.
 */
export function parseServerUrl(serverUrl: string | URL): ServerUrl {
  const text = String(serverUrl);
  if (last?.text === text) return last.parsed;
  const url = URL.parse(text);
  if (url === null || !/^(https?|wss?):$/.test(url.protocol) || url.hostname === "") {
    // The message does not quote the URL: a mistyped one may contain a password.
    throw new ConfigurationError(
      'The server URL is not valid. Include the scheme, as in "http://localhost:8000".',
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new ConfigurationError(
      "The server URL contains a user name or a password, which would end up in logs. Remove it: " +
        "Roomz logs in with a magic link.",
    );
  }
  const secure = url.protocol === "https:" || url.protocol === "wss:";
  const path = url.pathname.replace(/\/+$/, "");
  const parsed = {
    href: `${secure ? "https" : "http"}://${url.host}${path}`,
    webSocket: `${secure ? "wss" : "ws"}://${url.host}${path}/socket.io/?EIO=4&transport=websocket`,
  };
  last = { text, parsed };
  return parsed;
}
