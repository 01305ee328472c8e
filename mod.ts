/**
 * Roomz: talk to your own scripts, agents and bots from any device.
 *
 * This entry point has the client and the bot layer, which are also in `@roomz/roomz/client` and
 * `@roomz/roomz/bot`. The command line is in `@roomz/roomz/cli`, the development server in
 * `@roomz/roomz/dev-server`, the testing kit in `@roomz/roomz/testing`.
 *
 * @example A script that sends a message, and a bot that answers
 * ```ts
 * import { AsyncClient, defineBot, runBot } from "@roomz/roomz";
 *
 * async function notify(server: string, token: string): Promise<void> {
 *   await using client = await AsyncClient.open(server, token, { displayName: "backup" });
 *   const result = await client.send("The backup is done.");
 *   if (result.status !== "ok") console.error(result.error);
 * }
 *
 * const bot = defineBot({ name: "helper", commands: { "ping": "pong" } });
 *
 * function answer(server: string, token: string): Promise<void> {
 *   return runBot(bot, { server, token, standalone: true });
 * }
 * ```
 * @module
 */
export * from "./client/mod.ts";
export * from "./bot/mod.ts";
