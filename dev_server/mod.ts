/**
 * A local Roomz server for development and tests, without anything else to install. It has the same
 * routes, events, limits and errors as the service. Do not expose it to a network: it is not hardened
 * for that.
 *
 * @example Start a server, and stop it at the end of the block
 * ```ts
 * import { createDevServer } from "@roomz/roomz/dev-server";
 *
 * await using server = await createDevServer({ port: 0, allowedEmails: "*" });
 * console.log(server.url);
 * ```
 * @module
 */
export { createDevServer, type DevServer } from "./dev_server.ts";
export type { MagicLink } from "./auth/magic_links.ts";
export type { DevServerOptions } from "./options.ts";
export { DevServerError } from "./base/errors.ts";
