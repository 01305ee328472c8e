/**
 * Recognises that a connection failed because this process is out of file descriptors.
 * @module
 */
import { ConnectionError } from "./errors.ts";

// Deno's WebSocket only says "tcp open error", which is the call of socket().
const NAMED = /too many open files|no file descriptors|\bE[MN]FILE\b|tcp open error$/i;

const LOOKUP_FAILED = /dns error/;

/** The error for a failure with this `reason` that is this process's own; undefined for others. */
export function outOfDescriptors(reason: string): ConnectionError | undefined {
  if (!NAMED.test(reason) && !(LOOKUP_FAILED.test(reason) && noneLeft())) return undefined;
  return new ConnectionError(`This process is out of file descriptors (${reason}).`, {
    advice: "Close files and connections, or raise the limit (ulimit -n).",
  });
}

/**
 * Whether no file can be opened. A lookup that could not open its own files reports an unknown name;
 * Deno reads the memory usage from a file, without a permission, and reports 0 if it cannot.
 */
function noneLeft(): boolean {
  return typeof Deno !== "undefined" && Deno.memoryUsage().rss === 0;
}
