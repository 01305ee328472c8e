/**
 * A Python environment with the real Roomz package, made once below the repository's `.cache/`.
 *
 * Where there is no Python, or no package index answers, nothing can be made and the tests that need
 * it are skipped with the reason. Where one answers, a failing installation is a failing test.
 * @module
 */

const PACKAGE = "roomz==0.4.0";
const CACHE = new URL("../../.cache/python/", import.meta.url);
const ENVIRONMENT = new URL("roomz-0.4.0/", CACHE);
/** Written last: an environment without it was interrupted and is made anew. */
const COMPLETE = new URL("complete", ENVIRONMENT);
const PYTHON = new URL(
  Deno.build.os === "windows" ? "Scripts/python.exe" : "bin/python",
  ENVIRONMENT,
);

const PROBE_MS = 5_000;
const PIP_PROBE_MS = 15_000;
const INSTALL_MS = 240_000;

/** What can be had on this machine. */
export type PythonAvailability =
  | { readonly available: true; readonly basePython: string | undefined }
  | { readonly available: false; readonly reason: string };

/** Whether the environment is there or can be made; takes a bounded time. */
export async function pythonAvailability(): Promise<PythonAvailability> {
  if (await isComplete()) return { available: true, basePython: undefined };
  const basePython = await findPython();
  if (basePython === undefined) {
    return { available: false, reason: "no Python 3.10 or newer with venv and pip on this machine" };
  }
  if (await pypiAnswers() || await pipCanFind(basePython)) return { available: true, basePython };
  return { available: false, reason: "PyPI does not answer" };
}

/**
 * The path of a Python that can import `roomz`. Installs it where that was not done before; several
 * processes may ask at once.
 */
export async function pythonWithRoomz(found: PythonAvailability): Promise<string> {
  if (!found.available) throw new Error(`Python cannot be used here: ${found.reason}.`);
  if (found.basePython === undefined) return PYTHON.pathname;
  await Deno.mkdir(CACHE, { recursive: true });
  using lock = await Deno.open(new URL("lock", CACHE), { create: true, write: true });
  await lock.lock(true);
  if (!await isComplete()) await install(found.basePython);
  return PYTHON.pathname;
}

async function install(basePython: string): Promise<void> {
  await Deno.remove(ENVIRONMENT, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await runToEnd(basePython, ["-m", "venv", ENVIRONMENT.pathname], INSTALL_MS);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE];
  await runToEnd(PYTHON.pathname, pip, INSTALL_MS);
  await Deno.writeTextFile(COMPLETE, `${PACKAGE}\n`);
}

async function isComplete(): Promise<boolean> {
  try {
    await Deno.stat(COMPLETE);
    // The Python that it was made from may be gone.
    await runToEnd(PYTHON.pathname, ["-c", ""], PROBE_MS);
    return true;
  } catch {
    return false;
  }
}

async function findPython(): Promise<string | undefined> {
  const check = "import ensurepip, pip, sys, venv; assert sys.version_info >= (3, 10)";
  for (const python of ["python3", "python"]) {
    try {
      await runToEnd(python, ["-c", check], PROBE_MS);
      return python;
    } catch {
      // Not there, too old, or without venv: the next one may do.
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

/** pip may know a mirror, a proxy or a certificate that this program does not. */
async function pipCanFind(python: string): Promise<boolean> {
  const args = ["-m", "pip", "install", "--dry-run", "--no-deps", "--ignore-installed"];
  try {
    await runToEnd(python, [...args, "--retries", "0", "--timeout", "5", PACKAGE], PIP_PROBE_MS);
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
