import { sign } from "@octokit/webhooks-methods";
import { assertEquals, assertMatch } from "@std/assert";
import { WebhookEndpoint } from "../../../../cli/commands/webhook/webhook_endpoint.ts";
import { VirtualClock } from "../../../../testing/virtual_clock.ts";
import { gitHubExamples } from "./support/github_payloads.ts";

const SECRET = "0123456789abcdef";

/** An endpoint whose room a test controls. */
class Room {
  readonly clock = new VirtualClock(0);
  readonly lines: string[] = [];
  readonly refused: string[] = [];
  /** Why the room does not get a line; undefined if it does. */
  problem: string | undefined;
  readonly #endpoint = new WebhookEndpoint({
    secret: SECRET,
    clock: this.clock,
    onRefused: (reason) => void this.refused.push(reason),
    say: (line) => {
      if (this.problem === undefined) this.lines.push(line);
      return Promise.resolve(this.problem);
    },
  });

  async request(init: RequestInit, path = "/"): Promise<string> {
    const response = await this.#endpoint.respond(new Request(`http://127.0.0.1${path}`, init));
    const retry = response.headers.get("retry-after");
    return `${response.status} ${(await response.text()).trim()}${
      retry === null ? "" : ` ${retry} s`
    }`;
  }

  /** Posts as GitHub does. */
  async gitHub(event: string, payload: unknown, delivery: string, form = false): Promise<string> {
    const json = JSON.stringify(payload);
    const body = form ? `${new URLSearchParams({ payload: json })}` : json;
    return await this.request({
      method: "POST",
      body,
      headers: {
        "user-agent": "GitHub-Hookshot/044aadd",
        "content-type": form ? "application/x-www-form-urlencoded" : "application/json",
        "x-github-event": event,
        "x-github-delivery": delivery,
        "x-hub-signature-256": await sign(SECRET, body),
      },
    });
  }

  async post(body: BodyInit, headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const authorization = `Bearer ${SECRET}`;
    return await this.request({ method: "POST", body, headers: { authorization, ...headers } });
  }
}

for (const form of [false, true]) {
  Deno.test(`all ${gitHubExamples.length} payloads of GitHub are said, posted as ${form ? "forms" : "JSON"}`, async () => {
    const room = new Room();
    for (const [at, { event, payload }] of gitHubExamples.entries()) {
      assertEquals(await room.gitHub(event, payload, `delivery-${at}`, form), "202 Said.", event);
      await room.clock.advance(1_000);
    }
    assertEquals(room.lines.length, gitHubExamples.length);
    assertEquals(room.lines.filter((line) => !line.startsWith("GitHub: ")), []);
    assertEquals(room.refused, []);
  });
}

Deno.test("text, JSON and forms of others are said", async () => {
  const room = new Room();
  assertEquals(await room.post("it is green"), "202 Said."); // fetch names it text/plain.
  assertEquals(
    await room.post('{"text":"json"}', { "content-type": "application/json" }),
    "202 Said.",
  );
  assertEquals(await room.post(new URLSearchParams({ message: "form" })), "202 Said.");
  const body = "in the path";
  assertEquals(await room.request({ method: "POST", body }, `/hooks/${SECRET}`), "202 Said.");
  assertEquals(room.lines, [
    "Webhook: it is green",
    "Webhook: json",
    "Webhook: form",
    "Webhook: in the path",
  ]);
});

Deno.test("a delivery that GitHub repeats is said once", async () => {
  const room = new Room();
  const ping = { zen: "Keep it logically awesome.", hook_id: 1 };
  assertEquals(await room.gitHub("ping", ping, "one"), "202 Said.");
  assertEquals(await room.gitHub("ping", ping, "one"), "202 Said.");
  assertEquals(await room.gitHub("ping", ping, "two"), "202 Said.");
  assertEquals(room.lines.length, 2);
});

Deno.test("while the room cannot be reached, senders are asked to come again, and then said", async () => {
  const room = new Room();
  room.problem = "The room cannot be reached.";
  assertEquals(await room.gitHub("ping", {}, "one"), "503 The room cannot be reached. 10 s");
  room.problem = undefined;
  assertEquals(await room.gitHub("ping", {}, "one"), "202 Said.");
  assertEquals(room.lines.length, 1);
  assertEquals(room.refused, ["503 The room cannot be reached."]);
});

const refusals: readonly [what: string, init: RequestInit, answer: string][] = [
  ["a GET", { method: "GET" }, "405 Send a POST."],
  ["a PUT", { method: "PUT", body: "x" }, "405 Send a POST."],
  [
    "no secret",
    { method: "POST", body: "x" },
    "401 The signature or the secret is missing or wrong.",
  ],
  [
    "a wrong signature",
    {
      method: "POST",
      body: "{}",
      headers: {
        "x-github-event": "ping",
        "x-hub-signature-256": await sign("another secret", "{}"),
      },
    },
    "401 The signature or the secret is missing or wrong.",
  ],
];
for (const [what, init, answer] of refusals) {
  Deno.test(`${what} is refused with ${answer}`, async () => {
    const room = new Room();
    assertEquals(await room.request(init), answer);
    assertEquals([room.lines, room.refused], [[], [answer]]);
  });
}

Deno.test("bodies that mean nothing are refused", async () => {
  const room = new Room();
  const json = { "content-type": "application/json" };
  assertEquals(await room.post("{", json), "400 The body is not valid JSON.");
  assertEquals(await room.post("{}", json), "400 There is no text in the body.");
  assertEquals(await room.post(new Uint8Array([0xff])), "400 The body is not UTF-8.");
  assertMatch(await room.post("<p>", { "content-type": "text/html" }), /^415 /);
  assertEquals(room.lines, []);
});

Deno.test("a body of more than 5 MB is refused, whatever its length is said to be", async () => {
  const room = new Room();
  const answer = "413 The body is larger than 5000000 bytes.";
  assertEquals(await room.post("x", { "content-length": "5000001" }), answer);
  assertEquals(await room.post(endless()), answer);
  assertEquals(await room.post("x".repeat(5_000_000)), "202 Said.");
});

/** A body without an end. */
function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(100_000)),
  });
}

/** A body of which nothing arrives. */
function silent(): ReadableStream<Uint8Array> {
  return new ReadableStream();
}

Deno.test("a body that takes more than 10 s is refused", async () => {
  const room = new Room();
  const answer = room.post(silent());
  await room.clock.advance(10_000);
  assertEquals(await answer, "408 The body took too long.");
});

Deno.test("at most 32 bodies are read at a time", async () => {
  const room = new Room();
  const reading = Array.from({ length: 32 }, () => room.post(silent()));
  assertEquals(await room.post("one more"), "503 Too many requests at once. 1 s");
  await room.clock.advance(10_000);
  assertEquals(new Set(await Promise.all(reading)), new Set(["408 The body took too long."]));
  assertEquals(await room.post("now"), "202 Said.");
});

Deno.test("more than 100 messages a minute have to wait", async () => {
  const room = new Room();
  for (let count = 0; count < 100; count++) await room.post("x");
  await room.clock.advance(15_000);
  assertEquals(await room.post("x"), "429 More than 100 messages within a minute. 45 s");
  await room.clock.advance(45_000);
  assertEquals(await room.post("x"), "202 Said.");
});

Deno.test("what a stranger sends counts neither as a message nor as a delivery", async () => {
  const room = new Room();
  for (let count = 0; count < 200; count++) {
    await room.request({ method: "POST", body: "x", headers: { "x-github-delivery": "one" } });
  }
  assertEquals(await room.gitHub("ping", {}, "one"), "202 Said.");
});
