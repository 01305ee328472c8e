/**
 * How to start `roomz` as users do: the entry point, run by the current Deno with the flags of an
 * installation.
 * @module
 */
import { fromFileUrl } from "@std/path";
import { RUN_FLAGS } from "../../cli/config/permissions.ts";
import type { Start } from "./terminal_process.ts";

const root = new URL("../../", import.meta.url);
const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? fromFileUrl(new URL("deno.json", root));

/** How to start `roomz` with `args`, using the state folder `state`. */
export function roomz(
  args: readonly string[],
  url: string,
  state: string,
  env: Readonly<Record<string, string>> = {},
): Start {
  return {
    ...module(fromFileUrl(new URL("cli/main.ts", root)), ...args),
    env: { XDG_STATE_HOME: state, ROOMZ_SERVER_URL: url, ROOMZ_TOKEN: "", ...env },
  };
}

/** How to start another module with the same flags. */
export function module(file: string, ...args: string[]): Start {
  const flags = ["--quiet", "--no-lock", ...RUN_FLAGS, `--config=${config}`];
  return { program: Deno.execPath(), args: ["run", ...flags, file, ...args] };
}
