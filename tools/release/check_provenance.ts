/**
 * Checks that a published version has its provenance on JSR: `tools/release/check_provenance.ts 0.2.0`.
 *
 * `deno publish` attests after the upload. If that fails, the version is public without provenance,
 * and the job run again skips the version and succeeds. Only a look at the registry shows it.
 * @module
 */

/** How often to ask, because the registry may take a moment to show a new version. */
const ATTEMPTS = 10;
const PAUSE_MS = 6_000;

/**
 * The index of the version's provenance in the public transparency log.
 * @param registry The registry's URL, with a slash at the end.
 * @param pause Waits between two attempts.
 * @throws {Error} The version is not there or has no provenance, also after several attempts.
 */
export async function provenanceOf(
  registry: string,
  version: string,
  pause: () => Promise<void>,
): Promise<string> {
  const url = new URL(`api/scopes/roomz/packages/roomz/versions/${version}`, registry);
  let problem = "";
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (attempt > 1) await pause();
    const answer = await ask(url);
    if ("logId" in answer) return answer.logId;
    problem = answer.problem;
  }
  throw new Error(
    `${url} ${problem}. Provenance cannot be added to a published version: if the version is there, ` +
      "yank it on JSR, and release the next patch version.",
  );
}

async function ask(url: URL): Promise<{ logId: string } | { problem: string }> {
  try {
    const response = await fetch(url);
    if (!response.ok) {
      await response.body?.cancel();
      return { problem: `answers with status ${response.status}` };
    }
    const answer: unknown = await response.json();
    const logId = typeof answer === "object" && answer !== null && "rekorLogId" in answer
      ? answer.rekorLogId
      : undefined;
    return typeof logId === "string" && logId !== ""
      ? { logId }
      : { problem: "shows a version without provenance" };
  } catch (error) {
    return { problem: `does not answer (${error instanceof Error ? error.message : error})` };
  }
}

if (import.meta.main) {
  const [version] = Deno.args;
  if (version === undefined || Deno.args.length > 1) {
    console.error("usage: tools/release/check_provenance.ts VERSION, for instance: 0.2.0");
    Deno.exit(2);
  }
  try {
    const logId = await provenanceOf(
      Deno.env.get("JSR_URL") ?? "https://jsr.io/",
      version,
      () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS)),
    );
    console.log(`provenance of ${version}: https://search.sigstore.dev/?logIndex=${logId}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
