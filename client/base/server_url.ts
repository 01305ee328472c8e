/**
 * The server's address, parsed once: where its HTTP routes and its WebSocket are.
 * @module
 */
import { ConfigurationError } from "./errors.ts";

/** The addresses of one server. */
export interface ServerUrl {
  /** The normalised address, without a trailing slash: also the key of its session in a cache. */
  readonly href: string;
  /** The Socket.IO endpoint. */
  readonly webSocket: string;
}

/**
 * Reads an `http`, `https`, `ws` or `wss` URL; a path is kept as a prefix.
 * @throws {ConfigurationError} It is no such URL, or it holds a user name or a password.
 */
export function parseServerUrl(serverUrl: string | URL): ServerUrl {
  const text = String(serverUrl);
  const url = URL.parse(text);
  if (url === null || !/^(https?|wss?):$/.test(url.protocol) || url.hostname === "") {
    // Not repeated whole: a mistyped URL may hold a password.
    throw new ConfigurationError(
      'The server URL is not valid. Give one with its scheme, such as "http://localhost:8000".',
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new ConfigurationError(
      "The server URL holds a user name or a password, which would end up in logs. Remove it: " +
        "Roomz logs in with a magic link.",
    );
  }
  const secure = url.protocol === "https:" || url.protocol === "wss:";
  const path = url.pathname.replace(/\/+$/, "");
  return {
    href: `${secure ? "https" : "http"}://${url.host}${path}`,
    webSocket: `${secure ? "wss" : "ws"}://${url.host}${path}/socket.io/?EIO=4&transport=websocket`,
  };
}
