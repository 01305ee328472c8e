import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { type Installation, type Upgrade, upgradeOf } from "../../../cli/commands/upgrade.ts";
import { repository } from "../../../cli/config/version.ts";
import { roomz, TestIo } from "../support/test_io.ts";

const LINUX = "x86_64-unknown-linux-gnu";
const MAC = "aarch64-apple-darwin";
const WINDOWS = "x86_64-pc-windows-msvc";

/** A binary of ada/roomz, except for what `parts` says. */
function upgrade(parts: Partial<Installation>): Upgrade {
  return upgradeOf({
    module: "file:///tmp/deno-compile-roomz/cli/commands/upgrade.ts",
    isBinary: true,
    target: LINUX,
    program: "/home/ada/.local/bin/roomz",
    repository: "ada/roomz",
    ...parts,
  });
}

Deno.test("upgrade prints one command on stdout, and how roomz was installed on stderr", async () => {
  const { exitCode, stdout, stderr } = await roomz(["upgrade"]);
  assertEquals(exitCode, 0);
  // Quoted if the path of the clone has a space.
  assertMatch(stdout, /^git -C (?:'\/[^']+\/'|[^\s']+) pull\n$/);
  assertMatch(stderr, /^This is roomz \d+\.\d+\.\d+, run from a clone\. /);
});

Deno.test("a clone is upgraded with git, whatever its path", () => {
  const module = "file:///it's%20mine/cli/commands/upgrade.ts";
  const { command } = upgrade({ module, isBinary: false, repository: undefined });
  assertEquals(command, "git -C '/it'\\''s mine/' pull");
});

Deno.test("an installation from JSR is upgraded with deno install, and knows the day-old rule", () => {
  const module = "https://jsr.io/@roomz/roomz/0.2.0/cli/commands/upgrade.ts";
  const { command, note } = upgrade({ module, isBinary: false, repository: undefined });
  assertMatch(command, /^deno install --global --force .*--allow-net .* jsr:@roomz\/roomz\/cli$/);
  assertStringIncludes(note ?? "", "--min-dep-age=0");
});

Deno.test("a binary that was compiled in a clone is compiled again", () => {
  const { command } = upgrade({ repository: undefined, target: MAC });
  assertEquals(command, "git pull && deno task compile aarch64-apple-darwin");
});

Deno.test("a binary of a release says how to verify who built the new one", () => {
  const { note = "" } = upgrade({});
  assertStringIncludes(note, "gh release download --repo ada/roomz --pattern install.sh && ");
  assertStringIncludes(note, "gh attestation verify install.sh --repo ada/roomz");
  assertStringIncludes(upgrade({ target: WINDOWS }).note ?? "", "verify install.ps1 --repo");
});

Deno.test("a binary on macOS is upgraded with what macOS has", () => {
  assertStringIncludes(upgrade({ target: MAC }).command, "| shasum -a 256 -c - ");
});

Deno.test("only the name of a repository is taken from the environment", () => {
  const named = (ROOMZ_REPOSITORY: string) => repository(new TestIo({ env: { ROOMZ_REPOSITORY } }));
  assertEquals(named("ada/roomz.js"), "ada/roomz.js");
  for (const other of ["", "ada", "ada/roomz/x", "ada/$(id)", "ada/ro omz", "https://a/b"]) {
    assertEquals(named(other), undefined, other);
  }
});

/** A release on loopback, in place of GitHub's. */
interface Release {
  readonly files: Readonly<Record<string, string>>;
  /** What the new program is installed over. */
  readonly installed: string;
}

/** What the command for a binary of a release does, on this system. */
async function run({ files, installed }: Release): Promise<{ code: number; output: string }> {
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const body = files[new URL(request.url).pathname.slice(1)];
    return new Response(body ?? "none", { status: body === undefined ? 404 : 200 });
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  const windows = Deno.build.os === "windows";
  const { command } = upgrade({ target: Deno.build.target, program: installed });
  const onLoopback = command
    .replaceAll("https://github.com/ada/roomz/releases/latest/download", url)
    .replace("'=https'", "'=http'");
  const { code, stdout, stderr } = await new Deno.Command(windows ? "powershell" : "sh", {
    args: [...(windows ? ["-NoProfile", "-Command"] : ["-c"]), onLoopback],
    env: { ROOMZ_DOWNLOAD_URL: url, NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

async function checksum(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

const script = Deno.build.os === "windows" ? "install.ps1" : "install.sh";
/** Puts itself in the place of the program. */
const INSTALLER = Deno.build.os === "windows"
  ? 'Set-Content -NoNewline -Path "$env:ROOMZ_INSTALL_DIR\\roomz" -Value "new"\n'
  : 'printf new > "$ROOMZ_INSTALL_DIR/roomz"\n';
const good = `${await checksum(INSTALLER)}  ${script}`;
const other = `${await checksum("other")}  ${script}`;

const releases: readonly [what: string, files: Record<string, string>, after: "new" | "old"][] = [
  ["whose checksums are right", { [script]: INSTALLER, SHA256SUMS: `${other}x\n${good}\n` }, "new"],
  ["whose script is another", { [script]: INSTALLER, SHA256SUMS: `${other}\n` }, "old"],
  ["whose script is cut off", {
    [script]: INSTALLER.slice(0, -1),
    SHA256SUMS: `${good}\n`,
  }, "old"],
  ["whose list lacks the script", { [script]: INSTALLER, SHA256SUMS: `${good}.txt\n` }, "old"],
  ["without a list", { [script]: INSTALLER }, "old"],
  ["without a script", { SHA256SUMS: `${good}\n` }, "old"],
];
for (const [what, files, after] of releases) {
  Deno.test(`a release ${what} leaves the ${after} binary`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "it's my bin " });
    try {
      const installed = join(folder, "roomz");
      await Deno.writeTextFile(installed, "old");
      const { code, output } = await run({ files, installed });
      assertEquals(await Deno.readTextFile(installed), after, output);
      assertEquals(code === 0, after === "new", output);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test({
  name: "the release's own install script replaces the binary",
  ignore: Deno.build.os === "windows", // A script cannot be a roomz.exe there.
  async fn() {
    const path = fromFileUrl(new URL("../../../tools/release/install.sh", import.meta.url));
    const text = (await Deno.readTextFile(path)).replaceAll("@REPOSITORY@", "ada/roomz")
      .replaceAll("@TAG@", "v9.9.9");
    const program = "#!/bin/sh\necho roomz 9.9.9\n";
    const asset = `roomz-${Deno.build.target}`;
    const SHA256SUMS = `${await checksum(text)}  install.sh\n${await checksum(
      program,
    )}  ${asset}\n`;
    const folder = await Deno.makeTempDir();
    try {
      const installed = join(folder, "roomz");
      await Deno.writeTextFile(installed, "old");
      const files = { "install.sh": text, SHA256SUMS, [asset]: program };
      const { code, output } = await run({ files, installed });
      assertEquals(code, 0, output);
      assertStringIncludes(output, "Checksum verified. Installed roomz 9.9.9 in ");
      assertEquals(await Deno.readTextFile(installed), program);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
