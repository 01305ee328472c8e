/**
 * `roomz` as a process of its own, with the least permissions that it works with.
 * @module
 */
import { fromFileUrl } from "@std/path";
import { bareEnvironment } from "./bare_environment.ts";
import { denoConfig } from "./deno_config.ts";

const root = new URL("../../../", import.meta.url);

/** What the command reads of the environment; npm packages of `serve` ask for more in vain. */
const VARIABLES = [
  "ROOMZ_SERVER_URL",
  "ROOMZ_TOKEN",
  "XDG_STATE_HOME",
  "HOME",
  "USERPROFILE",
  "NO_COLOR",
];

/** Starts `roomz`; `state` is the folder of its sessions. */
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

/** What a process left behind; its input is at its end. */
export async function output(
  child: Deno.ChildProcess,
): Promise<{ code: number; stdout: string; stderr: string }> {
  await child.stdin.close();
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Reads a stream until `pattern` is in it. */
export async function readUntil(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  pattern: RegExp,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  while (!pattern.test(text)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`${pattern} was not written. What was: ${text}`);
    text += decoder.decode(value, { stream: true });
  }
  return text;
}
