/**
 * What the command may do.
 * @module
 */

/**
 * The flags of `deno` for the command: talk to servers, read bots and write their files and its own
 * state, and read the environment. It may run no program and load no library.
 */
export const PERMISSIONS: readonly string[] = [
  "--no-prompt",
  "--unstable-kv",
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-env",
];
