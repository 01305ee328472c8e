/**
 * Tells the devices in a room apart.
 * @module
 */
import type { User } from "../../client/mod.ts";

/** Whether two messages came from one device, as far as anyone can tell. */
export function isSameDevice(one: User, other: User): boolean {
  return one.display_name === other.display_name && one.id === other.id;
}

/** One text per account and display name: nothing else identifies a connection. */
export function deviceKey({ id, display_name }: User): string {
  return `${id}\0${display_name ?? ""}`;
}
