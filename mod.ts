/**
 * Roomz for Deno: talk with your own scripts, agents and bots from any device.
 *
 * This is the client and the bot layer. The command line is `@roomz/roomz/cli`, the development
 * server `@roomz/roomz/dev-server`.
 * @module
 */
export * from "./client/mod.ts";
export * from "./bot/mod.ts";
