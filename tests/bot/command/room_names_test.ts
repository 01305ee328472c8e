import { assertEquals } from "@std/assert";
import { RoomNames } from "../../../bot/command/room_names.ts";

Deno.test("messages that start with a known name are recognised", () => {
  const names = new RoomNames();
  for (const name of ["phone", null, "phone", "İzmir", "a:b", ""]) names.heard(name);
  const lines = ["@phone", "@PHONE, hi", "@İzmir: hi", "@i̇zmir", "@a:b hi", "@a:b: hi"];
  assertEquals(lines.filter((line) => !names.startsWithMention(line)), []);
  const others = ["phone", "@", "@ phone", "@phones", "@a", "@laptop", "hi @phone", ""];
  assertEquals(others.filter((line) => names.startsWithMention(line)), []);
});

Deno.test("the oldest of more than a thousand names are forgotten", () => {
  const names = new RoomNames();
  for (let n = 0; n <= 1_000; n++) names.heard(`device ${n}`);
  const known = [0, 1, 1_000].map((n) => names.startsWithMention(`@device ${n}: hi`));
  assertEquals(known, [false, true, true]);
  names.heard("device 0");
  assertEquals(names.startsWithMention("@device 0"), true, "it speaks again");
});
