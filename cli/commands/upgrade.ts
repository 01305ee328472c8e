/**
 * `roomz upgrade`: prints the command that upgrades this `roomz`. It downloads nothing itself.
 * @module
 */
import { dirname, fromFileUrl } from "@std/path";
import type { CommandSpec } from "../command_line/command_spec.ts";
import { shellWord } from "../command_line/shell_word.ts";
import { RUN_FLAGS } from "../config/permissions.ts";
import { fullVersion, repository } from "../config/version.ts";
import { print, say } from "../terminal/output.ts";

export const upgradeCommand: CommandSpec = {
  name: "upgrade",
  summary: "Print the command that upgrades this roomz.",
  examples: ["roomz upgrade", 'sh -c "$(roomz upgrade)"'],
  usesServer: false,
  async run(io) {
    const { about, command, note } = upgradeOf({
      module: import.meta.url,
      isBinary: Deno.build.standalone,
      target: Deno.build.target,
      program: Deno.build.standalone ? Deno.execPath() : "",
      repository: repository(io),
    });
    await say(io, `This is roomz ${fullVersion(io)}, ${about}`);
    await print(io, command);
    if (note !== undefined) await say(io, note);
  },
};

/** How this `roomz` was installed. */
export interface Installation {
  /** The URL of this module. */
  readonly module: string;
  /** Whether it is a compiled binary. */
  readonly isBinary: boolean;
  /** The system that it runs on: `x86_64-apple-darwin`. */
  readonly target: string;
  /** The path of the binary. */
  readonly program: string;
  /** The repository on GitHub, `OWNER/NAME`, if the binary is from its release. */
  readonly repository: string | undefined;
}

/** A command for the shell, and what to say before and after it. */
export interface Upgrade {
  readonly about: string;
  readonly command: string;
  readonly note?: string;
}

/** How to upgrade it. */
export function upgradeOf(installation: Installation): Upgrade {
  const { module, isBinary, target, program, repository } = installation;
  if (isBinary && repository !== undefined) return ofRelease(repository, target, program);
  if (isBinary) {
    return {
      about: "a binary that was compiled in a clone. To rebuild it in dist/, run this there:",
      command: `git pull && deno task compile ${target}`,
    };
  }
  if (module.startsWith("file:")) {
    const folder = fromFileUrl(new URL("../../", module));
    return {
      about: "run from a clone. To update it:",
      command: `git -C ${shellWord(folder)} pull`,
    };
  }
  const flags = ["--global", "--force", "--reload", "--name=roomz", ...RUN_FLAGS].join(" ");
  return {
    about: "installed from JSR. To install the latest version that is at least a day old:",
    command: `deno install ${flags} jsr:@roomz/roomz/cli`,
    note:
      "Deno hides versions of the last day, even if one of them is installed: it would be replaced by " +
      "the one before. To get it, or to keep it, add --min-dep-age=0 after --global.",
  };
}

/** The install script compares the binary with the release's checksums, and this the script itself. */
function ofRelease(repository: string, target: string, program: string): Upgrade {
  const url = `https://github.com/${repository}/releases/latest/download`;
  const isWindows = target.includes("windows");
  const script = isWindows ? "install.ps1" : "install.sh";
  return {
    about: "a binary of a release. To install the latest one, checksums verified, run this" +
      (isWindows ? " in PowerShell:" : ":"),
    command: isWindows ? inPowerShell(url, program) : inShell(url, program, target),
    note:
      "The checksums come from the release itself. To verify first who built it, with GitHub's gh: " +
      `gh release download --repo ${repository} --pattern ${script} && ` +
      `gh attestation verify ${script} --repo ${repository}`,
  };
}

function inShell(url: string, program: string, target: string): string {
  const sha256 = target.includes("apple") ? "shasum -a 256" : "sha256sum";
  const steps = [
    'cd "$(mktemp -d)"',
    `curl -fsSL --proto '=https' -O ${url}/install.sh -O ${url}/SHA256SUMS`,
    `grep ' install.sh$' SHA256SUMS | ${sha256} -c -`,
    `ROOMZ_INSTALL_DIR=${shellWord(dirname(program))} sh install.sh`,
  ];
  return `(${steps.join(" && ")})`;
}

function inPowerShell(url: string, program: string): string {
  const folder = program.replace(/[\\/][^\\/]*$/, "").replaceAll("'", "''");
  const steps = [
    "$ErrorActionPreference = 'Stop'",
    "$new = New-Item -ItemType Directory (Join-Path $env:TEMP ([guid]::NewGuid()))",
    "foreach ($file in 'install.ps1', 'SHA256SUMS') " +
    `{ Invoke-WebRequest -UseBasicParsing "${url}/$file" -OutFile "$new\\$file" }`,
    '$sum = (Get-FileHash "$new\\install.ps1").Hash.ToLower()',
    'if (-not (Select-String -Quiet "^$sum  install\\.ps1$" "$new\\SHA256SUMS")) ' +
    "{ throw 'The checksum of install.ps1 is wrong.' }",
    `$env:ROOMZ_INSTALL_DIR = '${folder}'`,
    'powershell -NoProfile -ExecutionPolicy Bypass -File "$new\\install.ps1"',
  ];
  return `& { ${steps.join("; ")} }`;
}
