/**
 * A minimal environment for the programs that tests start, without the user's settings for roomz,
 * colours or language.
 * @module
 */

/** Variables to find programs and temporary files, for Deno itself, and for the tests' time zone. */
const KEPT = /^(PATH|TMPDIR|TEMP|TMP|SYSTEMROOT|TZ|DENO_.*)$/i;

/** HOME is not set, so DENO_DIR names the module cache of the Deno that runs the tests. */
export const bareEnvironment: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(Deno.env.toObject()).filter(([name]) => KEPT.test(name))),
  DENO_DIR: await findDenoDir(),
};

async function findDenoDir(): Promise<string> {
  const args = ["info", "--no-config", "--json"];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  const { denoDir }: { denoDir: string } = JSON.parse(new TextDecoder().decode(stdout));
  return denoDir;
}
