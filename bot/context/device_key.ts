/**
 * Identifies devices: by account and display name, because the server sends nothing else.
 * @module
 */
import type { User } from "../../client/mod.ts";
import { BotDefinitionError } from "../text/definition_error.ts";
import { fold } from "../text/fold.ts";

/** Whether two messages came from the same device, as far as account and display name show. */
export function isSameDevice(one: User, other: User): boolean {
  return one.display_name === other.display_name && one.id === other.id;
}

/** Anyone can make up as many names as they like. */
const MAX_KEPT = 1_000;

/**
 * The keys of the account that was asked for last, by display name. Each message needs its key several
 * times, and a string that is made anew has to be hashed each time.
 */
const keys = new Map<string | null, string>();
let account = "";

/** A unique key per device, for maps and storage. */
export function deviceKey({ id, display_name }: User): string {
  if (id !== account || keys.size > MAX_KEPT) {
    account = id;
    keys.clear();
  }
  let key = keys.get(display_name);
  if (key === undefined) {
    key = `${id}\0${display_name ?? ""}`;
    keys.set(display_name, key);
  }
  return key;
}

/** A display name in the form in which names are compared: case and what nobody sees do not count. */
export function foldName(name: string): string {
  return fold(name).trim();
}

/** Whether a device has the display name `folded`, which {@linkcode foldName} returned. */
export function isNamed({ display_name }: User, folded: string): boolean {
  return display_name !== null && foldName(display_name) === folded;
}

/**
 * Folds the name of the device that may answer; undefined for none. `path` is where it is written.
 * @throws {BotDefinitionError} The name is empty.
 */
export function readFrom(from: string | undefined, path: string): string | undefined {
  if (from === undefined) return undefined;
  const name = foldName(from);
  if (name !== "") return name;
  throw new BotDefinitionError({ problem: "Name the device that may answer.", path });
}
