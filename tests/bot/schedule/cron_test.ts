import { BotDefinitionError } from "@roomz/roomz/bot";
import { assertEquals, assertThrows } from "@std/assert";
import { parseCron } from "../../../bot/schedule/cron.ts";

const wrong: readonly [cron: string, problem: string, pointer: string][] = [
  ["", "five fields", "^"],
  ["0 9 * *", "five fields", "^^^^^^^"],
  ["0 9 * * 1 2026", "five fields", "          ^^^^"],
  ["60 9 * * *", '"60" is not a valid minute. It must be from 0 to 59.', "^^"],
  ["0 24 * * *", '"24" is not a valid hour. It must be from 0 to 23.', "  ^^"],
  ["0 9 0 * *", '"0" is not a valid day of the month. It must be from 1 to 31.', "    ^"],
  [
    "0 9 * foo *",
    '"foo" is not a valid month. It must be from 1 to 12, or jan to dec.',
    "      ^^^",
  ],
  [
    "0 9 * * 1,8",
    '"8" is not a valid day of the week. It must be from 0 to 7, or sun to sat.',
    "          ^",
  ],
  ["0 9 * * fri-mon", "The range runs backwards: split it in two at 7.", "        ^^^^^^^"],
  ["5/15 * * * *", "A step needs a range: 5-59/15.", "^^^^"],
  ["*/0 * * * *", "A step must be from 1 to 59.", "^^^"],
  ["*/60 * * * *", "A step must be from 1 to 59.", "^^^^"],
  ["0 9 ? * *", '"?" is not a valid day of the month. Use 1-31, *, a-b, */n', "    ^"],
  ["1,,2 9 * * *", '"" is not a valid minute.', "  ^"],
  ["0 0 30 2 *", "this would never run", "    ^^^^"],
  ["0 0 31 4,6,9,11 *", "this would never run", "    ^^^^^^^^^^^"],
];
for (const [cron, problem, pointer] of wrong) {
  Deno.test(`"${cron}" is invalid, and the error points at the mistake`, () => {
    const error = assertThrows(
      () => parseCron(cron, "schedule.x.cron"),
      BotDefinitionError,
      problem,
    );
    assertEquals(error.message.split("\n").slice(1), [
      "  in schedule.x.cron",
      `  ${cron}`,
      `  ${pointer}`,
    ]);
  });
}
