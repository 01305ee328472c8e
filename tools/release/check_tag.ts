/**
 * Checks that a tag, the version in deno.json and CHANGELOG.md name the same release, and prints the
 * changelog's section, which becomes the text of the release: `tools/release/check_tag.ts v0.2.0`.
 * @module
 */

/** A tag of a release: `v` and a semantic version without build metadata. */
const TAG =
  /^v((?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*)?)$/;

/** The heading of a released version: `## 0.2.0 (2026-03-14)`. */
const HEADING = /^## (\S+) \((\d{4}-\d{2}-\d{2})\)$/;

/**
 * The changelog's section of the release that `tag` names.
 * @param version The version in deno.json.
 * @throws {RangeError} They do not agree.
 */
export function notesOf(tag: string, version: unknown, changelog: string): string {
  const tagged = TAG.exec(tag)?.[1];
  if (tagged === undefined) {
    throw new RangeError(
      `The tag "${tag}" is not v and a version. Name it like this: v0.2.0 or v0.2.0-rc.1.`,
    );
  }
  if (version !== tagged) {
    throw new RangeError(
      `The tag is ${tag}, but deno.json has the version "${version}". Set it to ${tagged} in a ` +
        "commit, and tag that commit.",
    );
  }
  const first = changelog.replaceAll("\r\n", "\n").split(/^(?=## )/m)
    .find((section) => section.startsWith("## ")) ?? "";
  const [heading = "", ...lines] = first.split("\n");
  const [, headed, date = ""] = HEADING.exec(heading.trimEnd()) ?? [];
  if (headed !== tagged || !isDate(date)) {
    throw new RangeError(
      `The first section of CHANGELOG.md is "${heading}". Before a release it must be ` +
        `"## ${tagged} (YYYY-MM-DD)", with the day of the release.`,
    );
  }
  const notes = lines.join("\n").trim();
  if (notes === "") {
    throw new RangeError(
      `The section ${tagged} of CHANGELOG.md is empty. Say in it what users will notice.`,
    );
  }
  return notes;
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

if (import.meta.main) {
  const [tag] = Deno.args;
  if (tag === undefined || Deno.args.length > 1) {
    console.error("usage: tools/release/check_tag.ts TAG, for instance: v0.2.0");
    Deno.exit(2);
  }
  const read = (file: string) => Deno.readTextFile(new URL(`../../${file}`, import.meta.url));
  try {
    const { version } = JSON.parse(await read("deno.json"));
    console.log(notesOf(tag, version, await read("CHANGELOG.md")));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
