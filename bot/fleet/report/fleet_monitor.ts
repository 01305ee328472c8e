/**
 * The state of a fleet, for whoever runs it.
 * @module
 */
import { ConfigurationError } from "../../../client/mod.ts";
import { databaseOf, KvStorage } from "../../storage/kv_storage.ts";
import { FleetKeys } from "../store/fleet_keys.ts";
import { KvFleetStore } from "../store/kv_fleet_store.ts";
import { type FleetStatus, StatusReader } from "./status_reader.ts";

/** What `new FleetMonitor(…)` takes. */
export interface FleetMonitorOptions {
  /** The storage that the hosts of the fleet share. */
  readonly storage: KvStorage;
  /** The name of the fleet: by default that of its bot. */
  readonly fleet: string;
}

/** How long each call of the storage may take, milliseconds. */
const TIMEOUT = 10_000;

/**
 * Reads the state of a fleet from its storage alone, without a key and without asking a host. Keep one and
 * read it again and again: that a host renews its lease shows only in two readings.
 *
 * @example How many accounts nobody answers for
 * ```ts
 * import { FleetMonitor, KvStorage } from "@roomz/roomz/bot";
 *
 * using storage = new KvStorage(":memory:");
 * const monitor = new FleetMonitor({ storage, fleet: "helper" });
 * const { accounts } = await monitor.read();
 * console.log(accounts.filter(({ state }) => state === "unheld").length); // 0
 * ```
 */
export class FleetMonitor {
  readonly #reader: StatusReader;

  /**
   * Nothing is read yet.
   * @throws {ConfigurationError} An option is missing or wrong.
   */
  constructor({ storage, fleet }: FleetMonitorOptions) {
    if (!(storage instanceof KvStorage) || typeof fleet !== "string" || fleet === "") {
      throw new ConfigurationError(
        "FleetMonitor needs the storage of a fleet and its name: { storage: new KvStorage(PATH or URL), fleet }.",
      );
    }
    const { database, prefix } = databaseOf(storage);
    const store = new KvFleetStore(database, prefix, TIMEOUT);
    this.#reader = new StatusReader(store, new FleetKeys(fleet), performanceClock);
  }

  /**
   * The state now.
   * @throws {StorageError} The storage does not answer.
   */
  read(): Promise<FleetStatus> {
    return this.#reader.read();
  }
}

const performanceClock = { monotonic: () => performance.now() };
