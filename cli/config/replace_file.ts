/**
 * Writes files whole or not at all: a full disk or a crash leaves the old one as it was.
 * @module
 */
import { messageOf } from "../../client/base/errors.ts";
import { CommandError } from "../command_line/exit_code.ts";

/**
 * Replaces the text of a file, through symbolic links, and keeps its mode; creates it with mode 0600.
 * @throws {CommandError} It could not be written, and was not changed.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const target = await behindLinks(path);
  await withDraft(path, target, text, (draft) => Deno.rename(draft, target));
}

/**
 * Creates a file with mode 0600; false if something is there already.
 * @throws {CommandError} It could not be written, and there is still none.
 */
export async function createFile(path: string, text: string): Promise<boolean> {
  let created = true;
  await withDraft(path, path, text, async (draft) => {
    try {
      // Unlike a rename, a link never replaces what another program has created meanwhile.
      await Deno.link(draft, path);
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      created = false;
    }
  });
  return created;
}

/** Writes a draft next to `target`, gives it to `publish`, and removes what is left of it. */
async function withDraft(
  path: string,
  target: string,
  text: string,
  publish: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = `${target}.${crypto.randomUUID()}.tmp`;
  try {
    const mode = await modeOf(target) ?? 0o600;
    {
      using file = await Deno.open(draft, { write: true, createNew: true, mode: 0o600 });
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      await file.sync();
    }
    if (Deno.build.os !== "windows") await Deno.chmod(draft, mode);
    await publish(draft);
  } catch (error) {
    const reason = messageOf(error);
    throw new CommandError(`Could not write ${path}: ${reason}. It was not changed.`, undefined, {
      cause: error,
    });
  } finally {
    await Deno.remove(draft).catch(() => {}); // It was renamed, or never written.
  }
}

async function modeOf(path: string): Promise<number | undefined> {
  try {
    const { mode } = await Deno.stat(path);
    return mode === null ? undefined : mode & 0o777;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Where a path leads; of a link whose target does not exist yet, that target. */
async function behindLinks(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch {
    // It does not exist, or writing will say what is wrong.
  }
  try {
    const link = await Deno.readLink(path);
    return link.startsWith("/") ? link : path.replace(/[^/]*$/, link);
  } catch {
    return path; // There is no link.
  }
}
