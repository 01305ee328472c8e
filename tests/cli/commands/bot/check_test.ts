import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { TestHome } from "../../support/test_home.ts";
import { roomz } from "../../support/test_io.ts";

const HELPER = `
import { defineBot } from "@roomz/roomz/bot";
export default defineBot({
  name: "helper_x",
  commands: {
    "ping": "pong",
    "todo add <text...>": { description: "Add | keep", aliases: ["ta"], run: () => "" },
    "deploy <to:dev|prod> [tries:int=3] [--dry-run] [--env:text=a\`b]": () => "",
  },
});
`;

Deno.test("bot check prints each signature with its aliases and description", async () => {
  await using home = await TestHome.make({ "bot.ts": HELPER });
  const { exitCode, stdout, stderr } = await roomz(["bot", "check", "bot.ts"], {
    workingFolder: home.path,
  });
  assertEquals({ exitCode, stderr }, { exitCode: 0, stderr: "" });
  assertEquals(stdout.split("\n").slice(0, 3), [
    "!ping",
    "!todo add <text...> (also ta)  Add | keep",
    "!deploy <to:dev|prod> [tries:int=3] [--dry-run] [--env:text=a`b]",
  ]);
});

Deno.test("bot check --json prints the manifest", async () => {
  await using home = await TestHome.make({ "bot.ts": HELPER });
  const { stdout } = await roomz(["bot", "check", "--json", "bot.ts"], {
    workingFolder: home.path,
  });
  const { name, prefixes, commands } = JSON.parse(stdout);
  assertEquals([name, prefixes, commands[1].aliases], ["helper_x", ["!"], ["ta"]]);
});

Deno.test("an invalid signature is reported with line and column in the file, exit code 1", async () => {
  await using home = await TestHome.make({
    "bot.ts": HELPER.replace("[tries:int=3]", "[tries:itn=3]"),
  });
  const { exitCode, stdout, stderr } = await roomz(["bot", "check", "bot.ts"], {
    workingFolder: home.path,
  });
  assertEquals({ exitCode, stdout }, { exitCode: 1, stdout: "" });
  assertMatch(
    stderr,
    /^roomz: Could not load bot\.ts: There is no type "itn"\. Did you mean "int"/,
  );
  const [, line, column] = /at file:.*bot\.ts:(\d+):(\d+)$/.exec(stderr.trimEnd()) ?? [];
  const text = (await home.read("bot.ts")).split("\n")[Number(line) - 1] ?? "";
  assertEquals(text.slice(Number(column) - 1).slice(0, 3), "itn");
});

Deno.test("if the signature occurs twice in the file, the error points to the definition", async () => {
  await using home = await TestHome.make({
    "bot.ts": `${
      HELPER.replace("[tries:int=3]", "[tries:itn=3]")
    }// ${"deploy <to:dev|prod> [tries:itn=3] [--dry-run] [--env:text=a`b]"}`,
  });
  const { stderr } = await roomz(["bot", "check", "bot.ts"], { workingFolder: home.path });
  assertMatch(stderr, /at file:.*bot\.ts:3:16\n$/);
});

Deno.test("a folder passed instead of a bot file is an error that suggests the file", async () => {
  await using home = await TestHome.make({ "helper/bot.ts": HELPER });
  const { exitCode, stderr } = await roomz(["bot", "check", "helper"], {
    workingFolder: home.path,
  });
  assertEquals([exitCode, stderr], [
    1,
    "roomz: helper is a folder. Did you mean helper/bot.ts?\n",
  ]);
});

Deno.test("a file that is not code is named as that, instead of its first character", async () => {
  await using home = await TestHome.make({ "helper/README.md": "# A bot\n" });
  const { exitCode, stderr } = await roomz(["bot", "check", "helper/README.md"], {
    workingFolder: home.path,
  });
  assertEquals(exitCode, 1);
  assertEquals(
    stderr,
    "roomz: helper/README.md is neither TypeScript nor JavaScript. Name the file that exports the " +
      "bot: bot.ts\n",
  );
});

Deno.test("an error never points into the command's own code", async () => {
  await using home = await TestHome.make({ "bot.json": "{}", "bot.ts": 'import "./dep.ts";' });
  const json = await roomz(["bot", "check", "bot.json"], { workingFolder: home.path });
  assertMatch(json.stderr, /^roomz: bot\.json does not export a bot\. [^\n]*\n$/);
  const dep = await home.write("dep.ts", "throw new Error('in a module that the bot imports');");
  const { stderr } = await roomz(["bot", "check", "bot.ts"], { workingFolder: home.path });
  assertStringIncludes(stderr, `at file://${dep}:1:7`);
});

Deno.test("bot docs escapes the bot's texts in its Markdown", async () => {
  await using home = await TestHome.make({ "bot.ts": HELPER });
  const { exitCode, stdout } = await roomz(["bot", "docs", "bot.ts"], { workingFolder: home.path });
  assertEquals(exitCode, 0);
  assert(stdout.startsWith("# helper\\_x\n\nA command starts with `!` or `@helper_x `.\n"), stdout);
  assertMatch(stdout, /\n## `!todo add <text...>`\n\nAdd \\\| keep\n\nAlso: `ta`\.\n/);
  assertMatch(stdout, /\n## `` !deploy .*a`b\] ``\n/);
  const table = stdout.split("\n").filter((line) => line.startsWith("| `"));
  assertEquals(table.slice(0, 5), [
    "| `text` | the rest of the line |  |",
    "| `to` | dev \\| prod |  |",
    "| `tries` | int | default: `3` |",
    "| `--dry-run` | switch | optional |",
    "| `--env` | text | default: `` a`b `` |",
  ]);
});
