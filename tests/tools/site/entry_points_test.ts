import { assertEquals } from "@std/assert";
import { exportGroups } from "../../../tools/site/entry_points.ts";

Deno.test("a comment above exports is the title of their group", () => {
  const source = `/**
 * The bot.
 * @module
 */

// Start here.
export { defineBot } from "./define_bot.ts";
export type { Bot, BotDefinition } from "./bot.ts";

// Not above an export.

// Errors: what goes wrong.
export {
  BotError,
  type Problem,
} from "./error.ts";
`;
  assertEquals(exportGroups(source), [
    { title: "Start here", names: ["defineBot", "Bot", "BotDefinition"] },
    { title: "Errors: what goes wrong", names: ["BotError", "Problem"] },
  ]);
});

Deno.test("a module without such comments has no groups", () => {
  assertEquals(exportGroups('export { main } from "./main.ts";\n'), []);
});
