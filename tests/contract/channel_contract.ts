/**
 * Contract: joining and leaving channels.
 * @module
 */
import { assertEquals } from "@std/assert";
import { type ContractTest, Scene } from "./support/scene.ts";
import { OTHER_EMAIL } from "./support/target.ts";

export function channelContract(test: ContractTest): void {
  test("the other connections receive joins and leaves, with the count", async (scene) => {
    const first = await scene.connect();
    const joined = first.waitFor("user_joined", { timeout: 10_000 });
    const second = await scene.connect();
    const user = { id: `user:${scene.email}`, email: scene.email, display_name: null };
    const arrival = await joined;
    assertEquals(arrival.user, user);
    assertEquals(arrival.total_connections, 2);

    const third = await scene.connect({ displayName: "laptop" });
    const gone = second.waitFor("user_left", { timeout: 10_000 });
    // Acknowledged after the name, so the server has the name when the connection leaves.
    await third.send("bye");
    await third.disconnect();
    const departure = await gone;
    assertEquals(departure.user, { ...user, display_name: "laptop" });
    assertEquals(departure.remaining_connections, 2);
  });

  test("a connection does not receive its own user_joined", async (scene) => {
    const client = scene.client(await scene.session());
    const received: number[] = [];
    client.on("user_joined", ({ total_connections }) => void received.push(total_connections));
    await client.connect();
    const second = client.waitFor("user_joined", { timeout: 10_000 });
    await scene.connect();
    await second;
    assertEquals(received, [2]);
  });

  test("each account has its own channel", async (scene) => {
    await using elsewhere = new Scene(scene.server, OTHER_EMAIL);
    const here = await scene.connect();
    const there = await elsewhere.connect();
    const received: string[] = [];
    there.on("user_joined", () => void received.push("user_joined"));
    there.on("user_left", () => void received.push("user_left"));
    there.on("display_name_changed", () => void received.push("display_name_changed"));
    there.on("message", ({ content }) => void received.push(content));

    const visitor = await scene.connect({ displayName: "visitor" });
    await here.send("a secret");
    await visitor.disconnect();
    await there.send("only this");
    assertEquals(received, ["only this"]);
  });
}
