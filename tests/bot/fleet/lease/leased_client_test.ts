import { assertEquals } from "@std/assert";
import type { Message } from "@roomz/roomz/client";
import { LeasedClient } from "../../../../bot/fleet/lease/leased_client.ts";
import { ScriptedClient } from "../../support/scripted_client.ts";

function setUp() {
  const inner = new ScriptedClient();
  inner.connectionState = "connected";
  const lease = { valid: true };
  const [dropped, heard, events]: string[][] = [[], [], []];
  let [losses, now] = [0, 0];
  const client = new LeasedClient(inner, lease, "helper", {
    dropped: ({ id }: Message) => void dropped?.push(id),
    lost: () => void losses++,
    monotonic: () => now,
  });
  client.on("message", ({ id }) => void heard?.push(id));
  client.on("user_left", () => void events?.push("user_left"));
  client.on("connection_state_changed", ({ state }) => void events?.push(state));
  const setNow = (time: number) => void (now = time);
  return { inner, lease, client, dropped, heard, events, losses: () => losses, setNow };
}

function message(id: string, name = "phone", own: Message["own"] | null = false): Message {
  const user = { id: "user:me@example.com", email: "me@example.com", display_name: name };
  return {
    id,
    user,
    content: "!ping",
    timestamp: "",
    own: own ?? undefined,
    maybeTruncated: false,
    raw: {},
  };
}

Deno.test("what arrives waits for the gate, and comes in its order, with what comes meanwhile", () => {
  const { inner, client, heard } = setUp();
  inner.emit("message", message("1"));
  inner.emit("message", message("2"));
  assertEquals(heard, []);
  client.on("message", ({ id }) => {
    if (id === "1") inner.emit("message", message("3"));
  });
  client.open();
  inner.emit("message", message("4"));
  assertEquals(heard, ["1", "2", "3", "4"]);
});

Deno.test("without a valid lease messages wait and sends are refused as not sent, each one", async () => {
  const { inner, lease, client, heard } = setUp();
  client.open();
  assertEquals((await client.send("one")).status, "ok");
  lease.valid = false;
  inner.emit("message", message("1"));
  const refused = await client.send("two");
  assertEquals([refused.status, "delivery" in refused && refused.delivery], [
    undefined,
    "not_sent",
  ]);
  assertEquals("code" in refused && refused.code, 503);
  assertEquals([heard, inner.sent, client.failedSends], [[], ["one"], 1]);
  lease.valid = true;
  client.restored();
  assertEquals(heard, ["1"]);
  assertEquals((await client.send("three")).status, "ok");
  assertEquals(inner.sent, ["one", "three"]);
});

Deno.test("at most a thousand events wait, and the messages that do not are reported", () => {
  const { inner, client, dropped, heard } = setUp();
  for (let n = 0; n < 1_003; n++) inner.emit("message", message(`${n}`));
  assertEquals(dropped, ["0", "1", "2"]);
  client.open();
  assertEquals([heard?.length, heard?.[0]], [1_000, "3"]);
});

Deno.test("messages of the account's bot on another host are not heard", () => {
  const { inner, client, heard } = setUp();
  client.open();
  inner.emit("message", message("1", "helper", false));
  inner.emit("message", message("2", "helper", true));
  inner.emit("message", message("3", "helper", null));
  assertEquals(heard, ["2", "3"]);
});

Deno.test("a closed gate stays closed, and says which messages it kept", async () => {
  const { inner, lease, client, dropped, heard } = setUp();
  client.open();
  lease.valid = false;
  inner.emit("message", message("1"));
  client.close(Infinity);
  lease.valid = true;
  client.open();
  client.restored();
  inner.emit("message", message("2"));
  assertEquals([dropped, heard], [["1"], []]);
  assertEquals((await client.send("one")).status, undefined);
});

Deno.test("a lost connection looks as if the client reconnected by itself, until it is closed", () => {
  const { inner, client, events, losses } = setUp();
  client.open();
  inner.loseConnection();
  assertEquals([events, client.connectionState, losses()], [["reconnecting"], "reconnecting", 1]);
  client.close(-Infinity);
  assertEquals(client.connectionState, "disconnected");
});

Deno.test("while it is drained, sends go out, and what arrives is reported unless a successor has it", async () => {
  const { inner, client, dropped, heard, setNow } = setUp();
  client.open();
  inner.emit("message", message("1"));
  client.drain();
  setNow(10);
  inner.emit("message", message("2"));
  setNow(20);
  inner.emit("message", message("3"));
  assertEquals(client.waitingSince, 10);
  assertEquals((await client.send("one")).status, "ok");
  client.close(20); // From then on the successor was connected.
  assertEquals([heard, dropped], [["1"], ["2"]]);
  assertEquals((await client.send("two")).status, undefined);
});

Deno.test("a message that arrives late was said before the successor was connected, and is reported", () => {
  const { inner, client, dropped, setNow } = setUp();
  client.open();
  const arrive = (id: string, now: number, second: number) => {
    setNow(now);
    inner.emit("message", { ...message(id), timestamp: `2026-03-14T12:00:${second}+00:00` });
  };
  arrive("1", 1_000, 10);
  client.drain();
  // The successor was connected at 5,000, which is 14 s past by the server's clock.
  arrive("2", 8_000, 12);
  arrive("3", 8_000, 16);
  client.close(5_000);
  assertEquals(dropped, ["2"]);
});

Deno.test("when a message was said is not known if the server's clock was set back", () => {
  const { inner, client, dropped, setNow } = setUp();
  client.open();
  setNow(1_000);
  inner.emit("message", { ...message("1"), timestamp: "2026-03-14T12:00:10+00:00" });
  client.drain();
  setNow(8_000);
  inner.emit("message", { ...message("2"), timestamp: "2026-03-14T11:00:17+00:00" });
  client.close(5_000);
  assertEquals(dropped, []);
});

Deno.test("the silence before a reconnect is measured by the server's clock", () => {
  const { inner, client } = setUp();
  const authenticate = (server_time: string) => {
    const user = { id: "user:me@example.com", email: "me@example.com", display_name: null };
    inner.emit("authenticated", { user, channel: user.id, server_time, raw: {} });
  };
  authenticate("2026-03-14T12:00:00+00:00");
  assertEquals(client.silence, undefined);
  inner.emit("message", { ...message("1"), timestamp: "2026-03-14T12:00:10+00:00" });
  inner.loseConnection();
  // One may come before the server says that the account is authenticated.
  inner.emit("message", { ...message("2"), timestamp: "2026-03-14T12:00:54+00:00" });
  authenticate("2026-03-14T12:00:55+00:00");
  assertEquals(client.silence, 45_000);
});
