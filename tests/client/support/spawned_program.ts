/**
 * Runs a program in a Deno process of its own, with its own flags and without a configuration.
 * @module
 */

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A user other than root, for which permissions count. */
export const NOBODY = 65_534;

/**
 * Runs a program that imports the client's modules from `CLIENT`. `client` is a URL other than this
 * repository's for a user who cannot read it.
 */
export async function runProgram(
  body: string,
  { flags, uid, client = new URL("../../../client/", import.meta.url).href }: {
    readonly flags: readonly string[];
    readonly uid?: number;
    readonly client?: string;
  },
): Promise<Ended> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, body.replaceAll("CLIENT/", client));
    await Deno.chmod(file, 0o644);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-config", "--no-lock", "--no-check", "--no-prompt", ...flags, file],
      env: { NO_COLOR: "1", ...(uid === undefined ? {} : { HOME: "/nonexistent", DENO_DIR: "" }) },
      signal: AbortSignal.timeout(15_000),
      ...(uid === undefined ? {} : { uid }),
    }).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } finally {
    await Deno.remove(file);
  }
}
