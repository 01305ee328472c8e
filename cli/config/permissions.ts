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

/**
 * The `deno` flags that the command starts fastest with. Without the first, Deno reads every module that
 * an `import()` with a literal path names, before anything runs: those of all commands and of the parser of
 * the help. A binary has them in it either way.
 */
export const RUN_FLAGS: readonly string[] = ["--unstable-lazy-dynamic-imports", ...PERMISSIONS];
