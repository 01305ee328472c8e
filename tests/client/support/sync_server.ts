/**
 * A process with a development server and an echo in its channel: a SyncClient blocks its thread,
 * so the server must run elsewhere. Prints one line of JSON, and ends when its standard input does.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { createDevServer } from "@roomz/roomz/dev-server";

const email = "me@example.com";
const links: string[] = [];
const server = await createDevServer({
  port: 0,
  allowedEmails: [email],
  onMagicLink: ({ token }) => void links.push(token),
});
const echo = await AsyncClient.open(server.url, await server.mintSession(email), {
  displayName: "echo",
});
echo.on("message", async (message) => {
  if (message.content.startsWith("echo ")) await echo.send(message.content.slice(5));
});
await echo.login(email);
console.log(JSON.stringify({
  url: server.url,
  session: await server.mintSession(email),
  magicLinkToken: links[0],
}));
for await (const _ of Deno.stdin.readable);
Deno.exit();
