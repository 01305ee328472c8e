import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { skip } from "../../../support/skip.ts";
import { outputOf } from "../../support/output_of.ts";
import { roomz } from "../../support/test_io.ts";

Deno.test("the manual page has every command, exit code and variable, and no unintended requests", async () => {
  const { exitCode, stdout } = await roomz(["man"]);
  assertEquals(exitCode, 0);
  for (
    const what of [
      ".SS roomz bot compile",
      ".SS roomz config\n",
      ".B 130",
      ".B ROOMZ_TOKEN",
      "\\-\\-wait\\-reply",
    ]
  ) {
    assertStringIncludes(stdout, what);
  }
  const requests = stdout.split("\n").filter((line) => /^[.']/.test(line))
    .filter((line) => !/^\.(TH|SH|SS|TP|B|PP|nf|fi)\b/.test(line));
  assertEquals(requests, []);
});

if (await outputOf("groff", ["--version"], "") === undefined) {
  skip("that groff reads the manual page", "it is not installed here");
} else {
  Deno.test("groff renders the manual page without warnings", async () => {
    const { stdout } = await roomz(["man"]);
    const page = await outputOf("groff", ["-man", "-Tutf8", "-ww"], stdout) ?? "";
    assert(page.includes("Send a message (- reads it from stdin)."));
  });
}

if (await outputOf("mandoc", [], "") === undefined) {
  skip("that mandoc accepts the manual page", "it is not installed here");
} else {
  Deno.test("mandoc finds no problems in the manual page", async () => {
    const { stdout } = await roomz(["man"]);
    assertEquals(await outputOf("mandoc", ["-Tlint"], stdout), "");
  });
}
