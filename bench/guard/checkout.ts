/**
 * The product as it was at a commit, in a folder of its own.
 * @module
 */
import { basename, fromFileUrl, toFileUrl } from "@std/path";

/** A folder with the product in it, and the configuration that its command is run with. */
export interface Checkout {
  /** The root, as a URL that ends in a slash. */
  readonly root: string;
  readonly config: string;
}

const tree = new URL("../../", import.meta.url);
const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? fromFileUrl(new URL("deno.json", tree));

/** The working tree that this file is in. */
export const workingTree: Checkout = { root: tree.href, config };

/** Checks a commit out, for as long as the returned value is in use. */
export async function checkOut(commit: string): Promise<Checkout & AsyncDisposable> {
  const folder = await Deno.makeTempDir({ prefix: "roomz-guard-" });
  await run("git", ["worktree", "add", "--detach", "--quiet", folder, commit]);
  // The checkout's own launcher writes the configuration for the packages that are at hand.
  await run(Deno.execPath(), ["run", "-A", "--no-config", "tools/deno.ts", "eval", ""], folder);
  return {
    root: toFileUrl(`${folder}/`).href,
    config: `${folder}/${basename(config)}`,
    async [Symbol.asyncDispose]() {
      await run("git", ["worktree", "remove", "--force", folder]);
    },
  };
}

async function run(
  program: string,
  args: readonly string[],
  cwd = fromFileUrl(tree),
): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args: [...args], cwd }).output();
  if (!success) throw new Error(`${program} ${args[0]}: ${new TextDecoder().decode(stderr)}`);
}
