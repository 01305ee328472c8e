/**
 * Ctrl+Z under the launcher of every `deno task`.
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { testTerminal } from "../cli/chat/support/scene.ts";
import type { TmuxChat } from "../cli/chat/support/tmux.ts";

const launcher = fromFileUrl(new URL("../../tools/deno.ts", import.meta.url));

/** Answers each line that it reads. */
const PROGRAM = `console.log("up");
for await (const line of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  console.log("read", line.trim());
}
`;

/** Starts the program as a task does. */
async function start(chat: TmuxChat): Promise<void> {
  await Deno.writeTextFile(`${chat.state}/program.ts`, PROGRAM);
  await chat.untilShell();
  const launch = `'${Deno.execPath()}' run -A --no-config --no-lock '${launcher}' run program.ts`;
  await chat.type(`'${Deno.execPath()}' task --quiet --eval "${launch}"\r`);
  await chat.until(/^up$/m);
}

for (const shell of ["bash", "zsh"] as const) {
  testTerminal(
    `Ctrl+Z stops what a task runs, and fg continues it in ${shell}`,
    async ({ chat }) => {
      await start(chat);
      for (let time = 1; time <= 3; time++) {
        await chat.press("C-z");
        await chat.until(/(Stopped|suspended)[\s\S]*shell>$/);
        await chat.type("clear; fg\r");
        await chat.until((screen) => {
          return screen.includes("program.ts") && !/Stopped|suspended/.test(screen);
        });
        await chat.type(`line ${time}\r`);
        await chat.until(new RegExp(`^read line ${time}$`, "m"));
      }
      await chat.press("C-c");
      await chat.until(/shell>$/);
    },
    {
      columns: 250,
      from: { shell, start: "true" },
      env: {
        ROOMZ_PACKAGES: Deno.env.get("ROOMZ_PACKAGES") ?? "offline",
        // The launcher writes the path of its cache into the checkout, where all tests read it.
        XDG_CACHE_HOME: Deno.env.get("XDG_CACHE_HOME") ||
          join(Deno.env.get("HOME") ?? "", ".cache"),
        DENO_DIR: Deno.env.get("DENO_DIR") ?? join(Deno.env.get("HOME") ?? "", ".cache", "deno"),
      },
    },
  );
}
