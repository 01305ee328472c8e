import { assertEquals, assertMatch } from "@std/assert";
import { endingOf } from "../../../cli/command_line/exit_code.ts";
import { loadFailure } from "../../../cli/command_line/load_failure.ts";
import { output, spawnRoomz } from "../support/spawned.ts";
import { TestIo } from "../support/test_io.ts";

const registry = "https://registry.example/zod";
const place = "    at \x1b[0m\x1b[36mfile:///roomz/tool.ts\x1b[0m:\x1b[0m\x1b[33m14\x1b[0m";

const notDownloaded: readonly [message: string, facts: string][] = [
  [
    `Failed loading ${registry} for package "zod"\n    0: error sending request for url (${registry}): ` +
    `tcp connect error: Connection refused (os error 111)\n${place}`,
    `Failed loading ${registry} for package "zod": error sending request for url (${registry}): ` +
    "tcp connect error: Connection refused (os error 111).",
  ],
  [
    `Failed loading ${registry} for package "zod"\n    0: client error (Connect)\n    1: invalid peer ` +
    `certificate: UnknownIssuer\n${place}`,
    `Failed loading ${registry} for package "zod": client error (Connect): invalid peer certificate: ` +
    "UnknownIssuer.",
  ],
  [
    `Failed loading ${registry} for package "zod"\n    0: npm package not found in cache: "zod", ` +
    "--cached-only is specified.",
    `Failed loading ${registry} for package "zod": npm package not found in cache: "zod", ` +
    "--cached-only is specified.",
  ],
  [
    "Import 'https://jsr.example/@std/assert/meta.json' failed: 502 Bad Gateway",
    "Import 'https://jsr.example/@std/assert/meta.json' failed: 502 Bad Gateway.",
  ],
  [
    "JSR package manifest for '@std/text' failed to load. Import 'https://jsr.example/@std/text/meta.json' " +
    `failed: dns error\n${place}`,
    "JSR package manifest for '@std/text' failed to load. Import " +
    "'https://jsr.example/@std/text/meta.json' failed: dns error.",
  ],
  [
    'Specifier not found in cache: "https://jsr.example/a.ts", --cached-only is specified.',
    'Specifier not found in cache: "https://jsr.example/a.ts", --cached-only is specified.',
  ],
];
for (const [message, facts] of notDownloaded) {
  Deno.test(`no bug: ${message.slice(0, 100).replaceAll("\n", " ")}`, () => {
    const { exitCode, message: shown = "" } = endingOf(new TypeError(message), new TestIo());
    const [first, second = ""] = shown.split("\n");
    assertEquals([exitCode, first], [1, facts]);
    assertMatch(second, /^roomz downloads this package once, .* DENO_TLS_CA_STORE=system\.$/);
  });
}

for (const [kind, what] of [["read", "/roomz/mcp_server.ts"], ["import", "esm.example:443"]]) {
  Deno.test(`a missing permission to ${kind} a module names the flag`, () => {
    const message = `Requires ${kind} access to "${what}", run again with the --allow-${kind} flag`;
    assertEquals(
      loadFailure(new TypeError(message)),
      `A part of roomz cannot be loaded. ${message}.`,
    );
  });
}

for (const args of [["mcp"], ["serve", "--port", "0", "--allow-all"]]) {
  Deno.test(`${args[0]} without permission to read itself says which flag is missing`, async () => {
    const { code, stderr } = await output(spawnRoomz(args, "/nowhere"));
    assertEquals(code, 1);
    const loaded =
      /^roomz: A part of roomz cannot be loaded\. Requires read access to ".+\.ts", .+ --allow-read flag\.\n$/;
    assertMatch(stderr, loaded);
  });
}

const bugs: readonly unknown[] = [
  new TypeError("x is undefined"),
  new TypeError("Cannot read properties of undefined (reading 'Requires read access to')"),
  new RangeError("Failed loading x for package y"),
  new TypeError('Module not found "file:///roomz/a.ts".'),
  new Error("Requires read access to x"),
];
for (const bug of bugs) {
  Deno.test(`no failure to load: ${bug}`, () => assertEquals(loadFailure(bug), undefined));
}
