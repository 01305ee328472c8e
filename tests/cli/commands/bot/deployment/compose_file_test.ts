import { assertEquals, assertStringIncludes } from "@std/assert";
import { composeFile } from "../../../../../cli/commands/bot/deployment/compose_file.ts";
import type { Deployment } from "../../../../../cli/commands/bot/deployment/deployment.ts";
import { skip } from "../../../../support/skip.ts";

const deployment: Deployment = {
  bot: "todo",
  name: "todo",
  project: "/home/ada/todo",
  file: "bot.ts",
  server: "https://roomz.example",
  permissions: [],
  health: undefined,
};

/** What check-jsonschema (PyPI) says about a file by the schema of Compose; undefined without it. */
async function check(text: string): Promise<{ code: number; said: string } | undefined> {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(path, text);
    const { code, stdout, stderr } = await new Deno.Command("check-jsonschema", {
      args: ["--builtin-schema", "vendor.compose-spec", path],
    }).output();
    const decoder = new TextDecoder();
    return { code, said: decoder.decode(stdout) + decoder.decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  } finally {
    await Deno.remove(path);
  }
}

const plain = await check(composeFile(deployment, ".", "Dockerfile"));
if (plain === undefined) {
  skip("the schema of Compose", "check-jsonschema is not installed here (PyPI)");
} else {
  Deno.test("the compose file is valid by the schema of Compose", async () => {
    assertEquals(plain.code, 0, plain.said);
    const unusual = await check(composeFile(deployment, '../it\'s "$HOME": x', "a\\b # c"));
    assertEquals(unusual?.code, 0, unusual?.said);
    const wrong = await check(
      composeFile(deployment, ".", "Dockerfile").replace("cap_drop", "cap"),
    );
    assertEquals(wrong?.code, 1, "a mistake would be found");
  });
}

Deno.test("the session comes from a file, and paths mean what they say", () => {
  const text = composeFile(deployment, "../a $b", "Dockerfile");
  assertStringIncludes(text, "env_file: todo.env\n");
  assertStringIncludes(text, 'context: "../a $$b"\n');
});
