import { assertEquals } from "@std/assert";
import { mentions } from "../../../cli/chat/mention.ts";

const cases: readonly [content: string, name: string | null, expected: boolean][] = [
  ["hey Lap", "Lap", true],
  ["LAP, look", "lap", true],
  ["@lap: hi", "Lap", true],
  ["laptop", "Lap", false],
  ["overlap lap", "Lap", true],
  ["ask Big Laptop now", "big laptop", true],
  ["a.*b", "a.*b", true],
  ["axxb", "a.*b", false],
  ["éa", "a", false],
  ["anything", null, false],
];
for (const [content, name, expected] of cases) {
  Deno.test(`"${content}" ${expected ? "mentions" : "does not mention"} ${name}`, () => {
    assertEquals(mentions(content, name), expected);
  });
}

const ofHostNames: readonly [content: string, name: string, expected: boolean][] = [
  ["the server is down", "server", false],
  ["@server: look", "server", true],
  ["look, @SERVER", "server", true],
  ["server @server", "server", true],
  ["@servers", "server", false],
  ["me@server2.example", "server", false],
  ["me@server.example", "server", false],
  ["(@server)", "server", true],
  ["@laptop 2, look", "laptop 2", true],
  ["laptop 2, look", "laptop 2", false],
  ["@ server", "server", false],
];
for (const [content, name, expected] of ofHostNames) {
  Deno.test(`"${content}" ${expected ? "mentions" : "does not mention"} the host name ${name}`, () => {
    assertEquals(mentions(content, name, true), expected);
  });
}
