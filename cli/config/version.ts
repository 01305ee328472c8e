/**
 * The version of this `roomz`.
 * @module
 */
import manifest from "../../deno.json" with { type: "json" };
import type { Io } from "../command_line/io.ts";

/** The version of the package. */
export const version: string = manifest.version;

/** The version, with the commit that a binary was built from. */
export function fullVersion(io: Io): string {
  const commit = io.env("ROOMZ_COMMIT");
  return commit ? `${version} (${commit})` : version;
}
