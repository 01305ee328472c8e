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
  ["0 9 * * fri-mon", "The range runs backwards. Write fri-sun,mon.", "        ^^^^^^^"],
  ["0 9 * * sat-tue", "Write sat-sun,mon-tue.", "        ^^^^^^^"],
  ["0 9 * * 6-2", "Write 6-7,1-2.", "        ^^^"],
  ["0 22-2 * * *", "Write 22-23,0-2.", "  ^^^^"],
  ["0 23-0 * * *", "Write 23-23,0.", "  ^^^^"],
  ["0 9 * nov-feb *", "Write nov-dec,jan-feb.", "      ^^^^^^^"],
  ["*/90 * * * *", 'For every 90m, use `every: "90m"`.', "^^^^"],
  ["0 */24 * * *", "For every 24h, write 0.", "  ^^^^"],
  ["0 */36 * * *", 'For every 36h, use `every: "36h"`.', "  ^^^^"],
  ["0 0 L * *", "run on 28-31 and check in the handler", "    ^"],
  ["0 0 L-2 * *", "run on 28-31 and check in the handler", "    ^^^"],
  ["0 0 LW * *", "run on 28-31 and check in the handler", "    ^^"],
  ["@daily", 'Instead of @daily write "0 0 * * *".', "^^^^^^"],
  ["@Weekly", 'Instead of @Weekly write "0 0 * * 0".', "^^^^^^^"],
  ["0 0 0 * * *", "five fields", "          ^"],
  ["5/15 * * * *", "A step needs a range: 5-59/15.", "^^^^"],
  ["*/0 * * * *", "A step must be from 1 to 59.", "^^^"],
  ["*/60 * * * *", "A step must be from 1 to 59. For every 60m, write 0.", "^^^^"],
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
