/**
 * What can be configured, and where each value comes from.
 * @module
 */

/** The settings, under their names in the files of the Python client. */
export interface Settings {
  /** The server's address. */
  readonly server_url: string;
  /** The name that others see beside the email; empty: none. */
  readonly display_name: string;
  /** Whether messages that were seen are kept on this machine. */
  readonly history: boolean;
}

/** A value, and what it was read from: `--server`, a variable, the path of a file, `default`. */
export interface Setting<T> {
  /** The value. */
  readonly value: T;
  /** What it was read from. */
  readonly origin: string;
}

/** Every setting with its origin. */
export type Configuration = { readonly [K in keyof Settings]: Setting<Settings[K]> };

/** What one place says; a later layer is laid over an earlier one. */
export type Layer = Partial<Configuration>;

/** What holds where nothing is configured. */
export const DEFAULTS: Configuration = {
  server_url: { value: "http://localhost:8000", origin: "default" },
  display_name: { value: "", origin: "default" },
  history: { value: false, origin: "default" },
};
