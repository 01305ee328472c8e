/**
 * Tells the room what other services report: `POST /` with a text, or JSON with a `text`, becomes a
 * message. Every request is signed as GitHub signs its webhooks: the header `X-Hub-Signature-256` is
 * `sha256=` and the HMAC of the body in hexadecimal, keyed with a secret that both sides know.
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

const LARGEST_BODY = 65_536;

/** What answers the requests; `send` says a text in the room. */
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
    if (body === undefined) return answer(413, `The body is longer than ${LARGEST_BODY} bytes.`);
    const signature = signatureOf(request);
    // verify() takes the same time wherever a wrong signature differs.
    if (signature === undefined || !await crypto.subtle.verify("HMAC", key, signature, body)) {
      return answer(401, "X-Hub-Signature-256 is missing, or is not that of this body.");
    }
    const text = textOf(new TextDecoder().decode(body));
    if (text.trim() === "") return answer(400, 'Send a text, or JSON with a "text".');
    for (const part of splitContent(text)) {
      const result = await trySend(send, part);
      if (result.status !== "ok") return answer(503, result.error);
    }
    return answer(202, "Said.");
  };
}

function answer(status: number, text: string): Response {
  return new Response(`${text}\n`, { status });
}

/** The body; undefined when it is too long, which is found out before all of it is there. */
async function readBody(request: Request): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const body = new Uint8Array(LARGEST_BODY);
  let length = 0;
  for await (const chunk of request.body ?? []) {
    if (length + chunk.length > LARGEST_BODY) return undefined;
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
    return { error: `The room cannot be reached: ${error}`, code: 503, delivery: "not_sent" };
  }
}

if (import.meta.main) {
  const secret = Deno.env.get("WEBHOOK_SECRET");
  if (secret === undefined) throw new Error("Set WEBHOOK_SECRET to a long random text.");
  const server = Deno.env.get("ROOMZ_SERVER_URL") ?? "http://localhost:8000";
  const options = { displayName: "webhooks", maxReconnectAttempts: Infinity };
  await using client = await AsyncClient.open(server, Deno.env.get("ROOMZ_TOKEN"), options);
  const port = Number(Deno.env.get("WEBHOOK_PORT") ?? 8080);
  await Deno.serve({ port }, await webhookHandler(secret, (text) => client.send(text))).finished;
}
