/**
 * The ids in a fleet's keys: short, without personal data, and the same on every host.
 * @module
 */
import { fingerprint } from "./sha256.ts";

/** The id of a Roomz server, by its address. */
export function serverId(server: string): string {
  return fingerprint(server, 6);
}

/** The id of an account, by its server and `User.id`. */
export function accountId(server: string, user: string): string {
  return fingerprint(`${server}\n${user}`, 12);
}

/** The id of an effect of an account. */
export function effectId(account: string, effect: string): string {
  return fingerprint(`${account}\n${effect}`, 16);
}

/** An id for a host that starts; no host ever had it. */
export function newHostId(): string {
  return crypto.getRandomValues(new Uint8Array(12))
    .toBase64({ alphabet: "base64url", omitPadding: true });
}
