import { assert, assertEquals, assertThrows } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { compileArgs, TARGETS, targetsOf } from "../../tools/compile.ts";

Deno.test("each of the six targets compiles with the same permissions and included modules", () => {
  assertEquals(new Set(TARGETS).size, 6);
  for (const target of TARGETS) {
    const args = compileArgs("deno.json", "deno.lock", "build.env", "roomz", target);
    assert(args.includes(`--target=${target}`));
    assert(args.includes("--lock=deno.lock"));
    assert(args.includes("--exclude-unused-npm"), "without the packages of tests, 24 MB");
    // Imported from computed URLs, which the compiler does not follow.
    assert(args.includes("--include=dev_server/mod.ts"));
    assert(args.includes("--include=cli/commands/mcp/mcp_server.ts"));
    // Its page loads a package in the same way; deno.json names the version that the tests use.
    assert(args.includes(`--include=${denoJson.imports["socket.io-client"]}`));
    assertEquals(args.filter((arg) => /^-A$|allow-(all|run|ffi)/.test(arg)), []);
  }
});

Deno.test("unknown targets are rejected, and so are those that the runtime in DENORT_BIN is not for", () => {
  const here = Deno.build.target;
  const elsewhere = TARGETS.find((target) => target !== here) ?? "";
  assertEquals(targetsOf([], false), TARGETS);
  assertEquals(targetsOf([elsewhere], false), [elsewhere]);
  assertEquals(targetsOf([], true), [here]);
  assertEquals(targetsOf([here], true), [here]);
  assertThrows(() => targetsOf([elsewhere], true), RangeError, "Unset it");
  assertThrows(() => targetsOf(["linux"], false), RangeError, `Supported: ${TARGETS.join(" ")}`);
});
