/**
 * The `roomz` command, to run or to embed in another program.
 *
 * In a program, {@linkcode main} runs it with streams, environment and signals of your own, as an
 * {@linkcode Io}. It needs Deno.
 *
 * @example From the shell, without installing it
 * ```sh
 * deno run --unstable-kv --allow-net --allow-read --allow-write --allow-env --allow-sys=hostname \
 *   jsr:@roomz/roomz/cli --help
 * ```
 * @module
 */
export { main } from "./program.ts";
export { ExitCode } from "./command_line/exit_code.ts";
export {
  type Input,
  type Io,
  type Output,
  OutputClosed,
  type Terminal,
} from "./command_line/io.ts";
export { type EndingSignal, Interruption } from "./command_line/interruption.ts";

if (typeof Deno === "undefined") {
  throw new Error(
    "The roomz command needs Deno (https://deno.com): deno run --unstable-kv --allow-net --allow-read " +
      "--allow-write --allow-env --allow-sys=hostname jsr:@roomz/roomz/cli. To run it without installing " +
      "Deno, write npx -y deno run in place of deno run. Clients and bots also run on Node and Bun: " +
      "import @roomz/roomz and @roomz/roomz/bot.",
  );
}
if (import.meta.main) await import("./main.ts");
