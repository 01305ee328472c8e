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
  ["！ping", "ping", true],
  ["\u2060!ping", "ping", true],
  ["!\u200bping", "ping", true],
  ["\ufeff\u200e!!ping", "ping", true],
  ["ｂｏｔ ping", " ping", true],
  ["ＢＯＴ\u3000ping", "\u3000ping", true],
  ["＠ｈｅｌｐｅｒ ping", " ping", true],
  ["@hel\u00adper： ping", " ping", true],
  ["！！！", "！", false],
  ["bote\u0301 ping", undefined],
  ["привет ping", undefined],
];
for (const [content, command, certain] of cases) {
  Deno.test(`"${content}" ${command === undefined ? "does not address" : "addresses"} the bot`, () => {
    const address = bot.find(content);
    assertEquals(
      address && [content.slice(address.position), address.certain],
      command === undefined ? undefined : [command, certain],
    );
  });
}

const names: readonly [name: string, content: string, position: number | undefined][] = [
  ["İstanbul", "@İstanbul ping", 9],
  ["İstanbul", "@istanbul ping", 9],
  ["İstanbul", "@i\u0307STANBUL ping", 10],
  ["Café", "@cafe\u0301 ping", 6],
  ["Cafe\u0301", "@CAFÉ ping", 5],
  ["Café", "@cafe ping", undefined],
  ["Cafe", "@café ping", undefined],
  ["ΟΔΟΣ", "@οδος ping", 5],
  ["ガード", "@ｶﾞｰﾄﾞ ping", 6],
  ["Ｂｏｔ", "@bot ping", 4],
];
for (const [name, content, position] of names) {
  Deno.test(`"${content}" ${position === undefined ? "does not call" : "calls"} ${name}`, () => {
    assertEquals(new Addressing(name, []).find(content)?.position, position);
  });
}

Deno.test("a bot without prefixes is addressed by its name, even with spaces", () => {
  const address = new Addressing("My Bot", []).find("@my bot ping");
  assertEquals(address, { position: 7, certain: true });
});
