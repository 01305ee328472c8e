/**
 * Tells the devices in a room apart.
 * @module
 */
import type { User } from "../client/mod.ts";

/** One text per account and display name: nothing else identifies a connection. */
export function deviceKey({ id, display_name }: User): string {
  return `${id}\0${display_name ?? ""}`;
}
