/**
 * Contract: a full server, with a limit of two connections.
 * @module
 */
import { AuthenticationError, ConnectionError } from "@roomz/roomz/client";
import { assertEquals, assertRejects } from "@std/assert";
import type { ContractTest } from "./support/scene.ts";

export function capacityContract(test: ContractTest): void {
  test("the client distinguishes a full server from a refused session", async (scene) => {
    const [first] = [await scene.connect(), await scene.connect()];
    const third = scene.client(await scene.session());
    await assertRejects(() => third.connect(), ConnectionError, "full");
    assertEquals(third.connectionState, "disconnected");

    const forged = scene.client(
      await scene.session({ secret: "another secret, 32 characters or more" }),
    );
    await assertRejects(() => forged.connect(), AuthenticationError);

    await first.disconnect();
    await third.connect();
    assertEquals((await third.send("room at last")).status, "ok");
  });
}
