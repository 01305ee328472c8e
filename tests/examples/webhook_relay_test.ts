import { AsyncClient, type SendResult } from "@roomz/roomz/client";
import { createDevServer } from "@roomz/roomz/dev-server";
import { assertEquals } from "@std/assert";
import { webhookHandler } from "../../examples/webhook_relay.ts";

const SECRET = "It's a Secret to Everybody";

/** The signature header that GitHub would send. */
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

/** A relay, and the texts it sent. */
async function relay(result?: SendResult) {
  const sent: string[] = [];
  const handle = await webhookHandler(SECRET, (text) => {
    sent.push(text);
    return Promise.resolve(result ?? { status: "ok", message_id: "1", timestamp: "" });
  });
  return { sent, handle };
}

Deno.test("the relay accepts the signature from GitHub's documentation", async () => {
  const { sent, handle } = await relay();
  const response = await handle(post(
    "Hello, World!",
    "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
  ));
  assertEquals([response.status, sent], [202, ["Hello, World!"]]);
});

Deno.test("the relay rejects requests that are not signed with its secret", async () => {
  const { sent, handle } = await relay();
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
  assertEquals(sent, []);
});

Deno.test("the relay rejects invalid requests with the right status", async () => {
  const { sent, handle } = await relay();
  assertEquals((await handle(new Request("http://localhost/"))).status, 405);
  const long = "x".repeat(65_537);
  assertEquals((await handle(post(long, await sign(long)))).status, 413);
  for (const body of ["", '{"txt":"typo"}', "null", "  "]) {
    assertEquals((await handle(post(body, await sign(body)))).status, 400);
  }
  assertEquals(sent, []);
});

Deno.test("the relay responds with 503 if the message could not be sent", async () => {
  const { handle } = await relay({ error: "No answer.", code: 408, delivery: "unknown" });
  const response = await handle(post("hi", await sign("hi")));
  assertEquals([response.status, await response.text()], [503, "No answer.\n"]);
  const offline = await webhookHandler(SECRET, () => Promise.reject(new Error("not connected")));
  assertEquals((await offline(post("hi", await sign("hi")))).status, 503);
});

Deno.test("a webhook with a long text becomes several messages in the room", async () => {
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
  assertEquals([response.status, await response.text()], [202, "Sent.\n"]);
  const sent: string[] = [];
  for await (const { content, user } of messages) {
    assertEquals(user.display_name, "webhooks");
    sent.push(content);
    if (sent.length === 2) break;
  }
  assertEquals(sent.join("\n"), text);
});
