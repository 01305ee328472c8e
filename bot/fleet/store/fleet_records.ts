/**
 * The records of a fleet, and how they are read: hosts of other versions and people may have written them.
 * @module
 */
import { isJsonObject, type JsonObject } from "../../../client/base/json.ts";

/** Whether a host takes part. A dead host never comes back: its process would join under another id. */
export type HostState = "alive" | "leaving" | "dead";

/** A host as it presents itself. */
export interface HostRecord {
  readonly state: HostState;
  /** How many accounts it can hold. */
  readonly capacity: number;
  /** For people: where it runs. */
  readonly name: string;
  /** How long it may answer after a renewal, milliseconds: others wait as long before they take over. */
  readonly lease: number;
}

/** Which host answers for an account. */
export interface HolderRecord {
  /** Null if the last holder has left and nobody has followed. */
  readonly host: string | null;
  /** Grows by one with every change of `host`: the fencing token. */
  readonly fence: number;
  /** The host before, while it may still be answering. `host` waits until it has released or is dead. */
  readonly from?: string;
  /**
   * Since when messages of the account may have been missed, milliseconds since 1970, by the clock of the
   * host that took it over from one that had died; 0 if that is unknown. Present until that was reported.
   * Nothing is decided by it.
   */
  readonly missed?: number;
}

/** An account that a fleet serves. */
export interface AccountRecord {
  /** The Roomz server's address. */
  readonly server: string;
  /** `User.id`. */
  readonly user: string;
  readonly email: string;
  /** When its session expires, milliseconds since 1970; absent if the session does not say. */
  readonly expires?: number;
  /** Why it is not served any more, and since when (milliseconds since 1970, by its host's clock). */
  readonly setAside?: { readonly reason: string; readonly since: number };
}

/** Reads a host; undefined if the record is not one. */
export function readHost(value: JsonObject): HostRecord | undefined {
  const { state, capacity, name, lease } = value;
  if (state !== "alive" && state !== "leaving" && state !== "dead") return undefined;
  if (typeof capacity !== "number" || typeof name !== "string") return undefined;
  if (typeof lease !== "number") return undefined;
  return { state, capacity, name, lease };
}

/** Reads a holder; undefined if the record is not one. */
export function readHolder(value: JsonObject): HolderRecord | undefined {
  const { host, fence, from, missed } = value;
  if (host !== null && typeof host !== "string") return undefined;
  if (typeof fence !== "number") return undefined;
  return {
    host,
    fence,
    ...(typeof from === "string" ? { from } : {}),
    ...(typeof missed === "number" ? { missed } : {}),
  };
}

/** Reads an account; undefined if the record is not one. */
export function readAccount(value: JsonObject): AccountRecord | undefined {
  const { server, user, email, expires, setAside } = value;
  if (typeof server !== "string" || typeof user !== "string" || typeof email !== "string") {
    return undefined;
  }
  const account = { server, user, email, ...(typeof expires === "number" ? { expires } : {}) };
  if (!isJsonObject(setAside)) return account;
  const { reason, since } = setAside;
  if (typeof reason !== "string" || typeof since !== "number") return account;
  return { ...account, setAside: { reason, since } };
}
