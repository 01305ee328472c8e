import { AsyncClient, type SendResult } from "@roomz/roomz/client";
import { createDevServer } from "@roomz/roomz/dev-server";
import { assertEquals } from "@std/assert";
import { webhookHandler } from "../../examples/webhook_relay.ts";

const SECRET = "It's a Secret to Everybody";

/** The header that GitHub would send. */
async function sign(body: string, secret = SECRET): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, [
    "sign",
  ]);
  const signature = await crypto.subtle.sign("HMAC", key, encoder.encode(body));
  return `sha256=${new Uint8Array(signature).toHex()}`;
}

function post(body: string, signature?: string): Request {
  const headers: HeadersInit = signature === undefined ? {} : { "X-Hub-Signature-256": signature };
  return new Request("http://localhost/", { method: "POST", body, headers });
}

/** A relay, and what it said. */
async function relay(result?: SendResult) {
  const said: string[] = [];
  const handle = await webhookHandler(SECRET, (text) => {
    said.push(text);
    return Promise.resolve(result ?? { status: "ok", message_id: "1", timestamp: "" });
  });
  return { said, handle };
}

Deno.test("the relay checks signatures as GitHub's documentation shows them", async () => {
  const { said, handle } = await relay();
  const response = await handle(post(
    "Hello, World!",
    "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
  ));
  assertEquals([response.status, said], [202, ["Hello, World!"]]);
});

Deno.test("the relay says nothing that is not signed with its secret", async () => {
  const { said, handle } = await relay();
  const body = '{"text":"open the door"}';
  for (
    const signature of [
      undefined,
      "",
      "sha256=abc",
      await sign(body, "another secret"),
      await sign(`${body} `),
      (await sign(body)).replace("sha256", "sha1"),
    ]
  ) {
    assertEquals((await handle(post(body, signature))).status, 401);
  }
  assertEquals(said, []);
});

Deno.test("the relay answers what is wrong with a request", async () => {
  const { said, handle } = await relay();
  assertEquals((await handle(new Request("http://localhost/"))).status, 405);
  const long = "x".repeat(65_537);
  assertEquals((await handle(post(long, await sign(long)))).status, 413);
  for (const body of ["", '{"txt":"typo"}', "null", "  "]) {
    assertEquals((await handle(post(body, await sign(body)))).status, 400);
  }
  assertEquals(said, []);
});

Deno.test("the relay tells the other service when the room did not get it", async () => {
  const { handle } = await relay({ error: "No answer.", code: 408, delivery: "unknown" });
  const response = await handle(post("hi", await sign("hi")));
  assertEquals([response.status, await response.text()], [503, "No answer.\n"]);
  const offline = await webhookHandler(SECRET, () => Promise.reject(new Error("not connected")));
  assertEquals((await offline(post("hi", await sign("hi")))).status, 503);
});

Deno.test("a webhook over HTTP becomes messages in the room, a long text several", async () => {
  await using server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
  const token = await server.mintSession("me@example.com");
  await using me = await AsyncClient.open(server.url, token);
  await using hooks = await AsyncClient.open(server.url, token, { displayName: "webhooks" });
  const handle = await webhookHandler(SECRET, (text) => hooks.send(text));
  await using http = Deno.serve({ port: 0, onListen() {} }, handle);
  const messages = me.messages();
  const text = `${"a".repeat(900)}\n${"b".repeat(900)}`;
  const body = JSON.stringify({ text });
  const response = await fetch(`http://127.0.0.1:${http.addr.port}/`, {
    method: "POST",
    body,
    headers: { "X-Hub-Signature-256": await sign(body) },
  });
  assertEquals([response.status, await response.text()], [202, "Said.\n"]);
  const said: string[] = [];
  for await (const { content, user } of messages) {
    assertEquals(user.display_name, "webhooks");
    said.push(content);
    if (said.length === 2) break;
  }
  assertEquals(said.join("\n"), text);
});
