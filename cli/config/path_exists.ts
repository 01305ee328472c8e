/**
 * Whether there is something at a path.
 * @module
 */

/** Whether a file, a folder or a link is at a path; a link counts wherever it leads. */
export async function pathExists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
