import { defineBot, defineGroup, type Group, type Middleware } from "@roomz/roomz/bot";
import { assertEquals } from "@std/assert";
import { holds, type Same, typed } from "../support/types.ts";

const named: Middleware<{ who: string }> = (ctx, next) => next({ who: ctx.user.email });

Deno.test("the types inside a group are inferred, and its own type is Group", () => {
  const group = defineGroup({
    use: [named],
    commands: {
      "stop <service>": ({ args, who }) => {
        typed<string>()(args.service);
        typed<string>()(who);
      },
    },
    groups: [{ commands: { "now": "now" } }],
  });
  holds<Same<typeof group, Group>>();
  assertEquals(
    defineBot({ name: "g", groups: [group] }).manifest.commands.map(({ name }) => name),
    ["stop", "now", "help"],
  );
});
