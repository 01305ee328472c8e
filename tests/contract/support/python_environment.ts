/**
 * Python environments with the real Roomz package, created once in the repository's `.cache/`.
 *
 * Without Python or a reachable package index, the tests that need an environment are skipped with the
 * reason. If the index is reachable, a failing installation fails the tests.
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { skip } from "../../support/skip.ts";

/** The reference version. */
export const CURRENT = "0.4.0";

const CACHE = fromFileUrl(new URL("../../../.cache/python", import.meta.url));

const PROBE_MS = 5_000;
const PIP_PROBE_MS = 15_000;
const INSTALL_MS = 240_000;

/** The path of a Python that can import `roomz`. The first call installs the package. */
export type PythonWithRoomz = () => Promise<string>;

/** The environment of one version of the package. */
class Environment {
  readonly #package: string;
  readonly #folder: string;
  readonly python: string;

  constructor(version: string) {
    this.#package = `roomz==${version}`;
    this.#folder = join(CACHE, `roomz-${version}`);
    this.python = Deno.build.os === "windows"
      ? join(this.#folder, "Scripts", "python.exe")
      : join(this.#folder, "bin", "python");
  }

  async isComplete(): Promise<boolean> {
    try {
      await Deno.stat(this.#complete);
      // The Python that it was created with may be gone.
      await runToEnd(this.python, ["-c", ""], PROBE_MS);
      return true;
    } catch {
      return false;
    }
  }

  /** Several test processes can get here at once; the first one installs. */
  async install(base: string): Promise<string> {
    await Deno.mkdir(CACHE, { recursive: true });
    using lock = await Deno.open(join(CACHE, "lock"), { create: true, write: true });
    await lock.lock(true);
    if (await this.isComplete()) return this.python;
    await runToEnd(base, ["-m", "venv", "--clear", this.#folder], INSTALL_MS);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", this.#package];
    await runToEnd(this.python, pip, INSTALL_MS);
    await Deno.writeTextFile(this.#complete, `${this.#package}\n`);
    return this.python;
  }

  /** Written last. An environment without this file is incomplete and is created again. */
  get #complete(): string {
    return join(this.#folder, "complete");
  }
}

/** The result of the check of this machine, which runs once for all versions. */
let installer: Promise<{ readonly base: string } | { readonly missing: string }> | undefined;

/** How to get the environment, or why it is not available here. Takes a limited time. */
export async function findPythonWithRoomz(
  version: string = CURRENT,
): Promise<{ readonly python: PythonWithRoomz } | { readonly missing: string }> {
  const environment = new Environment(version);
  if (await environment.isComplete()) return { python: () => Promise.resolve(environment.python) };
  const found = await (installer ??= findInstaller());
  if ("missing" in found) return found;
  return { python: () => environment.install(found.base) };
}

/** Registers one ignored test for the versions that are not available, if any. */
export function skipVersions(what: string, reasons: ReadonlyMap<string, string>): void {
  const [reason] = reasons.values();
  if (reason !== undefined) skip(`${what} ${[...reasons.keys()].join(", ")}`, reason);
}

async function findInstaller(): Promise<{ readonly base: string } | { readonly missing: string }> {
  const base = await findPython();
  if (base === undefined) {
    return { missing: "there is no Python 3.10 or newer with venv and pip" };
  }
  if (!await pypiAnswers() && !await pipCanFind(base)) return { missing: "PyPI does not answer" };
  return { base };
}

async function findPython(): Promise<string | undefined> {
  const check = "import ensurepip, pip, sys, venv; assert sys.version_info >= (3, 10)";
  for (const python of ["python3", "python"]) {
    try {
      await runToEnd(python, ["-c", check], PROBE_MS);
      return python;
    } catch {
      // Not installed, too old, or without venv. The next one may work.
    }
  }
}

async function pypiAnswers(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(PROBE_MS);
    const response = await fetch("https://pypi.org/simple/roomz/", { method: "HEAD", signal });
    return response.ok;
  } catch {
    return false;
  }
}

/** pip may be configured with a mirror, proxy or certificate that Deno does not know. */
async function pipCanFind(python: string): Promise<boolean> {
  const args = ["-m", "pip", "install", "--dry-run", "--no-deps", "--ignore-installed"];
  try {
    await runToEnd(
      python,
      [...args, "--retries", "0", "--timeout", "5", `roomz==${CURRENT}`],
      PIP_PROBE_MS,
    );
    return true;
  } catch {
    return false;
  }
}

/** Runs a program that must succeed within `limit` milliseconds. */
async function runToEnd(program: string, args: readonly string[], limit: number): Promise<void> {
  const command = new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(limit),
  });
  const { success, code, stdout, stderr } = await command.output();
  if (success) return;
  const decoder = new TextDecoder();
  const said = (decoder.decode(stdout) + decoder.decode(stderr)).trim().slice(-2_000);
  throw new Error(`${program} ${args.join(" ")} ended with code ${code}:\n${said}`);
}
