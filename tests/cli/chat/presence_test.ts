import { assertEquals } from "@std/assert";
import { Presence } from "../../../cli/chat/presence.ts";

const USER = { id: "user:ada@example.com", email: "ada@example.com" };

function renamed(presence: Presence, name: string | null, minute: number, id?: string): void {
  presence.renamed({
    user: { ...USER, display_name: name },
    display_name: name,
    raw: {},
    timestamp: `2026-01-01T00:0${minute}:00Z`,
    ...(id === undefined ? {} : { connection_id: id }),
  });
}

function names(presence: Presence): string[] {
  return presence.known.map(({ name }) => name);
}

Deno.test("connections are listed by name, last seen first", () => {
  const presence = new Presence();
  renamed(presence, "phone", 1);
  renamed(presence, "laptop", 2);
  assertEquals(names(presence), ["laptop", "phone"]);
  renamed(presence, "phone", 3);
  assertEquals(names(presence), ["phone", "laptop"]);
});

Deno.test("a connection that changes or clears its name is listed once", () => {
  const presence = new Presence();
  renamed(presence, "phone", 1, "c1");
  renamed(presence, "tablet", 2, "c1");
  assertEquals(names(presence), ["tablet"]);
  renamed(presence, null, 3, "c1");
  assertEquals(names(presence), []);
});

Deno.test("the count is unknown until the server reports it, and after a lost connection", () => {
  const presence = new Presence();
  renamed(presence, "phone", 1);
  assertEquals(presence.connections, undefined);
  presence.connectionsCounted(2);
  assertEquals(presence.connections, 2);
  presence.forget();
  assertEquals([presence.connections, names(presence)], [undefined, []]);
});
