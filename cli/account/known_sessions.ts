/**
 * The sessions stored on this machine, without their tokens.
 * @module
 */
import { retryWhileLocked } from "../../client/auth/kv_file.ts";
import { sessionExpiry } from "../../client/auth/session_token.ts";
import { isJsonObject, parseJson } from "../../client/base/json.ts";
import { CommandError } from "../command_line/exit_code.ts";
import type { Io } from "../command_line/io.ts";
import { sessionFile } from "./session_file.ts";
import { openExistingKv, unreadableKv } from "./state_kv.ts";

/** How long before it expires a session should be renewed, milliseconds: bots say so from then on as well. */
export const EXPIRES_SOON = 7 * 86_400_000;

/** What a stored session says without asking its server. */
export interface KnownSession {
  /** The server's URL. */
  readonly server: string;
  /** The account; undefined if the token does not name it. */
  readonly email: string | undefined;
  /** When it expires, milliseconds since 1970; undefined if the token does not say. */
  readonly expiresAt: number | undefined;
}

/**
 * The sessions, ordered by server.
 * @throws {CommandError} The file cannot be read.
 */
export async function knownSessions(io: Io): Promise<KnownSession[]> {
  return (await readEntries(sessionFile(io))).flatMap(({ key, value }) => {
    const server = key.at(-1);
    const jwt = isJsonObject(value) ? value["jwt"] : undefined;
    if (typeof server !== "string" || typeof jwt !== "string") return [];
    return [{ server, ...describeToken(jwt) }];
  });
}

async function readEntries(file: string): Promise<Deno.KvEntry<unknown>[]> {
  try {
    using kv = await openExistingKv(file);
    // The keys that the client's KvSessionCache uses.
    const prefix = ["roomz", "session"];
    if (kv === undefined) return [];
    return await retryWhileLocked(() => Array.fromAsync(kv.list({ prefix })));
  } catch (error) {
    if (error instanceof CommandError || !(error instanceof Error)) throw error;
    throw unreadableKv(file, error, "log in again with: roomz login EMAIL");
  }
}

/** What the claims of a session JWT say. */
export function describeToken(jwt: string): Omit<KnownSession, "server"> {
  const [, payload = ""] = jwt.split(".");
  let email: string | undefined;
  try {
    const bytes = Uint8Array.fromBase64(payload, { alphabet: "base64url" });
    const claims = parseJson(new TextDecoder().decode(bytes));
    if (isJsonObject(claims) && typeof claims["email"] === "string") email = claims["email"];
  } catch {
    // Not base64, so there are no claims to read.
  }
  return { email, expiresAt: sessionExpiry(jwt) };
}
