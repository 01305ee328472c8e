/**
 * How a user's `roomz` starts: the entry point, by the Deno that runs this, with the flags of an
 * installation.
 * @module
 */
import { fromFileUrl } from "@std/path";
import { PERMISSIONS } from "../../cli/config/permissions.ts";
import type { Start } from "./terminal_process.ts";

const root = new URL("../../", import.meta.url);
const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? fromFileUrl(new URL("deno.json", root));

/** Starts `roomz` with `args`; `state` is the folder of what it keeps. */
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

/** Starts a module as `roomz` is started. */
export function module(file: string, ...args: string[]): Start {
  const flags = ["--quiet", "--no-lock", ...PERMISSIONS, `--config=${config}`];
  return { program: Deno.execPath(), args: ["run", ...flags, file, ...args] };
}
