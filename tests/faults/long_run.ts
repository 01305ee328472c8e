/**
 * `deno task test:faults`: injects every fault many times, one test file after the other, then prints a
 * table of what was measured. It takes about four minutes on two cores.
 * @module
 */
import { fromFileUrl } from "@std/path";
import { readLines, writeLine } from "./support/lines.ts";

/** More than a slow machine needs. */
const LIMIT = 20 * 60_000;

const config = Deno.env.get("ROOMZ_DENO_CONFIG") ??
  fromFileUrl(new URL("../../deno.json", import.meta.url));
const tests = new Deno.Command(Deno.execPath(), {
  args: ["test", "--allow-all", `--config=${config}`, fromFileUrl(new URL(".", import.meta.url))],
  env: { ROOMZ_FAULTS: "long", NO_COLOR: "1" },
  stdout: "piped",
  stderr: "inherit",
  signal: AbortSignal.timeout(LIMIT),
}).spawn();

const rows: string[] = [];
for await (const line of readLines(tests.stdout)) {
  writeLine(line);
  if (line.startsWith("| ")) rows.push(line);
}
for (const row of ["", "| fault | measured |", "| --- | --- |", ...rows]) writeLine(row);
Deno.exit((await tests.status).code);
