/**
 * Whether the packages come from JSR or from offline/. The answer of JSR is cached for an hour.
 * @module
 */

const PROBE_URL = "https://jsr.io/@std/path/meta.json";
const PROBE_TIMEOUT_MS = 2_000;
const REMEMBERED_MS = 60 * 60 * 1_000;

/** Where the packages come from. */
export interface PackageSource {
  readonly offline: boolean;
  /** The line that each task prints. */
  readonly description: string;
}

/** Decides by ROOMZ_PACKAGES, by the remembered answer, or by asking JSR once. */
export async function choosePackages(memory: URL): Promise<PackageSource> {
  const wish = Deno.env.get("ROOMZ_PACKAGES");
  if (wish === "jsr") return { offline: false, description: "JSR (ROOMZ_PACKAGES)" };
  if (wish === "offline") return { offline: true, description: "offline/ (ROOMZ_PACKAGES)" };

  const remembered = await recall(memory);
  const answers = remembered ?? await probe();
  if (remembered === undefined) await remember(memory, answers);
  return answers
    ? { offline: false, description: "JSR" }
    : { offline: true, description: "offline/, the stand-ins, because JSR does not answer here" };
}

async function probe(): Promise<boolean> {
  try {
    const response = await fetch(PROBE_URL, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function recall(memory: URL): Promise<boolean | undefined> {
  try {
    const value: unknown = JSON.parse(await Deno.readTextFile(memory));
    if (
      typeof value === "object" && value !== null &&
      "answers" in value && typeof value.answers === "boolean" &&
      "at" in value && typeof value.at === "number"
    ) {
      const age = Date.now() - value.at;
      return age >= 0 && age < REMEMBERED_MS ? value.answers : undefined;
    }
  } catch {
    // Not asked yet, or the file is damaged: ask again.
  }
  return undefined;
}

async function remember(memory: URL, answers: boolean): Promise<void> {
  try {
    await Deno.mkdir(new URL(".", memory), { recursive: true });
    await Deno.writeTextFile(memory, JSON.stringify({ answers, at: Date.now() }));
  } catch {
    // A read-only checkout only costs the next task another probe.
  }
}
