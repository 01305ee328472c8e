/**
 * The server of a run.
 * @module
 */
import { ConfigurationError } from "../../client/base/errors.ts";
import { parseServerUrl } from "../../client/base/server_url.ts";
import type { Setting } from "../config/settings.ts";

/**
 * The server's URL in the client's normal form.
 * @throws {ConfigurationError} The URL is invalid; the message says where it was set.
 */
export function serverOf({ value, origin }: Setting<string>): string {
  try {
    return parseServerUrl(value).href;
  } catch (error) {
    if (!(error instanceof ConfigurationError) || origin === "--server") throw error;
    throw new ConfigurationError(`${error.message} It was set by ${origin}.`, { cause: error });
  }
}
