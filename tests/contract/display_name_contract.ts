/**
 * Contract: display names, through the client.
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { ContractTest } from "./support/scene.ts";

export function displayNameContract(test: ContractTest): void {
  test("a name is acknowledged, sent to the others, and included in messages", async (scene) => {
    const [client, other] = [await scene.connect(), await scene.connect()];
    const own: string[] = [];
    client.on("display_name_changed", () => void own.push("display_name_changed"));
    const change = other.waitFor("display_name_changed", { timeout: 10_000 });
    assertEquals(await client.setDisplayName("phone"), { status: "ok", display_name: "phone" });
    assertEquals(client.displayName, "phone");
    assertEquals(client.user?.display_name, "phone");

    const { user, display_name, timestamp, connection_id = "" } = await change;
    assertEquals(user, { id: `user:${scene.email}`, email: scene.email, display_name: "phone" });
    assertEquals(display_name, "phone");
    assert(Math.abs(Date.parse(timestamp) - Date.now()) < 60_000, timestamp);
    assertMatch(connection_id, /^[0-9a-f-]{36}$/);

    const message = other.waitFor("message", { timeout: 10_000 });
    await client.send("hello");
    assertEquals((await message).user.display_name, "phone");
    // A name belongs to one connection, which does not receive its own change.
    assertEquals(other.user?.display_name, null);
    assertEquals(own, []);
  });

  test("a name arrives unchanged", async (scene) => {
    const [client, other] = [await scene.connect(), await scene.connect()];
    const names = [
      `<Tom> & "Jerry's"`,
      "&lt;typed&gt;",
      "naïve 👩‍👩‍👧‍👦",
      "tab\there",
      "\x7f\x85x\x9f\u202e",
    ];
    for (const name of names) {
      const change = other.waitFor("display_name_changed", { timeout: 10_000 });
      assertEquals(await client.setDisplayName(name), { status: "ok", display_name: name });
      assertEquals((await change).display_name, name);
      assertEquals((await change).user.display_name, name);
      const message = other.waitFor("message", { timeout: 10_000 });
      await client.send("hello");
      assertEquals((await message).user.display_name, name);
    }
  });

  test("a name has 1 to 50 code points without its outer whitespace", async (scene) => {
    const client = await scene.connect();
    for (const name of ["a", "x".repeat(50), "😀".repeat(50), "<".repeat(50)]) {
      assertEquals(await client.setDisplayName(name), { status: "ok", display_name: name });
      const padded = `\x1f \u3000${name}\n`;
      assertEquals(await client.setDisplayName(padded), { status: "ok", display_name: name });
    }
    const before = client.user?.display_name;
    for (const name of ["x".repeat(51), "😀".repeat(51), " ", "\t\n", "\x1c"]) {
      const result = await client.setDisplayName(name);
      assert(result.status === undefined, `accepted: ${JSON.stringify(name)}`);
      assertEquals(result.code, 400);
      assertEquals(client.user?.display_name, before);
    }
  });

  test("the tab is the only C0 control character in a name", async (scene) => {
    const client = await scene.connect();
    for (let code = 0; code < 0x20; code++) {
      const name = `a${String.fromCharCode(code)}b`;
      const result = await client.setDisplayName(name);
      assertEquals(result.status, name === "a\tb" ? "ok" : undefined, `U+${code.toString(16)}`);
    }
  });

  test("null or an empty string clears the name", async (scene) => {
    const [client, other] = [await scene.connect(), await scene.connect()];
    for (const nothing of [null, ""]) {
      await client.setDisplayName("phone");
      const cleared = Promise.withResolvers<string | null>();
      other.on("display_name_changed", ({ display_name }) => {
        if (display_name === null) cleared.resolve(display_name);
      });
      assertEquals(await client.setDisplayName(nothing), { status: "ok", display_name: null });
      assertEquals(client.displayName, null);
      assertEquals(client.user?.display_name, null);
      assertEquals(await cleared.promise, null);
      other.off("display_name_changed");
    }
  });

  test("the displayName option takes effect before the first message", async (scene) => {
    const other = await scene.connect();
    const change = other.waitFor("display_name_changed", { timeout: 10_000 });
    const message = other.waitFor("message", { timeout: 10_000 });
    const client = await scene.connect({ displayName: "bot <3" });
    await client.send("hello");
    assertEquals((await change).display_name, "bot <3");
    assertEquals((await message).user.display_name, "bot <3");
  });
}
