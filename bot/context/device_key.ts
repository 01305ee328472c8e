/**
 * Identifies devices: by account and display name, because the server sends nothing else.
 * @module
 */
import type { User } from "../../client/mod.ts";

/** Whether two messages came from the same device, as far as account and display name show. */
export function isSameDevice(one: User, other: User): boolean {
  return one.display_name === other.display_name && one.id === other.id;
}

/** A unique key per device, for maps and storage. */
export function deviceKey({ id, display_name }: User): string {
  return `${id}\0${display_name ?? ""}`;
}
