/**
 * One opened Deno KV database, whatever is kept in it: a file, a server, or Deno's own for the program.
 * @module
 */
import { retryWhileLocked } from "../../client/auth/kv_file.ts";
import { systemPlatform } from "../../client/base/platform.ts";
import { ConfigurationError } from "../../client/mod.ts";
import type { Clock } from "../context/clock.ts";
import { DatabaseFile } from "./database_file.ts";
import type { KvHandle, OpenKv } from "./kv_handle.ts";
import { KvServer } from "./kv_server.ts";
import { PromptSender } from "./prompt_sender.ts";
import { StorageError } from "./storage.ts";

/** How a database is opened, and how long it may take to answer. */
export interface KvDatabaseOptions {
  /** The time limit of an operation, milliseconds. */
  readonly timeout: number;
  /** Default: `Deno.openKv`. */
  readonly open?: OpenKv;
  /** Measures the time limits. Default: the system's. */
  readonly clock?: Pick<Clock, "monotonic" | "schedule">;
}

/** A database, opened on first use. Operations are retried while another program has locked its file. */
export class KvDatabase implements Disposable {
  /** Whether it is on a KV server, which may carry a write out twice and then says that it failed. */
  readonly isRemote: boolean;
  readonly #path: string | undefined;
  readonly #timeout: number;
  readonly #openKv: OpenKv;
  readonly #clock: Pick<Clock, "monotonic" | "schedule">;
  /** Undefined where the database is on a server, in memory, or Deno's own for the program. */
  readonly #file: DatabaseFile | undefined;
  #kv: Promise<KvHandle> | undefined;
  #server: KvServer | undefined;
  readonly #sender: PromptSender;

  /**
   * `path` is a file or the URL of a KV server; without it, Deno's default database for the program.
   * @throws {ConfigurationError} `path` is a URL of another kind than `http` and `https`.
   */
  constructor(path: string | undefined, options: KvDatabaseOptions) {
    const { timeout, open = (path) => Deno.openKv(path), clock = systemPlatform } = options;
    this.#path = path === undefined ? undefined : readPath(path);
    this.isRemote = this.#path !== undefined && isUrl(this.#path);
    this.#timeout = timeout;
    this.#openKv = open;
    this.#clock = clock;
    this.#sender = new PromptSender(clock);
    if (this.#path !== undefined && !this.isRemote && this.#path !== MEMORY) {
      this.#file = new DatabaseFile(this.#path, () => clock.monotonic());
    }
  }

  /**
   * Runs an operation on the database. What it calls on a server must be called one after the other.
   * @throws {StorageError} It took longer than `timeout` milliseconds, or the file was deleted.
   */
  async use<T>(
    operation: (kv: KvHandle) => Promise<T>,
    timeout: number = this.#timeout,
  ): Promise<T> {
    if (await this.#file?.isGone()) {
      this[Symbol.dispose]();
      throw new StorageError(
        `The database file ${this.#path} was deleted or replaced while it was in use, and what it held ` +
          "is lost. From now on, the database at that path is used.",
      );
    }
    const { promise: timeUp, reject } = Promise.withResolvers<never>();
    let givenUp = false;
    const cancel = this.#clock.schedule(() => {
      givenUp = true;
      reject(this.#tooSlow(timeout));
    }, timeout);
    try {
      const work = this.isRemote
        // It may have waited for a handle: what was reported as not done is not begun.
        ? this.#openServer().use((kv) => givenUp ? timeUp : retryWhileLocked(() => operation(kv)))
        : retryWhileLocked(async () => await operation(await this.#open()));
      return await Promise.race([work, timeUp]);
    } finally {
      cancel();
    }
  }

  /**
   * Sends a request to the server without a delay, within an operation: `send` makes it, on the operation's
   * handle, and `size` gives the bytes of its body. With a file, it is just made.
   */
  async send<T>(kv: KvHandle, size: () => number, send: () => Promise<T>): Promise<T> {
    return await (this.isRemote ? this.#sender.send(kv, size(), send) : send());
  }

  /** Closes the database; it is reopened on the next use. */
  [Symbol.dispose](): void {
    const kv = this.#kv;
    this.#kv = undefined;
    kv?.then((opened) => opened.close()).catch(() => {});
    this.#server?.[Symbol.dispose]();
    this.#server = undefined;
  }

  #tooSlow(timeout: number): StorageError {
    const where = this.#path ?? "Deno's database for this program";
    return new StorageError(
      `${where} did not answer within ${timeout} ms. A pending value may still be ` +
        `written. ${this.isRemote ? "Check that the KV server is running." : "Is the disk busy?"}`,
    );
  }

  #openServer(): KvServer {
    return this.#server ??= new KvServer(() => this.#openKv(this.#path), this.#clock);
  }

  #open(): Promise<KvHandle> {
    if (this.#kv !== undefined) return this.#kv;
    const opening = this.#file?.open(this.#openKv) ?? this.#openKv(this.#path);
    this.#kv = opening;
    opening.catch(() => {
      if (this.#kv === opening) this.#kv = undefined;
    });
    return opening;
  }
}

const MEMORY = ":memory:";

function isUrl(path: string): boolean {
  return /^https?:\/\//.test(path);
}

/** A path or the URL of a server, whose scheme may be written in any case. */
function readPath(path: string): string {
  const [, scheme, rest] = /^([a-z][\w+.-]*):\/\/(.*)$/is.exec(path) ?? [];
  if (scheme === undefined) return path;
  if (/^https?$/i.test(scheme)) return `${scheme.toLowerCase()}://${rest}`;
  throw new ConfigurationError(
    `KvStorage cannot open a "${scheme}" URL. Give it the path of a file, or the http or https URL of ` +
      "a KV server.",
  );
}
