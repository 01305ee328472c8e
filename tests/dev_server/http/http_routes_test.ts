/**
 * Routing: paths, methods, malformed requests.
 * @module
 */
import { createDevServer, type DevServer } from "@roomz/roomz/dev-server";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "../support/join.ts";
import { leakChecked } from "../support/leak_checked.ts";

function startServer(log: (text: string) => void = () => {}): Promise<DevServer> {
  return createDevServer({ port: 0, allowedEmails: "*", log });
}

async function status(url: string, method = "GET"): Promise<number> {
  const response = await fetch(url, { method });
  await response.body?.cancel();
  return response.status;
}

/** Sends raw bytes. @returns Everything received until the server ends the connection. */
async function exchange(server: DevServer, request: string): Promise<string> {
  using connection = await Deno.connect({ port: server.port, hostname: "127.0.0.1" });
  await connection.write(new TextEncoder().encode(request));
  return await new Response(connection.readable).text();
}

leakChecked("the page at / explains what this server is", async () => {
  await using server = await startServer();
  const response = await fetch(`${server.url}/?error=invalid_token`);
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("content-type"), "text/html; charset=utf-8");
  const html = await response.text();
  assertStringIncludes(html, "<h1>Roomz development server</h1>");
  assertStringIncludes(html, "for development and tests");
});

leakChecked("an unknown path gets 404, whatever the method", async () => {
  await using server = await startServer();
  for (const path of ["/nope", "/auth", "/auth/me/", "/auth/ME", "/constructor", "/auth//nope"]) {
    assertEquals(await status(server.url + path), 404, path);
    assertEquals(await status(server.url + path, "POST"), 404, path);
  }
});

leakChecked("a wrong method gets 405 with the allowed methods", async () => {
  await using server = await startServer();
  const routes: Record<string, readonly [wrong: string, allow: string]> = {
    "/": ["DELETE", "OPTIONS, HEAD, GET"],
    "/auth/request-magic-link": ["GET", "OPTIONS, POST"],
    "/auth/verify": ["POST", "OPTIONS, HEAD, GET"],
    "/auth/me": ["PUT", "OPTIONS, HEAD, GET"],
    "/auth/logout": ["GET", "OPTIONS, POST"],
  };
  for (const [path, [wrong, allow]] of Object.entries(routes)) {
    const refused = await fetch(server.url + path, { method: wrong });
    await refused.body?.cancel();
    assertEquals([refused.status, refused.headers.get("allow")], [405, allow], path);
    const asked = await fetch(server.url + path, { method: "OPTIONS" });
    await asked.body?.cancel();
    assertEquals([asked.status, asked.headers.get("allow")], [200, allow], path);
  }
});

leakChecked("HEAD gets the response of GET without the body", async () => {
  await using server = await startServer();
  const response = await fetch(`${server.url}/auth/me`, { method: "HEAD" });
  assertEquals(response.status, 401);
  assertEquals(response.headers.get("content-type"), "application/json");
  assertEquals(await response.text(), "");
});

leakChecked("a WebSocket outside /socket.io/ is refused immediately with 404", async () => {
  await using server = await startServer();
  const answer = await exchange(
    server,
    "GET /chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  assertEquals(answer.split("\r\n")[0], "HTTP/1.1 404 Not Found");
});

leakChecked("a client that disconnects during its request is not logged", async () => {
  const log: string[] = [];
  await using server = await startServer((text) => log.push(text));
  const connection = await Deno.connect({ port: server.port, hostname: "127.0.0.1" });
  await connection.write(new TextEncoder().encode(
    "POST /auth/request-magic-link HTTP/1.1\r\nHost: localhost\r\n" +
      "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
  ));
  connection.close();
  assertEquals(await status(server.url), 200);
  await server.close();
  assertEquals(log, []);
});

leakChecked(
  "a magic link has the URL of the server, whatever the Host header says",
  async () => {
    const urls: string[] = [];
    await using server = await createDevServer({
      port: 0,
      allowedEmails: "*",
      onMagicLink: ({ url, token }) => void urls.push(url.replace(token, "T")),
    });
    const hosts = ["roomz.test:81", "roomz.test", "a b\x9b[2J", "", "localhost", "evil.test/x?"];
    for (const [index, host] of hosts.entries()) {
      const body = `{"email":"ada${index}@example.com"}`;
      await exchange(
        server,
        `POST /auth/request-magic-link HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    }
    assertEquals(urls, hosts.map(() => `${server.url}/auth/verify?token=T`));
  },
);

leakChecked("other origins can use the API with cookies, as on the service", async () => {
  await using server = await startServer();
  const response = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`, {
    headers: { origin: "http://elsewhere.test" },
  });
  await response.body?.cancel();
  assertEquals(response.headers.get("access-control-allow-origin"), "http://elsewhere.test");
  assertEquals(response.headers.get("access-control-allow-credentials"), "true");
});

leakChecked("an unknown transport, session or protocol version gets 400", async () => {
  await using server = await startServer();
  for (const query of ["", "?EIO=3&transport=polling", "?EIO=4&transport=carrier-pigeon"]) {
    assertEquals(await status(`${server.url}/socket.io/${query}`), 400, query);
  }
  const unknown = `${server.url}/socket.io/?EIO=4&transport=polling&sid=nobody`;
  assertEquals(await status(unknown), 400);
  await using client = await join(server);
  client.emit(0, "message", { content: "still here" });
  assertEquals((await client.nextEvent())[0], "message");
});
