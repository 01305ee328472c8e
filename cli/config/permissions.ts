/**
 * The permissions of the command.
 * @module
 */

/**
 * The `deno` flags for the command: it connects to servers, reads bots, writes their files and its own
 * state, reads the environment, and names itself after the machine. It cannot run programs or load native libraries.
 */
export const PERMISSIONS: readonly string[] = [
  "--no-prompt",
  "--unstable-kv",
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-sys=hostname",
];
