/**
 * The environment of the programs that tests start: what every program needs, and nothing that a user
 * has set for this one, for colours or for a language.
 * @module
 */

/** To find programs and temporary files, and what Deno itself needs; the zone is that of the tests. */
const KEPT = /^(PATH|TMPDIR|TEMP|TMP|SYSTEMROOT|TZ|DENO_.*)$/i;

/** Has no home: modules still come from the cache of the Deno that runs the tests. */
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
