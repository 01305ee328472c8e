import { assertEquals, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { notesOf } from "../../../tools/release/check_tag.ts";

const changelog = `# Changelog

## 0.2.0 (2026-03-14)

- **Added**: a thing.
  It has a second line.

### Not verified

- Windows.

## 0.1.0 (2026-01-02)

- The first.
`;

Deno.test("the notes of a release are its section of the changelog, up to the version before it", () => {
  const notes = "- **Added**: a thing.\n  It has a second line.\n\n### Not verified\n\n- Windows.";
  assertEquals(notesOf("v0.2.0", "0.2.0", changelog), notes);
  assertEquals(notesOf("v0.2.0", "0.2.0", changelog.replaceAll("\n", "\r\n")), notes);
});

Deno.test("the only section, and that of a release candidate, are found as well", () => {
  assertEquals(notesOf("v1.0.0-rc.1", "1.0.0-rc.1", "## 1.0.0-rc.1 (2026-03-14)\nAll."), "All.");
});

for (
  const tag of [
    "0.2.0",
    "v0.2",
    "v0.2.0.1",
    "v00.2.0",
    "v0.2.0+1",
    "v0.2.0-",
    "version",
    "v0.2.0\n",
  ]
) {
  Deno.test(`the tag ${JSON.stringify(tag)} is refused: it is not v and a version`, () => {
    const version = tag.trim().replace("v", "");
    assertThrows(() => notesOf(tag, version, changelog), RangeError, "is not v and a version");
  });
}

for (const version of ["0.1.0", "0.2.0-rc.1", "0.2.1", "v0.2.0", "", undefined, 2]) {
  Deno.test(`the tag v0.2.0 is refused when deno.json has the version ${version}`, () => {
    assertThrows(
      () => notesOf("v0.2.0", version, changelog),
      RangeError,
      `The tag is v0.2.0, but deno.json has the version "${version}". Set it to 0.2.0`,
    );
  });
}

const firstSections = [
  "",
  "## 0.2.0 (unreleased)",
  "## 0.2.0",
  "## 0.2.0 (2026-02-30)",
  "## 0.2.0 (2026-13-01)",
  "## 0.2.0 (14 March 2026)",
  "## v0.2.0 (2026-03-14)",
  "## 0.2.00 (2026-03-14)",
  "## 0.3.0 (unreleased)\n\n- Next.\n\n## 0.2.0 (2026-03-14)",
  "### 0.2.0 (2026-03-14)",
];
for (const section of firstSections) {
  Deno.test(`the tag v0.2.0 is refused when the changelog starts with ${JSON.stringify(section)}`, () => {
    const text = `# Changelog\n\n${section}\n\n- A thing.\n`;
    assertThrows(
      () => notesOf("v0.2.0", "0.2.0", text),
      RangeError,
      'must be "## 0.2.0 (YYYY-MM-DD)"',
    );
  });
}

Deno.test("a section that says nothing is refused", () => {
  const text = "# Changelog\n\n## 0.2.0 (2026-03-14)\n\n## 0.1.0 (2026-01-02)\n\n- The first.\n";
  assertThrows(
    () => notesOf("v0.2.0", "0.2.0", text),
    RangeError,
    "0.2.0 of CHANGELOG.md is empty",
  );
});

Deno.test("the command exits with 1 and one line for a tag that does not match, with 2 without a tag", async () => {
  const script = fromFileUrl(new URL("../../../tools/release/check_tag.ts", import.meta.url));
  const run = (...args: string[]) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-config", "--no-lock", "--allow-read", "--quiet", script, ...args],
    }).output();
  const [wrong, missing] = await Promise.all([run("v999.0.0"), run()]);
  assertEquals(wrong.code, 1);
  assertEquals(new TextDecoder().decode(wrong.stdout), "");
  assertEquals(new TextDecoder().decode(wrong.stderr).split("\n").length, 2);
  assertEquals(missing.code, 2);
});
