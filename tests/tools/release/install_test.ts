/**
 * The install scripts against a release on loopback.
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { skip } from "../../support/skip.ts";

const scripts = fromFileUrl(new URL("../../../tools/release/", import.meta.url));
const windows = Deno.build.os === "windows";
const asset = `roomz-${Deno.build.target}${windows ? ".exe" : ""}`;

/** A program that answers `--version`, as the asset of a release. */
const program = windows
  ? await Deno.readFile(Deno.execPath())
  : new TextEncoder().encode("#!/bin/sh\necho roomz 9.9.9\n");
const brokenProgram = new TextEncoder().encode("#!/bin/sh\nexit 127\n");

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** Runs this system's install script against a server with `files`, over a roomz of before. */
async function install(
  files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>,
  options: { env?: Record<string, string>; script?: (text: string) => string } = {},
) {
  await using release = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => {
      const body = files[new URL(request.url).pathname.slice(1)];
      return body === undefined ? new Response("none", { status: 404 }) : new Response(body);
    },
  );
  // Folder names have spaces in real life.
  const home = await Deno.makeTempDir({ prefix: "my home " });
  try {
    const bin = join(home, "bin");
    const installed = join(bin, windows ? "roomz.exe" : "roomz");
    await Deno.mkdir(bin);
    await Deno.writeTextFile(installed, "the one before");
    const name = windows ? "install.ps1" : "install.sh";
    const script = join(home, name);
    const text = await Deno.readTextFile(join(scripts, name));
    await Deno.writeTextFile(script, options.script?.(text) ?? text);
    const { code, stderr, stdout } = await new Deno.Command(windows ? "powershell" : "sh", {
      args: windows ? ["-NoProfile", "-ExecutionPolicy", "Bypass", "-File", script] : [script],
      env: {
        HOME: home,
        ROOMZ_INSTALL_DIR: bin,
        ROOMZ_DOWNLOAD_URL: `http://127.0.0.1:${release.addr.port}`,
        NO_PROXY: "127.0.0.1",
        no_proxy: "127.0.0.1",
        ...options.env,
      },
    }).output();
    return {
      code,
      output: new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout),
      installed: await Deno.readFile(installed),
      mode: (await Deno.stat(installed)).mode,
      files: (await Array.fromAsync(Deno.readDir(bin))).map((entry) => entry.name),
    };
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

/** Fails unless the script wrote `text`. PowerShell breaks the lines of errors where it likes. */
function says(result: { output: string }, text: string): void {
  assertStringIncludes(result.output.replaceAll(/\s/g, ""), text.replaceAll(" ", ""));
}

/** Fails unless nothing was changed. */
function assertUntouched(result: Awaited<ReturnType<typeof install>>): void {
  assert(result.code !== 0, "the script fails");
  assertEquals(new TextDecoder().decode(result.installed), "the one before");
  assertEquals(result.files.length, 1, "no draft is left");
}

const good = await sha256(program);
const list = `${"0".repeat(64)}  roomz-other\n${good}  ${asset}\n${"1".repeat(64)}  ${asset}.txt\n`;

Deno.test("the binary of this system is installed when its checksum is right", async () => {
  const result = await install({ SHA256SUMS: list, [asset]: program });
  assertEquals(result.code, 0, result.output);
  says(result, "Checksum verified. Installed ");
  assertEquals(result.installed, program);
  assertEquals(result.files.length, 1);
  if (!windows) assertEquals((result.mode ?? 0) & 0o777, 0o755);
});

const broken: readonly [what: string, files: Record<string, string | Uint8Array<ArrayBuffer>>][] = [
  ["another file's checksum", {
    SHA256SUMS: `${await sha256(brokenProgram)}  ${asset}\n`,
    [asset]: program,
  }],
  ["a file that was cut off", { SHA256SUMS: list, [asset]: program.slice(0, -1) }],
  ["an empty file", { SHA256SUMS: list, [asset]: "" }],
  ["no line for this system", { SHA256SUMS: `${good}  roomz-other\n`, [asset]: program }],
  ["a line for a longer name", { SHA256SUMS: `${good}  ${asset}.txt\n`, [asset]: program }],
  ["an empty list", { SHA256SUMS: "", [asset]: program }],
  ["two lines for this system", {
    SHA256SUMS: `${good}  ${asset}\n${good}  ${asset}\n`,
    [asset]: program,
  }],
  ["a page in place of the list", { SHA256SUMS: "<!doctype html>\n", [asset]: program }],
  ["a checksum cut off", { SHA256SUMS: `${good.slice(1)}  ${asset}\n`, [asset]: program }],
  ["a checksum of other characters", {
    SHA256SUMS: `${"g".repeat(64)}  ${asset}\n`,
    [asset]: program,
  }],
  ["no list", { [asset]: program }],
  ["no binary", { SHA256SUMS: list }],
  ["a binary that does not start", {
    SHA256SUMS: `${await sha256(brokenProgram)}  ${asset}\n`,
    [asset]: brokenProgram,
  }],
];
for (const [what, files] of broken) {
  Deno.test(`a release with ${what} changes nothing`, async () => {
    const result = await install(files);
    assertUntouched(result);
    // PowerShell's own error for a missing file has no such sentence.
    if (!windows || "SHA256SUMS" in files && asset in files) says(result, "Nothing was installed");
  });
}

const refused = [
  "http://example.com/r",
  "http://127.0.0.1.example.com",
  "http://127.0.0.1@example.com",
  "file:///tmp",
  "ftp://127.0.0.1/",
  "example.com",
];
for (const url of refused) {
  Deno.test(`the download address ${url} is refused`, async () => {
    const result = await install({}, { env: { ROOMZ_DOWNLOAD_URL: url } });
    assertUntouched(result);
    says(result, "must start with https://");
  });
}

Deno.test("a copy that no release has filled in asks for one, and installs nothing", async () => {
  const result = await install({}, { env: { ROOMZ_DOWNLOAD_URL: "" } });
  assertUntouched(result);
  says(result, "not from a release");
});

Deno.test("a copy from a release says how to verify who built the binary", async () => {
  const result = await install({ SHA256SUMS: list, [asset]: program }, {
    script: (text) => text.replaceAll("@REPOSITORY@", "ada/roomz").replaceAll("@TAG@", "v9.9.9"),
  });
  assertEquals(result.code, 0, result.output);
  says(result, "--repo ada/roomz");
});

Deno.test("a script that was cut off anywhere installs nothing", async () => {
  const files = { SHA256SUMS: list, [asset]: program };
  const whole = await Deno.readTextFile(join(scripts, windows ? "install.ps1" : "install.sh"));
  const lines = whole.trimEnd().split("\n");
  for (const share of [0.2, 0.5, 0.7, 0.9, 0.95, 1]) {
    const kept = lines.slice(0, Math.floor((lines.length - 1) * share)).join("\n");
    const result = await install(files, { script: () => kept });
    assertEquals(new TextDecoder().decode(result.installed), "the one before");
  }
});

Deno.test({
  name: "a system without a binary is named",
  ignore: windows,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const answers: readonly [system: string, processor: string, error: string][] = [
        ["Linux", "riscv64", "no binary for the processor riscv64"],
        ["Darwin", "ppc", "no binary for the processor ppc"],
        ["Linux", "i686", "no binary for the processor i686"],
        ["FreeBSD", "x86_64", "not for FreeBSD"],
        ["MINGW64_NT-10.0", "x86_64", "On Windows use install.ps1"],
        ["SunOS", "amd64", "not for SunOS"],
      ];
      for (const [system, processor, error] of answers) {
        const uname = join(folder, "uname");
        const text = `#!/bin/sh\n[ "$1" = -m ] && echo ${processor} || echo ${system}\n`;
        await Deno.writeTextFile(uname, text, { mode: 0o755 });
        const result = await install({ SHA256SUMS: list, [asset]: program }, {
          env: { PATH: `${folder}:${Deno.env.get("PATH") ?? ""}` },
        });
        assertUntouched(result);
        says(result, error);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

if (!windows) skip("tools/release/install.ps1", "it runs on Windows only");
