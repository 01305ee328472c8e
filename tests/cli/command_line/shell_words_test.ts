import { assertEquals } from "@std/assert";
import { shellWords, withHome } from "../../../cli/command_line/shell_words.ts";
import { reportSkipped } from "../../support/skip.ts";

const variables: Readonly<Record<string, string>> = { HOME: "/home/ada", APP: "nano", EMPTY: "" };
const environment = (name: string): string | undefined => variables[name];

const lines = [
  "vi",
  "  vim   -u\tNONE ",
  "'/opt/My Editor/bin/edit' --wait",
  '"/opt/My Editor/bin/edit" -n',
  "/opt/My\\ Editor/bin/edit",
  "code --wait --user-data-dir=~/x",
  "~/bin/edit -c 'set tw=72'",
  "~",
  "~root-like-name/edit",
  "'~/bin/edit'",
  "\\~/edit",
  "a~/edit",
  "$HOME/bin/edit ${APP}",
  '"$HOME/bin/${APP}" "$APP"x',
  "'$HOME'",
  "\\$HOME",
  '"a \\"quoted\\" \\$APP \\n \\\\ word"',
  "a'b c'd\"e f\"g",
  "'' \"\" x",
  "it\\'s",
  "x\\\ny z",
  "$ a$",
];

const sh = Deno.build.os === "windows" ? undefined : "/bin/sh";
if (sh === undefined) reportSkipped("words as a shell reads them", "there is no sh");
for (const line of lines) {
  Deno.test({
    name: `${JSON.stringify(line)} has the words that sh gives it`,
    ignore: sh === undefined,
    async fn() {
      const { stdout } = await new Deno.Command(sh ?? "sh", {
        args: ["-c", `printf '%s\\0' ${line}`],
        clearEnv: true,
        env: variables,
      }).output();
      assertEquals(
        shellWords(line, environment),
        new TextDecoder().decode(stdout).split("\0").slice(0, -1),
      );
    },
  });
}

Deno.test("a quote that is not closed, or a backslash at the end, makes no words", () => {
  for (const line of ["'", '"', "a 'b", 'a "b\\"', "vi\\", "'a' \"b"]) {
    assertEquals(shellWords(line, environment), undefined, line);
  }
});

Deno.test("only ~ and ~/ at the start are the home folder, if it is known", () => {
  assertEquals(["~", "~/x", "~x", "x/~", ""].map((path) => withHome(path, "/h")), [
    "/h",
    "/h/x",
    "~x",
    "x/~",
    "",
  ]);
  assertEquals(withHome("~/x", undefined), "~/x");
});
