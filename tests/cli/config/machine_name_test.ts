import { assert, assertEquals } from "@std/assert";
import { machineName, numberedName } from "../../../cli/config/machine_name.ts";

const names: readonly [hostName: string, name: string | undefined][] = [
  ["laptop", "laptop"],
  ["Adas-MacBook-Pro.local", "Adas-MacBook-Pro.local"],
  ["web-1.eu.example.com", "web-1.eu.example.com"],
  ["  padded \n", "padded"],
  ["two\t words", "two words"],
  ["a\x1b[2Jb\x00\x7f\x9b", "a[2Jb"],
  ["lap\u202etop\u200b\u2060", "laptop"],
  ["bad\uFFFDbytes\ud800", "badbytes"],
  ["x".repeat(50), "x".repeat(50)],
  ["x".repeat(51), "x".repeat(50)],
  ["é".repeat(60), "é".repeat(50)],
  ["🙂".repeat(60), "🙂".repeat(50)],
  ["e\u0301".repeat(40), "e\u0301".repeat(25)],
  [`${"x".repeat(49)}🇧🇪`, "x".repeat(49)],
  [`${"x".repeat(48)} ${"y".repeat(9)}`, `${"x".repeat(48)} y`],
  [`${"x".repeat(49)} y`, "x".repeat(49)],
  ["localhost", undefined],
  ["LOCALHOST.localdomain", undefined],
  ["(none)", undefined],
  ["", undefined],
  [" \t", undefined],
  ["\u200b", undefined],
];
for (const [hostName, name] of names) {
  Deno.test(`the host name ${JSON.stringify(hostName)} becomes the name ${JSON.stringify(name)}`, () => {
    assertEquals(machineName(hostName), name);
  });
}

const numbered: readonly [name: string, number: number, expected: string][] = [
  ["laptop", 1, "laptop"],
  ["laptop", 2, "laptop 2"],
  ["laptop", 100, "laptop 100"],
  ["x".repeat(50), 1, "x".repeat(50)],
  ["x".repeat(50), 2, `${"x".repeat(48)} 2`],
  ["x".repeat(50), 10, `${"x".repeat(47)} 10`],
  ["🙂".repeat(50), 3, `${"🙂".repeat(48)} 3`],
  [`${"x".repeat(47)} y`, 10, `${"x".repeat(47)} 10`],
];
for (const [name, number, expected] of numbered) {
  Deno.test(`connection ${number} of ${name} is ${expected}`, () => {
    assertEquals(numberedName(name, number), expected);
    assert([...numberedName(name, number)].length <= 50);
  });
}
