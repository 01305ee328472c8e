/**
 * The accounts that a fleet serves.
 * @module
 */
import { sessionExpiry, sessionUser } from "../../../client/auth/session_token.ts";
import { parseServerUrl } from "../../../client/base/server_url.ts";
import {
  AsyncClient,
  AuthenticationError,
  ConfigurationError,
  ConnectionError,
  MemorySessionCache,
} from "../../../client/mod.ts";
import { databaseOf, KvStorage } from "../../storage/kv_storage.ts";
import { StorageError } from "../../storage/storage.ts";
import { accountId } from "../store/fleet_ids.ts";
import { FleetKeys } from "../store/fleet_keys.ts";
import { type AccountRecord, readAccount } from "../store/fleet_records.ts";
import type { FleetEntry, FleetStore } from "../store/fleet_store.ts";
import { KvFleetStore } from "../store/kv_fleet_store.ts";
import { SessionVault } from "./session_vault.ts";

/** What `new FleetAccounts(…)` takes. */
export interface FleetAccountsOptions {
  /** The storage that the hosts of the fleet share. */
  readonly storage: KvStorage;
  /** The name of the fleet: by default that of its bot. */
  readonly fleet: string;
  /**
   * The keys that encrypt sessions, as {@linkcode newFleetKey} makes them. The first one encrypts, all of
   * them decrypt.
   */
  readonly keys: readonly string[];
}

/** An account to add. */
export interface NewFleetAccount {
  /** The Roomz server's address. */
  readonly server: string | URL;
  /** A magic-link token, which is used up, or a session JWT. */
  readonly token: string;
  /** Whose session it must be; absent if that does not matter. */
  readonly email?: string;
}

/** An account of a fleet. */
export interface FleetAccount {
  /** Its id in the fleet: the same if the account is added again. */
  readonly id: string;
  /** The Roomz server's address. */
  readonly server: string;
  /** Its owner's address. */
  readonly email: string;
  /** When its session expires; null if the session does not say. */
  readonly expires: Date | null;
  /** Why it is not served, and since when; null if it is. */
  readonly setAside: { readonly reason: string; readonly since: Date } | null;
}

/** How long each call of the storage may take, milliseconds. */
const TIMEOUT = 10_000;
/** How often to try again when others change the same account at the same time. */
const MAX_ATTEMPTS = 10;

/**
 * The accounts that a fleet serves, with their sessions. Hosts that run notice every change within a
 * second. Sessions are stored encrypted (AES-256-GCM); addresses and ids are not.
 *
 * @example Add an account after its owner has signed up
 * ```ts
 * import { FleetAccounts, KvStorage, newFleetKey } from "@roomz/roomz/bot";
 * import { createDevServer } from "@roomz/roomz/dev-server";
 *
 * await using server = await createDevServer({ port: 0, allowedEmails: ["ada@example.com"] });
 * using storage = new KvStorage(":memory:");
 * const accounts = new FleetAccounts({ storage, fleet: "helper", keys: [newFleetKey()] });
 *
 * const token = await server.mintSession("ada@example.com");
 * const { id } = await accounts.add({ server: server.url, token });
 * console.log((await accounts.list()).map(({ email }) => email)); // [ "ada@example.com" ]
 * await accounts.remove(id);
 * ```
 */
export class FleetAccounts {
  readonly #store: FleetStore;
  readonly #keys: FleetKeys;
  readonly #vault: SessionVault;

  /**
   * Nothing is read or written yet.
   * @throws {ConfigurationError} An option is missing or wrong.
   */
  constructor({ storage, fleet, keys }: FleetAccountsOptions) {
    if (!(storage instanceof KvStorage)) {
      throw new ConfigurationError(
        "A fleet needs a KvStorage, because its hosts share it: pass storage: new KvStorage(PATH or URL).",
      );
    }
    if (typeof fleet !== "string" || fleet === "") {
      throw new ConfigurationError('The option "fleet" must be the name of the fleet.');
    }
    const { database, prefix } = databaseOf(storage);
    this.#store = new KvFleetStore(database, prefix, TIMEOUT);
    this.#keys = new FleetKeys(fleet);
    this.#vault = new SessionVault(fleet, keys);
  }

  /**
   * Adds an account, or gives it a new session if it is there; then it is served again if it was set
   * aside. Asks the server whose session it is.
   * @throws {AuthenticationError} The server refuses the token, or the session is of another account.
   * @throws {ConnectionError} The server does not answer.
   * @throws {StorageError} The storage does not answer. A magic-link token is used up by then.
   */
  async add({ server, token, email }: NewFleetAccount): Promise<FleetAccount> {
    const { jwt, user } = await checkedSession(server, token);
    if (email !== undefined && email.toLowerCase() !== user.email.toLowerCase()) {
      throw new AuthenticationError(
        `The session is that of ${user.email}, not of ${email}, so it was not stored.`,
      );
    }
    const { href } = parseServerUrl(server);
    const id = accountId(href, user.id);
    const expires = sessionExpiry(jwt);
    const record: AccountRecord = {
      server: href,
      user: user.id,
      email: user.email,
      ...(expires === undefined ? {} : { expires }),
    };
    const session = { key: this.#keys.session(id), value: { ...await this.#vault.seal(id, jwt) } };
    const isStored = await this.#change(id, () => ({ record, sets: [session] }));
    if (!isStored) throw tooBusy(id);
    return accountOf(id, record);
  }

  /**
   * Removes an account and its session, by its id or its email address; returns it, or undefined if
   * there is none.
   * @throws {ConfigurationError} The fleet serves the address on several servers: name the id.
   */
  async remove(account: string): Promise<FleetAccount | undefined> {
    const id = await this.#idOf(account);
    if (id === undefined) return undefined;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const [entry] = await this.#store.get([this.#keys.account(id)]);
      const record = entry && readAccount(entry.value);
      if (entry === undefined) return undefined;
      const outcome = await this.#store.commit({
        checks: [entry],
        sets: [{ key: this.#keys.revision, value: {} }],
        deletes: [this.#keys.account(id), this.#keys.session(id)],
      });
      if (outcome === "done") return record && accountOf(id, record);
    }
    throw tooBusy(id);
  }

  /**
   * Serves an account no longer until it is added again, by its id or its email address; returns it, or
   * undefined if there is none. `reason` is a sentence for its owner and for whoever runs the fleet.
   * @throws {ConfigurationError} The fleet serves the address on several servers: name the id.
   */
  async setAside(account: string, reason: string): Promise<FleetAccount | undefined> {
    const id = await this.#idOf(account);
    if (id === undefined) return undefined;
    const setAside = { reason, since: Date.now() };
    let changed: AccountRecord | undefined;
    const isStored = await this.#change(id, (before) => {
      changed = before && { ...before, setAside };
      return changed && { record: changed, sets: [] };
    });
    if (changed === undefined) return undefined;
    if (!isStored) throw tooBusy(id);
    return accountOf(id, changed);
  }

  /** All accounts, by their addresses. */
  async list(): Promise<readonly FleetAccount[]> {
    const accounts: FleetAccount[] = [];
    for (const { key, value } of await this.#store.list(this.#keys.accounts)) {
      const record = readAccount(value);
      const id = key.at(-1);
      if (record !== undefined && id !== undefined) accounts.push(accountOf(id, record));
    }
    return accounts.sort((a, b) => a.email < b.email ? -1 : a.email > b.email ? 1 : 0);
  }

  /**
   * Encrypts with the first key what is encrypted with another; resolves to how many sessions that were.
   * Then the other keys are needed no more. First every host must have the new key: add it as the second,
   * restart all hosts, then make it the first.
   * @throws {ConfigurationError} A session is encrypted with a key that was not given.
   * @throws {StorageError} A session cannot be decrypted, or the storage does not answer.
   */
  async rotate(): Promise<number> {
    let count = 0;
    for (const entry of await this.#store.list(this.#keys.sessions)) {
      if (!this.#vault.isCurrent(entry.value)) count += await this.#seal(entry);
    }
    return count;
  }

  async #seal({ key, value, version }: FleetEntry): Promise<number> {
    const id = key.at(-1) ?? "";
    const sealed = await this.#vault.seal(id, await this.#vault.open(id, value));
    const outcome = await this.#store.commit({
      checks: [{ key, version }],
      sets: [{ key, value: { ...sealed } }, { key: this.#keys.revision, value: {} }],
    });
    // Else it was added again meanwhile, with the first key of whoever did that, or removed.
    return outcome === "done" ? 1 : 0;
  }

  /** Changes an account, unless `change` returns undefined; false if others were always faster. */
  async #change(
    id: string,
    change: (before: AccountRecord | undefined) =>
      | {
        readonly record: AccountRecord;
        readonly sets: readonly Pick<FleetEntry, "key" | "value">[];
      }
      | undefined,
  ): Promise<boolean> {
    const key = this.#keys.account(id);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const [entry] = await this.#store.get([key]);
      const changed = change(entry && readAccount(entry.value));
      if (changed === undefined) return false;
      const outcome = await this.#store.commit({
        checks: [{ key, version: entry?.version ?? null }],
        sets: [
          { key, value: { ...changed.record } },
          ...changed.sets,
          { key: this.#keys.revision, value: {} },
        ],
      });
      if (outcome === "done") return true;
    }
    return false;
  }

  async #idOf(account: string): Promise<string | undefined> {
    if (!account.includes("@")) return account;
    const found = (await this.list()).filter(({ email }) => {
      return email.toLowerCase() === account.toLowerCase();
    });
    if (found.length > 1) {
      const ids = found.map(({ id, server }) => `${id} (${server})`).join(", ");
      throw new ConfigurationError(
        `The fleet serves ${account} on several servers: ${ids}. Name an id.`,
      );
    }
    return found[0]?.id;
  }
}

/**
 * The stored session of an account.
 * @throws {ConfigurationError} It is encrypted with a key that this process does not have.
 * @throws {StorageError} There is none, it cannot be decrypted, or the storage does not answer.
 */
export async function readSession(
  store: FleetStore,
  keys: FleetKeys,
  vault: SessionVault,
  account: string,
): Promise<string> {
  const [entry] = await store.get([keys.session(account)]);
  if (entry !== undefined) return await vault.open(account, entry.value);
  throw new StorageError(`The fleet has no session of account ${account}. Add the account again.`);
}

/** The session that a token stands for, and whose it is, after the server has accepted it. */
async function checkedSession(server: string | URL, token: string) {
  const sessionCache = new MemorySessionCache();
  const client = new AsyncClient(server, token, { sessionCache });
  const exchanged = async () => (await sessionCache.get(parseServerUrl(server).href))?.jwt;
  try {
    await client.whoami();
  } catch (error) {
    // A magic link works once: what came of it is not lost because the server did not answer after that.
    if (!(error instanceof ConnectionError) || await exchanged() === undefined) throw error;
  }
  const jwt = await exchanged() ?? token;
  const user = sessionUser(jwt);
  if (user !== undefined) return { jwt, user };
  throw new AuthenticationError(
    "The server accepts the session, but the session does not say whose it is. Is it a Roomz server?",
  );
}

/** The account that a record describes. */
export function accountOf(
  id: string,
  { server, email, expires, setAside }: AccountRecord,
): FleetAccount {
  return {
    id,
    server,
    email,
    expires: expires === undefined ? null : new Date(expires),
    setAside: setAside === undefined
      ? null
      : { reason: setAside.reason, since: new Date(setAside.since) },
  };
}

function tooBusy(id: string): StorageError {
  return new StorageError(
    `Account ${id} was not changed: others change it all the time. Try again.`,
  );
}
