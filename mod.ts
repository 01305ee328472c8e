/**
 * Roomz for Deno: talk to your own scripts, agents and bots from any device.
 *
 * This entry point has the client and the bot layer. The command line is in `@roomz/roomz/cli`, the
 * development server in `@roomz/roomz/dev-server`.
 * @module
 */
export * from "./client/mod.ts";
export * from "./bot/mod.ts";
