/**
 * The settings, their defaults, and where each value was set.
 * @module
 */

/** The settings, under the names that the Python client's files use. */
export interface Settings {
  /** The server's address. */
  readonly server_url: string;
  /** The name shown next to the email, by default the machine's; empty for none. */
  readonly display_name: string;
  /** Whether received messages are saved on this machine. */
  readonly history: boolean;
}

/** A value and its origin: a flag, a variable, the path of a file, `host name` or `default`. */
export interface Setting<T> {
  /** The value. */
  readonly value: T;
  /** Where it was set. */
  readonly origin: string;
}

/** Every setting with its origin. */
export type Configuration = { readonly [K in keyof Settings]: Setting<Settings[K]> };

/** The settings of one source; a later layer overrides an earlier one. */
export type Layer = Partial<Configuration>;

/** The origin of a display name that nobody chose: the machine's. */
export const HOST_NAME = "host name";

/** Used where nothing else is configured. */
export const DEFAULTS: Configuration = {
  server_url: { value: "http://localhost:8000", origin: "default" },
  display_name: { value: "", origin: "default" },
  history: { value: false, origin: "default" },
};
