/**
 * What Deno throws where it cannot load a part of `roomz`. Parts that few commands need are loaded when
 * they are needed, and their packages downloaded then.
 * @module
 */

/** A permission is missing. */
const NOT_PERMITTED = /^Requires \w+ access to /;
/** A package cannot be downloaded, from npm or from JSR. */
const NOT_DOWNLOADED =
  /^(Failed loading \S+ for package |Import '[^']*' failed|JSR package manifest for '[^']*' failed|(Specifier|npm package) not found in cache: )/i;

const ADVICE =
  "roomz downloads this package once, when it is first needed. Check the network; behind a " +
  "TLS-inspecting proxy, set DENO_TLS_CA_STORE=system.";

/**
 * What to show for an error that Deno threw because it could not load a module; undefined for any other.
 * Deno has no class for it: it is a TypeError, as are bugs.
 */
export function loadFailure(error: unknown): string | undefined {
  if (!(error instanceof TypeError)) return undefined;
  const { message } = error;
  if (NOT_PERMITTED.test(message)) return `A part of roomz cannot be loaded. ${message}.`;
  if (!NOT_DOWNLOADED.test(message)) return undefined;
  // Deno numbers the causes, and ends with the place of the import, in colours.
  const facts = message.split("\n").filter((line) => !/^\s*at /.test(line))
    .map((line) => line.replace(/^\s*\d+: /, "").trim().replace(/[.:]$/, ""));
  return `${facts.filter((line) => line !== "").join(": ")}.\n${ADVICE}`;
}
