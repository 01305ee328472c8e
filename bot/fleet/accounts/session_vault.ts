/**
 * Encrypts the sessions of a fleet's accounts: whoever can read the database only, cannot use them.
 *
 * AES-256-GCM with a random nonce for each session. The name of the fleet and the account are
 * authenticated, so that nobody can swap the sessions of two accounts unnoticed.
 * @module
 */
import { ConfigurationError } from "../../../client/mod.ts";
import type { JsonObject } from "../../../client/base/json.ts";
import { StorageError } from "../../storage/storage.ts";
import { fingerprint } from "../store/sha256.ts";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const KEY_ID_BYTES = 6;

/** An encrypted session as it is stored. */
export interface SealedSession {
  /** The nonce and what it encrypts, base64url. */
  readonly sealed: string;
  /** Which key opens it; says nothing about the key. */
  readonly keyId: string;
}

/**
 * A new key for a fleet's sessions: 32 random bytes as base64url. Keep it where the database is not, such
 * as in the environment of the hosts.
 *
 * @example Make a key
 * ```ts
 * import { newFleetKey } from "@roomz/roomz/bot";
 *
 * console.log(newFleetKey().length); // 43
 * ```
 */
export function newFleetKey(): string {
  return encode(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));
}

/** Seals and opens sessions with the keys of one fleet. */
export class SessionVault {
  readonly #fleet: string;
  readonly #keys = new Map<string, Promise<CryptoKey>>();
  /** The key that seals. */
  readonly #current: { readonly id: string; readonly key: Promise<CryptoKey> };

  /**
   * The first of `keys` seals; all of them open, so that a key can be replaced.
   * @throws {ConfigurationError} There is none, or one is not 32 bytes as base64url.
   */
  constructor(fleet: string, keys: readonly string[]) {
    this.#fleet = fleet;
    const read = keys.map((text, index) => readKey(text, index));
    for (const { id, key } of read) if (!this.#keys.has(id)) this.#keys.set(id, key);
    const [current] = read;
    if (current === undefined) {
      throw new ConfigurationError(
        "A fleet stores sessions only encrypted, and no key was given.",
        {
          advice:
            'Make one with newFleetKey(), keep it secret, and pass it to every host as "keys".',
        },
      );
    }
    this.#current = current;
  }

  /** Whether a session is sealed with the first key. */
  isCurrent({ keyId }: JsonObject): boolean {
    return keyId === this.#current.id;
  }

  /** Encrypts the session of an account. */
  async seal(account: string, jwt: string): Promise<SealedSession> {
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const encrypted = await crypto.subtle.encrypt(
      { name: "AES-GCM", iv, additionalData: this.#contextOf(account) },
      await this.#current.key,
      new TextEncoder().encode(jwt),
    );
    const sealed = new Uint8Array(NONCE_BYTES + encrypted.byteLength);
    sealed.set(iv);
    sealed.set(new Uint8Array(encrypted), NONCE_BYTES);
    return { sealed: encode(sealed), keyId: this.#current.id };
  }

  /**
   * Decrypts the stored session of an account.
   * @throws {ConfigurationError} Its key is not among those that were given.
   * @throws {StorageError} It was changed, or is not the session of this account.
   */
  async open(account: string, record: JsonObject): Promise<string> {
    const { sealed, keyId } = record;
    const bytes = typeof sealed === "string" ? decode(sealed) : undefined;
    if (bytes === undefined || typeof keyId !== "string") throw notOpened(account);
    const key = this.#keys.get(keyId);
    if (key === undefined) {
      const own = [...this.#keys.keys()].join(", ");
      throw new ConfigurationError(
        `The session of account ${account} is encrypted with the key ${keyId}, which is not among ` +
          `this process's keys (${own}).`,
        { advice: "Add that key to them, after the first one." },
      );
    }
    const iv = bytes.subarray(0, NONCE_BYTES);
    try {
      const jwt = await crypto.subtle.decrypt(
        { name: "AES-GCM", iv, additionalData: this.#contextOf(account) },
        await key,
        bytes.subarray(NONCE_BYTES),
      );
      return new TextDecoder().decode(jwt);
    } catch {
      throw notOpened(account);
    }
  }

  #contextOf(account: string): Uint8Array<ArrayBuffer> {
    return new TextEncoder().encode(JSON.stringify(["roomz fleet session", this.#fleet, account]));
  }
}

function readKey(text: string, index: number): { id: string; key: Promise<CryptoKey> } {
  const bytes = decode(text.trim());
  if (bytes?.length !== KEY_BYTES) {
    // The message does not quote the key.
    throw new ConfigurationError(
      `Key ${index + 1} of the fleet is not 32 bytes as base64url.`,
      { advice: "Make one with newFleetKey()." },
    );
  }
  const key = crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  return { id: fingerprint(`roomz fleet key ${encode(bytes)}`, KEY_ID_BYTES), key };
}

function notOpened(account: string): StorageError {
  return new StorageError(
    `The stored session of account ${account} cannot be decrypted: it was changed, or belongs to another ` +
      "account or fleet. Add the account again.",
  );
}

function encode(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

function decode(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.fromBase64(text, { alphabet: "base64url" });
  } catch {
    return undefined;
  }
}
