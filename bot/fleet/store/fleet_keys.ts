/**
 * Where the records of a fleet are stored. `docs/scale.md` describes them.
 * @module
 */
import type { StorageKey } from "../../storage/storage.ts";

/** Raise this when a record changes its shape in a way that older hosts cannot read. */
const LAYOUT = "1";

/** How long the claims of one bucket were made, milliseconds of the Roomz server's time. */
export const BUCKET_LENGTH = 3_600_000;

/** The keys of one fleet. Ids of accounts, hosts and effects contain no personal data. */
export class FleetKeys {
  readonly #prefix: StorageKey;

  /** `fleet` is its name, by default that of its bot. */
  constructor(fleet: string) {
    this.#prefix = ["fleet", LAYOUT, fleet];
  }

  /** An account that the fleet serves: its server, its address, whether it is set aside. */
  account(account: string): StorageKey {
    return [...this.#prefix, "account", account];
  }

  /** All accounts. */
  get accounts(): StorageKey {
    return [...this.#prefix, "account"];
  }

  /** The encrypted session of an account; apart from `account`, because it is read only to connect. */
  session(account: string): StorageKey {
    return [...this.#prefix, "session", account];
  }

  /** All sessions. */
  get sessions(): StorageKey {
    return [...this.#prefix, "session"];
  }

  /** Whether a host lives, leaves or is dead. */
  host(host: string): StorageKey {
    return [...this.#prefix, "host", host];
  }

  /** All hosts. */
  get hosts(): StorageKey {
    return [...this.#prefix, "host"];
  }

  /** The latest renewal of a host's lease, and what it reports of itself. */
  beat(host: string): StorageKey {
    return [...this.#prefix, "beat", host];
  }

  /** The latest renewals of all hosts. */
  get beats(): StorageKey {
    return [...this.#prefix, "beat"];
  }

  /** Which host answers for an account. */
  holder(account: string): StorageKey {
    return [...this.#prefix, "holder", account];
  }

  /** The holders of all accounts. */
  get holders(): StorageKey {
    return [...this.#prefix, "holder"];
  }

  /** Changes with every change of an account, a host or a holder, so that hosts know when to list them. */
  get revision(): StorageKey {
    return [...this.#prefix, "revision"];
  }

  /** Which host carries out an effect, such as the answer to a message. */
  claim(server: string, bucket: number, effect: string): StorageKey {
    return [...this.claims(server), String(bucket), effect];
  }

  /** All claims of the accounts of one Roomz server, by bucket. */
  claims(server: string): StorageKey {
    return [...this.#prefix, "claim", server];
  }

  /** The buckets before this one are closed, and their claims deleted. */
  horizon(server: string): StorageKey {
    return [...this.#prefix, "horizon", server];
  }

  /** An effect that a host has claimed and not yet finished. */
  open(host: string, account: string, effect: string): StorageKey {
    return [...this.opened(host), account, effect];
  }

  /** All effects that a host has claimed and not yet finished, by account. */
  opened(host: string): StorageKey {
    return [...this.#prefix, "open", host];
  }
}

/** The bucket of a time of the Roomz server, milliseconds since 1970. */
export function bucketOf(time: number): number {
  return Math.floor(time / BUCKET_LENGTH);
}
