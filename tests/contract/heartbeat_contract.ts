/**
 * Contract: the heartbeat. The server pings every second and waits one second for the answer.
 * @module
 */
import { assertEquals } from "@std/assert";
import type { ContractTest } from "./support/scene.ts";

export function heartbeatContract(test: ContractTest): void {
  test("the server pings, and keeps a connection that answers", async (scene) => {
    const client = await scene.connect({ reconnect: false });
    const wire = await scene.wire();
    const { pingInterval, pingTimeout } = JSON.parse((await wire.next()).slice(1));
    assertEquals([pingInterval, pingTimeout], [1_000, 1_000]);
    wire.send("40");
    await wire.nextPayload("authenticated");
    await wire.next();
    for (let i = 0; i < 3; i++) {
      assertEquals(await wire.next(), "2");
      wire.send("3");
    }
    wire.emit(0, "message", { content: "still here" });
    await wire.nextPayload("message");
    assertEquals((await wire.nextAck(0)).status, "ok");
    assertEquals((await client.send("so am I")).status, "ok");
  });

  test("the server closes a connection that does not answer its pings", async (scene) => {
    const other = await scene.connect();
    const left = other.waitFor("user_left", { timeout: 10_000 });
    const wire = await scene.join();
    await wire.closed;
    assertEquals((await left).remaining_connections, 1);
  });
}
