/**
 * Long polling.
 * @module
 */
import { createDevServer, type DevServer } from "@roomz/roomz/dev-server";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "./support/join.ts";
import { leakChecked } from "./support/leak_checked.ts";

const ADA = "ada@example.com";

function startServer(): Promise<DevServer> {
  return createDevServer({ port: 0, allowedEmails: [ADA] });
}

/** A client for long polling: GET receives packets, POST sends them. */
class Poller {
  readonly #url: string;
  readonly #headers: HeadersInit;

  private constructor(url: string, headers: HeadersInit) {
    this.#url = url;
    this.#headers = headers;
  }

  static async open(server: DevServer, session: string): Promise<Poller> {
    const url = `${server.url}/socket.io/?EIO=4&transport=polling`;
    const headers = { cookie: `session_token=${session}` };
    const response = await fetch(url, { headers });
    const open = await response.text();
    assertEquals(open[0], "0");
    const { sid, upgrades } = JSON.parse(open.slice(1));
    assertEquals(upgrades, ["websocket"]);
    return new Poller(`${url}&sid=${sid}`, headers);
  }

  async post(body: string): Promise<void> {
    const response = await fetch(this.#url, { method: "POST", body, headers: this.#headers });
    assertEquals([response.status, await response.text()], [200, "OK"]);
  }

  /** Polls until this many packets have arrived. */
  async take(count: number): Promise<readonly string[]> {
    const packets: string[] = [];
    while (packets.length < count) {
      const response = await fetch(this.#url, { headers: this.#headers });
      packets.push(...(await response.text()).split("\x1e"));
    }
    return packets;
  }
}

leakChecked("long polling carries the same packets in the same order", async () => {
  await using server = await startServer();
  const poller = await Poller.open(server, await server.mintSession(ADA));
  await poller.post("40");
  const [authenticated = "", connected = ""] = await poller.take(2);
  assertStringIncludes(authenticated, '42["authenticated",');
  assertMatch(connected, /^40\{"sid":/);

  await poller.post('420["message",{"content":"a<b"}]\x1e421["set_display_name",{}]');
  const [message = "", ack = "", renamed = ""] = await poller.take(3);
  assertStringIncludes(message, '"content":"a&lt;b"');
  assertMatch(ack, /^430\[\{"status":"ok","message_id":/);
  assertEquals(renamed, '431[{"status":"ok","display_name":null}]');
  await poller.post("1");
});

leakChecked("long polling without a session is refused, like a WebSocket", async () => {
  await using server = await startServer();
  const poller = await Poller.open(server, "wrong");
  await poller.post("40");
  assertEquals(await poller.take(1), ['44{"message":"Connection rejected by server"}']);
  await poller.post("1");
});

leakChecked("a connection that sends two connect packets at once joins once", async () => {
  await using server = await startServer();
  const poller = await Poller.open(server, await server.mintSession(ADA));
  await poller.post("40\x1e40");
  // As on the service, the refusal comes first: the session of the first packet is still being checked.
  const [refused, authenticated = "", connected = ""] = await poller.take(3);
  assertStringIncludes(authenticated, '42["authenticated",');
  assertMatch(connected, /^40\{"sid":/);
  assertEquals(refused, '44"Unable to connect"');
  assertEquals(server.connections, 1);
  await poller.post("1");
});

leakChecked("a connection that ends while its session is checked is not counted", async () => {
  await using server = await startServer();
  const poller = await Poller.open(server, await server.mintSession(ADA));
  await poller.post("40\x1e1");
  // Its session is checked after the first.
  await using later = await join(server);
  assertEquals([server.connections, later.unread], [1, []]);
});
