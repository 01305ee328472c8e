/**
 * Forwards webhooks to the room: `POST /` with a text, or with JSON that has a `text`, becomes a message.
 * Requests are signed as GitHub signs its webhooks: the header `X-Hub-Signature-256` is `sha256=` and the
 * hexadecimal HMAC of the body, with a shared secret as its key. `roomz webhook` does the same, and has a
 * line for every event of GitHub.
 *
 * ```sh
 * export WEBHOOK_SECRET=… ROOMZ_TOKEN=$(roomz sessions --token)
 * deno run --allow-net --allow-env examples/webhook_relay.ts
 *
 * # In another terminal, with the same secret:
 * body='{"text": "the build is green"}'
 * hmac=$(printf %s "$body" | openssl dgst -sha256 -hmac "$WEBHOOK_SECRET" | sed 's/.* //')
 * curl -H "X-Hub-Signature-256: sha256=$hmac" -d "$body" http://localhost:8080
 * ```
 * @module
 */
import { AsyncClient, type SendResult, splitContent } from "@roomz/roomz/client";

const MAX_BODY_SIZE = 65_536;

/** Makes the request handler; `send` sends a text to the room. */
export async function webhookHandler(
  secret: string,
  send: (text: string) => Promise<SendResult>,
): Promise<(request: Request) => Promise<Response>> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const bytes = new TextEncoder().encode(secret);
  const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["verify"]);
  return async (request) => {
    if (request.method !== "POST") return answer(405, "Send a POST.");
    const body = await readBody(request);
    if (body === undefined) return answer(413, `The body exceeds ${MAX_BODY_SIZE} bytes.`);
    const signature = signatureOf(request);
    // verify() compares in constant time.
    if (signature === undefined || !await crypto.subtle.verify("HMAC", key, signature, body)) {
      return answer(401, "X-Hub-Signature-256 is missing or does not match the body.");
    }
    const text = textOf(new TextDecoder().decode(body));
    if (text.trim() === "") return answer(400, 'Send a text, or JSON with a "text".');
    for (const part of splitContent(text)) {
      const result = await trySend(send, part);
      if (result.status !== "ok") return answer(503, result.error);
    }
    return answer(202, "Sent.");
  };
}

function answer(status: number, text: string): Response {
  return new Response(`${text}\n`, { status });
}

/** Reads the body; undefined, without reading the rest, if it is too long. */
async function readBody(request: Request): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const body = new Uint8Array(MAX_BODY_SIZE);
  let length = 0;
  for await (const chunk of request.body ?? []) {
    if (length + chunk.length > MAX_BODY_SIZE) return undefined;
    body.set(chunk, length);
    length += chunk.length;
  }
  return body.subarray(0, length);
}

function signatureOf(request: Request): Uint8Array<ArrayBuffer> | undefined {
  const header = request.headers.get("x-hub-signature-256") ?? "";
  const hex = /^sha256=([0-9a-f]{64})$/i.exec(header)?.[1];
  return hex === undefined ? undefined : Uint8Array.fromHex(hex);
}

function textOf(body: string): string {
  try {
    const json: unknown = JSON.parse(body);
    const hasText = typeof json === "object" && json !== null && "text" in json;
    return hasText ? String(json.text) : "";
  } catch {
    return body;
  }
}

async function trySend(
  send: (text: string) => Promise<SendResult>,
  text: string,
): Promise<SendResult> {
  try {
    return await send(text);
  } catch (error) {
    return { error: `Cannot reach the room: ${error}`, code: 503, delivery: "not_sent" };
  }
}

if (import.meta.main) {
  const secret = Deno.env.get("WEBHOOK_SECRET");
  if (secret === undefined) throw new Error("Set WEBHOOK_SECRET to a long random string.");
  const server = Deno.env.get("ROOMZ_SERVER_URL") ?? "http://localhost:8000";
  const options = { displayName: "webhooks", maxReconnectAttempts: Infinity };
  await using client = await AsyncClient.open(server, Deno.env.get("ROOMZ_TOKEN"), options);
  const port = Number(Deno.env.get("WEBHOOK_PORT") ?? 8080);
  await Deno.serve({ port }, await webhookHandler(secret, (text) => client.send(text))).finished;
}
