import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { defineBot } from "@roomz/roomz/bot";
import { RecentIds } from "../../bot/recent_ids.ts";
import { BotRoom } from "./bot_room.ts";

Deno.test("a message that comes twice is answered once", async () => {
  const bot = defineBot({ name: "helper", commands: { "say <text...>": ({ args }) => args.text } });
  await using room = await BotRoom.with(bot);
  let first: Parameters<typeof room.client.emit<"message">>[1] | undefined;
  room.client.on("message", (message) => first ??= message);
  room.say("!say once");
  await room.said(1);
  assert(first !== undefined);
  room.client.emit("message", first);
  room.say("!say again");
  assertEquals(await room.said(2), ["once", "again"]);
});

Deno.test("as many ids are remembered as the bound says, the latest", () => {
  const ids = new RecentIds(3);
  for (const id of ["a", "b", "c"]) assert(ids.add(id));
  assert(!ids.add("a"));
  assert(ids.add("d"), "takes the place of a");
  assertEquals(["b", "c", "d", "a"].map((id) => ids.add(id)), [false, false, false, true]);
});

Deno.test("what is remembered is what the latest of a list would be, however alike the ids are", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.array(fc.constantFrom("", "a", "b", "1-same end", "2-same end", "3-same end", "\0", "é")),
      (limit, sequence) => {
        const ids = new RecentIds(limit);
        const latest: string[] = [];
        for (const id of sequence) {
          const isNew = !latest.includes(id);
          if (isNew && latest.push(id) > limit) latest.shift();
          assertEquals(ids.add(id), isNew);
        }
      },
    ),
    { seed: 5, numRuns: 2_000 },
  );
});
