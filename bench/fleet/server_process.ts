/**
 * The development server for many accounts. Arguments: how many accounts. Prints its address and their
 * sessions as a line of JSON.
 * @module
 */
import { createDevServer } from "@roomz/roomz/dev-server";

const count = Number(Deno.args[0]);
const emails = Array.from({ length: count }, (_, index) => `a${index}@example.com`);
await using server = await createDevServer({
  port: 0,
  allowedEmails: emails,
  maxConnections: 10 * count,
});
const sessions: Record<string, string> = {};
for (const email of emails) sessions[email] = await server.mintSession(email);
console.log(JSON.stringify({ url: server.url, sessions }));
await new Promise(() => {});
