/**
 * A Roomz server to try things on and to test with, on this machine, with nothing else installed:
 * the same routes, events, limits and errors as the service. Not for use by others: it is not made
 * to face a network.
 *
 * @example Start one, and stop it at the end of the block
 * ```ts
 * import { createDevServer } from "@roomz/roomz/dev-server";
 *
 * await using server = await createDevServer({ port: 0, allowedEmails: "*" });
 * console.log(server.url);
 * ```
 * @module
 */
export { createDevServer, type DevServer } from "./dev_server.ts";
export type { DevServerOptions, MagicLink } from "./options.ts";
export { DevServerError } from "./errors.ts";
