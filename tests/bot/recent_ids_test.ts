import { assert, assertEquals } from "@std/assert";
import { defineBot } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { RecentIds } from "../../bot/recent_ids.ts";

Deno.test("a message that comes twice is answered once", async () => {
  const bot = defineBot({ name: "helper", commands: { "say <text...>": ({ args }) => args.text } });
  await using room = await testBot(bot);
  room.hold();
  await room.device("laptop").say("!say once");
  await room.device("laptop").say("!say again");
  const twice = <T>(held: readonly T[]) => [...held, ...held];
  assertEquals(await room.release(twice), ["once", "again"]);
});

Deno.test("as many ids are remembered as the bound says, the latest", () => {
  const ids = new RecentIds(3);
  for (const id of ["a", "b", "c"]) assert(ids.add(id));
  assert(!ids.add("a"));
  assert(ids.add("d"), "takes the place of a");
  assertEquals(["b", "c", "d", "a"].map((id) => ids.add(id)), [false, false, false, true]);
});
