/**
 * `roomz upgrade`: prints the command that upgrades this `roomz`. It downloads nothing itself.
 * @module
 */
import { fromFileUrl } from "@std/path";
import type { CommandSpec } from "../command_line/command_spec.ts";
import { shellWord } from "../command_line/shell_word.ts";
import { RUN_FLAGS } from "../config/permissions.ts";
import { fullVersion } from "../config/version.ts";
import { print, say } from "../terminal/output.ts";

export const upgradeCommand: CommandSpec = {
  name: "upgrade",
  summary: "Print the command that upgrades this roomz.",
  examples: ["roomz upgrade", 'sh -c "$(roomz upgrade)"'],
  async run(io) {
    const { talk, command } = upgradeOf(import.meta.url, Deno.build.standalone, Deno.build.target);
    await say(io, `This is roomz ${fullVersion(io)}, ${talk}`);
    await print(io, command);
  },
};

/** How to upgrade a `roomz` whose module is at `moduleUrl`, or that is a binary for `target`. */
export function upgradeOf(
  moduleUrl: string,
  isBinary: boolean,
  target: string,
): { talk: string; command: string } {
  if (isBinary) {
    return {
      talk: "a compiled binary. To rebuild it in dist/, run this in a clone of the repository:",
      command: `git pull && deno task compile ${target}`,
    };
  }
  if (moduleUrl.startsWith("file:")) {
    const folder = fromFileUrl(new URL("../../", moduleUrl));
    return {
      talk: "run from a clone. To update it:",
      command: `git -C ${shellWord(folder)} pull`,
    };
  }
  const flags = ["--global", "--force", "--reload", "--name=roomz", ...RUN_FLAGS].join(" ");
  return {
    talk: "installed from JSR. To install the latest version that is at least a day old:",
    command: `deno install ${flags} jsr:@roomz/roomz/cli`,
  };
}
