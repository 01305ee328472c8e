import { assertEquals, assertThrows } from "@std/assert";
import { lockOf } from "../../../tools/release/sbom_lock.ts";

/** An output of `deno info --json` with these npm packages and modules. */
function info(
  npm: Readonly<Record<string, readonly string[]>>,
  modules: readonly string[] = [],
): unknown {
  const npmPackages = Object.fromEntries(
    Object.entries(npm).map(([id, dependencies]) => {
      const at = id.indexOf("@", 1);
      const version = id.slice(at + 1).replace(/_.*/, "");
      return [id, { name: id.slice(0, at), version, dependencies }];
    }),
  );
  return { version: 1, modules: modules.map((specifier) => ({ specifier })), npmPackages };
}

Deno.test("the lock has every npm package in Deno's version, and what needs what", () => {
  const { packages } = lockOf([
    info({ "@a/server@2.4.0": ["@a/core@2.4.1", "zod@4.6.7"], "@a/core@2.4.1": ["zod@4.6.7"] }),
    info({ "zod@4.6.7": [], "smol-toml@1.9.1": [] }),
  ]);
  assertEquals(packages[""]?.dependencies, { "@a/server": "2.4.0", "smol-toml": "1.9.1" });
  assertEquals(packages["node_modules/@a/server"], {
    version: "2.4.0",
    dependencies: { "@a/core": "2.4.1", "zod": "4.6.7" },
  });
  assertEquals(Object.keys(packages), [
    "",
    "node_modules/@a/core",
    "node_modules/@a/server",
    "node_modules/smol-toml",
    "node_modules/zod",
  ]);
});

Deno.test("packages of JSR have their npm names; own files and Deno's modules are not listed", () => {
  const { packages } = lockOf([
    info({}, [
      "file:///somewhere/cli/main.ts",
      "node:path",
      "npm:/zod@4.6.7",
      "https://jsr.io/@std/path/1.1.3/mod.ts",
      "https://jsr.io/@std/path/1.1.3/posix/join.ts",
      "https://jsr.io/@cliffy/command/1.2.1/mod.ts",
    ]),
  ]);
  assertEquals(packages[""]?.dependencies, {
    "@jsr/cliffy__command": "1.2.1",
    "@jsr/std__path": "1.1.3",
  });
});

Deno.test("peers in an identifier are not part of the name", () => {
  const { packages } = lockOf([
    info({ "a@1.0.0": ["@b/c@2.0.0_d@3.0.0"], "@b/c@2.0.0_d@3.0.0": [], "d@3.0.0": [] }),
  ]);
  assertEquals(packages["node_modules/a"]?.dependencies, { "@b/c": "2.0.0" });
});

Deno.test("two versions of one package are an error, as a flat lock cannot hold both", () => {
  assertThrows(
    () => lockOf([info({ "zod@4.6.7": [] }), info({ "zod@3.25.0": [] })]),
    RangeError,
    "zod is in the binaries as 4.6.7 and as 3.25.0",
  );
});

for (const wrong of [null, "text", [], {}, { modules: {} }, { modules: [{}] }]) {
  Deno.test(`${JSON.stringify(wrong)} is not taken for an output of deno info`, () => {
    assertThrows(() => lockOf([wrong]), TypeError, "not the output of deno info --json");
  });
}
