/**
 * The script of npm's socket.io-client, which the page connects with.
 * @module
 */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/** The version that the page is tested with; deno.json names the same one for the tests. */
export const SOCKET_IO_CLIENT = "npm:socket.io-client@4.8.4";

const SCRIPT = `${SOCKET_IO_CLIENT}/dist/socket.io.js`;

/** What makes the script loadable, on this runtime. */
export const REMEDY = typeof Deno === "undefined"
  ? `Install it for the program: npm install ${SOCKET_IO_CLIENT.replace("npm:", "")}.`
  : "Connect the machine that it runs on to the network and load this page again. A compiled " +
    `program must include the package: deno compile --include ${SOCKET_IO_CLIENT}.`;

/**
 * Loads the script when a page asks for it. The specifiers are computed, because Deno would otherwise
 * download the package for every program that starts a server, page or no page. A compiled program must
 * therefore include the package: `deno compile --include npm:socket.io-client@4.8.4`.
 *
 * @throws {Error} The package is not in the cache and cannot be downloaded, or is not included; on Node
 * and Bun, it is not installed.
 */
export async function loadSocketIoClient(): Promise<string> {
  if (typeof Deno === "undefined") return await readInstalled();
  // Deno installs a package for the import of a module, but not for that of a text.
  await import(`${SOCKET_IO_CLIENT}/package.json`, { with: { type: "json" } });
  const type = "text";
  const { default: text }: { default: unknown } = await import(SCRIPT, { with: { type } });
  if (typeof text !== "string") throw new TypeError(`${SCRIPT} is not a text`);
  return text;
}

/** Node and Bun do not download a package that a program imports. */
async function readInstalled(): Promise<string> {
  const { resolve } = createRequire(import.meta.url);
  return await readFile(resolve(SCRIPT.replace(/^npm:|@[\d.]+/g, "")), "utf8");
}
