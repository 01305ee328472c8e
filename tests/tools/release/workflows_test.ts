/**
 * What the workflows must agree on with the rest of the repository. actionlint and zizmor, which CI
 * runs, check their form.
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { RUN_FLAGS } from "../../../cli/config/permissions.ts";
import { TARGETS } from "../../../tools/compile.ts";

const root = new URL("../../../", import.meta.url);
const read = (file: string) => Deno.readTextFile(new URL(file, root));

const workflows = new Map<string, string>();
for await (const { name } of Deno.readDir(new URL(".github/workflows/", root))) {
  workflows.set(name, await read(`.github/workflows/${name}`));
}
const release = workflows.get("release.yml") ?? "";

Deno.test("every action is pinned by a full commit hash, with its version beside it", () => {
  const uses = [...workflows.values()].flatMap((text) => text.match(/\buses: .*/g) ?? [])
    .filter((line) => !line.startsWith("uses: ./"));
  assert(uses.length > 10, "the actions were found");
  const pinned = /^uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
  assertEquals(uses.filter((line) => !pinned.test(line)), []);
});

Deno.test("an action has the same hash everywhere", () => {
  const hashes = new Map<string, Set<string>>();
  for (const text of workflows.values()) {
    for (const [, action = "", hash = ""] of text.matchAll(/uses: ([\w/-]+)@(\S+)/g)) {
      hashes.set(action, (hashes.get(action) ?? new Set()).add(hash));
    }
  }
  assertEquals([...hashes].filter(([, different]) => different.size > 1), []);
});

Deno.test("workflows, scripts and texts name one version of Deno", async () => {
  const texts = [
    ...workflows.values(),
    ...await Promise.all([".ci/run", "README.md", "CONTRIBUTING.md"].map(read)),
  ];
  const versions = texts.flatMap((text) =>
    [...text.matchAll(/(?:deno-version: |npx -y deno@)(\d\S+?)[\s`]/g)].map((match) => match[1])
  );
  assert(versions.length > 5, "the versions were found");
  assertEquals(new Set(versions).size, 1, [...new Set(versions)].join(" "));
});

Deno.test("each compiled target is installed on a system of its own before anything is public", () => {
  const [, systems = ""] = /matrix:\n\s+os:\n((?:\s+- \S+\n)+)/.exec(release) ?? [];
  assertEquals(systems.trim().split("\n").length, TARGETS.length);
  assertStringIncludes(release, `-eq ${TARGETS.length}`);
});

Deno.test("no permission is given to a whole workflow, and only publishing and building sign", () => {
  for (const [name, text] of workflows) {
    assert(/^permissions: \{\}$/m.test(text), `${name} starts without permissions`);
  }
  const signing = release.split(/^ {2}(?=\w+:$)/m).filter((job) => job.includes("id-token: write"));
  assertEquals(signing.map((job) => job.split(":")[0]), ["build", "publish"]);
});

Deno.test("the trial of the published command asks for a version of the same day, with its permissions", () => {
  const [trial = ""] = /deno run --min-dep-age=0[\s\S]*?--version/.exec(release) ?? [];
  for (const flag of RUN_FLAGS.filter((flag) => flag.startsWith("--allow"))) {
    assertStringIncludes(trial, flag);
  }
});
