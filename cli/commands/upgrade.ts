/**
 * `roomz upgrade`: says how this `roomz` is replaced by a newer one. It downloads nothing itself.
 * @module
 */
import { fromFileUrl } from "@std/path";
import type { CommandSpec } from "../command_line/command_spec.ts";
import { shellWord } from "../command_line/shell_word.ts";
import { PERMISSIONS } from "../config/permissions.ts";
import { fullVersion } from "../config/version.ts";
import { print, say } from "../terminal/output.ts";

/** The command. */
export const upgradeCommand: CommandSpec = {
  name: "upgrade",
  summary: "Print the command that replaces this roomz by a newer one.",
  examples: ["roomz upgrade", 'sh -c "$(roomz upgrade)"'],
  async run(io) {
    const { talk, command } = upgradeOf(import.meta.url, Deno.build.standalone, Deno.build.target);
    await say(io, `This is roomz ${fullVersion(io)}, ${talk}`);
    await print(io, command);
  },
};

/** How a `roomz` is replaced whose module is at `moduleUrl`, or that is a binary for `target`. */
export function upgradeOf(
  moduleUrl: string,
  isBinary: boolean,
  target: string,
): { talk: string; command: string } {
  if (isBinary) {
    return {
      talk: "a binary. In an up-to-date clone of the repository, make a new one in dist/:",
      command: `git pull && deno task compile ${target}`,
    };
  }
  if (moduleUrl.startsWith("file:")) {
    const folder = fromFileUrl(new URL("../../", moduleUrl));
    return {
      talk: "run from a clone. Bring it up to date:",
      command: `git -C ${shellWord(folder)} pull`,
    };
  }
  const flags = ["--global", "--force", "--reload", "--name=roomz", ...PERMISSIONS].join(" ");
  return {
    talk: "run by Deno from JSR. Install the newest:",
    command: `deno install ${flags} jsr:@roomz/roomz/cli`,
  };
}
