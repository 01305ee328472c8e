import { assertEquals } from "@std/assert";
import { Addressing } from "../../../bot/command/addressing.ts";

const bot = new Addressing("Helper", ["!", "!!", "bot"]);

const cases: readonly [content: string, command: string | undefined, certain?: boolean][] = [
  ["!ping", "ping", true],
  ["!!ping", "ping", true],
  ["!?", "?", false],
  ["!!!", "!", false],
  ["!", undefined],
  ["! ping", undefined],
  ["ping", undefined],
  ["say !ping", undefined],
  ["bot ping", " ping", true],
  ["Bot ping", " ping", true],
  ["bots ping", undefined],
  ["bot", undefined],
  ["@helper ping", " ping", true],
  ["@HELPER, ping", " ping", true],
  ["@Helper: ping", " ping", true],
  ["@Helper", "", true],
  ["@Helper?", "", true],
  ["@helpers ping", undefined],
  ["@Helper.org", undefined],
  ["mail@helper ping", undefined],
];
for (const [content, command, certain] of cases) {
  Deno.test(`"${content}" is ${command === undefined ? "not for the bot" : "for the bot"}`, () => {
    const address = bot.find(content);
    assertEquals(
      address && [content.slice(address.position), address.certain],
      command === undefined ? undefined : [command, certain],
    );
  });
}

Deno.test("a bot without prefixes is called by its name, spaces and all", () => {
  const address = new Addressing("My Bot", []).find("@my bot ping");
  assertEquals(address, { position: 7, certain: true });
});
