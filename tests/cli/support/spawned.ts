/**
 * Runs `roomz` as a separate process with the fewest permissions that it works with.
 * @module
 */
import { fromFileUrl } from "@std/path";
import { bareEnvironment } from "./bare_environment.ts";
import { denoConfig } from "./deno_config.ts";

const root = new URL("../../../", import.meta.url);

/** The variables that the command reads. --ignore-env hides all others from its npm packages. */
const VARIABLES = [
  "ROOMZ_SERVER_URL",
  "ROOMZ_TOKEN",
  "ROOMZ_TOKEN_FILE",
  "ROOMZ_FLEET_KEY",
  "ROOMZ_FLEET_KEY_FILE",
  "ROOMZ_FLEET_STORAGE",
  "XDG_STATE_HOME",
  "HOME",
  "USERPROFILE",
  "NO_COLOR",
];

/** Starts `roomz` with the state folder `state`. */
export function spawnRoomz(
  args: readonly string[],
  state: string,
  env: Readonly<Record<string, string>> = {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      `--config=${denoConfig}`,
      "--unstable-kv",
      "--allow-net",
      `--allow-env=${VARIABLES}`,
      "--ignore-env",
      `--allow-read=${state}`,
      `--allow-write=${state}`,
      fromFileUrl(new URL("cli/main.ts", root)),
      ...args,
    ],
    clearEnv: true,
    env: { ...bareEnvironment, ...env, XDG_STATE_HOME: state },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Closes stdin and waits for the process; returns its exit code and output. */
export async function output(
  child: Deno.ChildProcess,
): Promise<{ code: number; stdout: string; stderr: string }> {
  await child.stdin.close();
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Reads from a stream until the text matches `pattern`. */
export async function readUntil(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  pattern: RegExp,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  while (!pattern.test(text)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`${pattern} was not written. Output: ${text}`);
    text += decoder.decode(value, { stream: true });
  }
  return text;
}
