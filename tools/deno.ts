/**
 * The launcher that every `deno task` goes through: `tools/deno.ts SUBCOMMAND ARGS…` runs the
 * same Deno with the packages that are available. If JSR answers, that is deno.json as published; if
 * not, a generated copy of it that links the stand-ins of offline/ instead.
 *
 * ROOMZ_PACKAGES=jsr or =offline decides without asking JSR.
 * @module
 */
import { fileURLToPath } from "node:url";
import { writeOfflineConfig } from "./offline_config.ts";
import { choosePackages } from "./package_source.ts";

const root = new URL("..", import.meta.url);
const source = await choosePackages(new URL(".cache/jsr.json", root));
console.error(`packages: ${source.description}`);

const [subcommand, ...args] = Deno.args;
if (subcommand === undefined) {
  console.error("usage: tools/deno.ts SUBCOMMAND ARGS…, for instance: tools/deno.ts test -A");
  Deno.exit(2);
}

const config = source.offline ? await writeOfflineConfig(root) : undefined;
const configFile = config?.configFile ?? fileURLToPath(new URL("deno.json", root));
// Deno 2.9's `doc` reads links only from a discovered deno.json: it gets an import map instead.
const flags = config === undefined
  ? []
  : subcommand === "doc"
  ? ["--no-config", `--import-map=${config.importMapFile}`]
  : [`--config=${config.configFile}`];

const child = new Deno.Command(Deno.execPath(), {
  args: [subcommand, ...flags, ...args],
  stdin: "inherit",
  stdout: "inherit",
  stderr: "inherit",
  // Child processes of tools and tests must use the same packages.
  env: { ROOMZ_DENO_CONFIG: configFile, ROOMZ_PACKAGES: source.offline ? "offline" : "jsr" },
}).spawn();

// A terminal sends Ctrl+C to the child as well: outlive it, and exit with its code.
Deno.addSignalListener("SIGINT", () => {});
if (Deno.build.os !== "windows") {
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => {
      try {
        child.kill(signal);
      } catch {
        // It has already exited.
      }
    });
  }
}
if (Deno.build.os !== "windows") {
  let [isAsked, isSuspending] = [false, false];
  Deno.addSignalListener("SIGTSTP", async () => {
    // The terminal sends it, and `deno task` passes it on.
    isAsked = true;
    if (isSuspending) return;
    isSuspending = true;
    while (isAsked) {
      isAsked = false;
      await stopWith(child.pid);
    }
    isSuspending = false;
  });
}
Deno.exit((await child.status).code);

/**
 * Ctrl+Z stops the child, but `deno task` catches it (2.9.6) and would keep the terminal for good, even from
 * Ctrl+C. Where the child does not stop, it handles the key itself, or there is no shell to return to.
 */
async function stopWith(pid: number): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    // Another Ctrl+Z must not stop `ps`.
    const script = `trap '' TSTP; exec ps -o stat= -p ${pid}`;
    const { stdout } = await new Deno.Command("sh", { args: ["-c", script] }).output();
    // This returns after `fg`.
    if (/^\s*T/.test(new TextDecoder().decode(stdout))) return Deno.kill(0, "SIGSTOP");
  }
}
