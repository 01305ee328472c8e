/**
 * A stand-in for `@std/path`, built on node:path. It has only what this repository uses.
 * @module
 */
import * as path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export function join(path0: string | URL, ...paths: string[]): string {
  return path.join(path0 instanceof URL ? fileURLToPath(path0) : path0, ...paths);
}

export function resolve(...pathSegments: string[]): string {
  return path.resolve(...pathSegments);
}

export function dirname(path0: string | URL): string {
  return path.dirname(path0 instanceof URL ? fileURLToPath(path0) : path0);
}

export function basename(path0: string | URL, suffix = ""): string {
  const whole = path0 instanceof URL ? fileURLToPath(path0) : path0;
  // Unlike node:path, the real package returns the slash for a root.
  return path.basename(whole, suffix) || whole.slice(0, 1);
}

export function relative(from: string, to: string): string {
  return path.relative(from, to);
}

export function toFileUrl(path0: string): URL {
  return pathToFileURL(path0);
}

export function fromFileUrl(url: URL | string): string {
  return fileURLToPath(url);
}
