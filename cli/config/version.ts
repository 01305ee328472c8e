/**
 * The version of this `roomz`.
 * @module
 */
import manifest from "../../deno.json" with { type: "json" };
import type { Io } from "../command_line/io.ts";

/** The version of the package. */
export const version: string = manifest.version;

/**
 * The versions of the package that a bot made or compiled by this one can use. It starts at the first
 * patch, because Deno hides versions of the last 24 hours: on the day of a patch it finds the one before.
 */
export const compatibleRange: string = rangeOf(version);

/** The range for a version. */
export function rangeOf(version: string): string {
  // A range without a pre-release includes none.
  return version.includes("-") ? `^${version}` : `^${version.replace(/\d+$/, "0")}`;
}

/** The version, with the commit that a binary was built from. */
export function fullVersion(io: Io): string {
  const commit = io.env("ROOMZ_COMMIT");
  return commit ? `${version} (${commit})` : version;
}

/** The repository on GitHub, `OWNER/NAME`, whose release this binary is of; undefined otherwise. */
export function repository(io: Io): string | undefined {
  const name = io.env("ROOMZ_REPOSITORY");
  // It becomes part of a command.
  return name !== undefined && /^[\w.-]+\/[\w.-]+$/.test(name) ? name : undefined;
}
