import { defineBot } from "@roomz/roomz/bot";
import { assertEquals } from "@std/assert";

const helper = defineBot({
  name: "helper",
  prefix: ["!", "hey"],
  commands: {
    "ping": "pong",
    "roll [sides:int=6]": { description: "Roll a die", run: ({ args }) => `1 of ${args.sides}` },
    "todo add <text...> [--due:date]": {
      description: "Add a to-do",
      aliases: ["ta", "todo new"],
      run: ({ args }) => `added ${args.text}`,
    },
  },
});

Deno.test("the manifest describes every command, and survives JSON", () => {
  assertEquals(helper.manifest.name, "helper");
  assertEquals(helper.manifest.prefixes, ["!", "hey"]);
  assertEquals(helper.manifest.commands.slice(1, 3), [
    {
      name: "roll",
      signature: "roll [sides:int=6]",
      description: "Roll a die",
      aliases: [],
      concurrent: false,
      arguments: [
        { name: "sides", key: "sides", type: "int", extent: "one", required: false, default: "6" },
      ],
      flags: [],
    },
    {
      name: "todo add",
      signature: "todo add <text...> [--due:date]",
      description: "Add a to-do",
      aliases: ["ta", "todo new"],
      concurrent: false,
      arguments: [{ name: "text", key: "text", type: "text", extent: "rest", required: true }],
      flags: [{ name: "due", key: "due", type: "date" }],
    },
  ]);
  const choices = defineBot({ name: "x", commands: { "x <a:b|c> [--d]": "x" } });
  const [command] = choices.manifest.commands;
  assertEquals(command?.arguments[0]?.choices, ["b", "c"]);
  assertEquals(command?.flags, [{ name: "d", key: "d" }]);
  assertEquals(JSON.parse(JSON.stringify(helper.manifest)), helper.manifest);
});
