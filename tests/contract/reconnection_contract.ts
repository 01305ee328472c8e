/**
 * Contract: reconnection after the connection is lost.
 * @module
 */
import { ConnectionError, type ConnectionState } from "@roomz/roomz/client";
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { ContractTest } from "./support/scene.ts";

export function reconnectionContract(test: ContractTest): void {
  test("a client reconnects with its display name and continues", async (scene) => {
    const client = await scene.connect({ displayName: "phone", reconnectDelay: 10 });
    await client.send("before");
    const states: ConnectionState[] = [];
    client.on("connection_state_changed", ({ state }) => void states.push(state));
    const lost = client.waitFor("disconnect", { timeout: 10_000 });
    const back = client.waitFor("authenticated", { timeout: 20_000 });
    await scene.server.dropConnections();
    await lost;
    assertEquals(client.connected, false);
    await assertRejects(() => client.send("nobody there"), ConnectionError, "reconnecting");
    await back;
    assertEquals(new Set(states), new Set<ConnectionState>(["reconnecting", "connected"]));
    const message = client.waitFor("message", { timeout: 10_000 });
    assertEquals((await client.send("after")).status, "ok");
    assertEquals((await message).user.display_name, "phone");
    assertEquals(client.user?.display_name, "phone");
  });

  test("a lost connection settles every pending send", async (scene) => {
    const client = await scene.connect({ reconnectDelay: 10 });
    const lost = client.waitFor("disconnect", { timeout: 10_000 });
    const sends = Array.from({ length: 100 }, (_, index) => client.send(`message ${index}`));
    await scene.server.dropConnections();
    await lost;
    for (const result of await Promise.all(sends)) {
      if (result.status === "ok") continue;
      assertEquals([result.code, result.delivery], [503, "unknown"]);
    }
  });

  test("with reconnect off, a client stays disconnected until connect()", async (scene) => {
    const client = await scene.connect({ reconnect: false });
    const lost = client.waitFor("disconnect", { timeout: 10_000 });
    await scene.server.dropConnections();
    await lost;
    assertEquals(client.connectionState, "disconnected");
    await assertRejects(() => client.send("nobody there"), ConnectionError, "connect()");
    await client.connect();
    assert(client.connected);
  });
}
