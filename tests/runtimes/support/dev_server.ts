/**
 * Runs the development server on any runtime: a client talks on it, and a browser asks for its page. Run
 * by runtimes_test.ts; throws if something is wrong. Prints what the page's script says.
 * @module
 */
import { equal } from "node:assert/strict";
import { AsyncClient } from "../../../client/mod.ts";
import { createDevServer } from "../../../dev_server/mod.ts";

const server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
const client = await AsyncClient.open(server.url, await server.mintSession("me@example.com"));
const sent = await client.send("hello");
equal(sent.status, "ok");
const age = Date.now() - Date.parse(sent.status === "ok" ? sent.timestamp : "");
equal(age > -60_000 && age < 60_000, true);

const post = (path: string, body: unknown) =>
  fetch(server.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
equal((await post("/auth/request-magic-link", { email: "me@example.com" })).status, 200);
const page = await fetch(server.url, { headers: { accept: "text/html" } });
equal(page.status, 200);
await page.text();
const script = await fetch(`${server.url}/page/socket.io.js`);
console.log(script.status, (await script.text()).slice(0, 400));

await client.disconnect();
await server.close();
console.log("all is well");
