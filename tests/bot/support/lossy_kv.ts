/**
 * A KV server whose responses get lost, as Deno's `openKv` shows one to programs: Deno repeats a write by
 * itself when its response is lost, and the repetition fails its own check (Deno 2.9.6).
 * @module
 */

/** Stands in for `Deno.openKv` until it is disposed. */
export class LossyKv implements Disposable {
  /** How many of the next writes lose their response. */
  losses = 0;
  /** Whether the server is down: operations never end, as Deno retries them for ever. */
  down = false;
  /** What the program has asked to open. */
  readonly opened: (string | undefined)[] = [];
  readonly #real = Object.getOwnPropertyDescriptor(Deno, "openKv") ?? {};
  readonly #database: Promise<Deno.Kv> = Deno.openKv(":memory:");

  constructor() {
    const value = async (path?: string) => {
      this.opened.push(path);
      return this.#wrap(await this.#database);
    };
    Object.defineProperty(Deno, "openKv", { value, configurable: true });
  }

  [Symbol.dispose](): void {
    Object.defineProperty(Deno, "openKv", this.#real);
    this.#database.then((kv) => kv.close());
  }

  #wrap(kv: Deno.Kv): Deno.Kv {
    const reachable = <T>(work: () => Promise<T>): Promise<T> => {
      return this.down ? new Promise(() => {}) : work();
    };
    return new Proxy(kv, {
      get: (target, name) => {
        if (name === "close") return () => {};
        if (name === "atomic") return () => this.#write(target, reachable);
        if (name === "get") return (key: Deno.KvKey) => reachable(() => target.get(key));
        return Reflect.get(target, name, target);
      },
    });
  }

  /** An atomic write that is carried out once, and answered as its repetition is. */
  #write(kv: Deno.Kv, reachable: <T>(work: () => Promise<T>) => Promise<T>) {
    const steps: ((write: Deno.AtomicOperation) => void)[] = [];
    const commit = () => {
      const write = kv.atomic();
      for (const step of steps) step(write);
      return write.commit();
    };
    const recorded = {
      check: (...checks: Deno.AtomicCheck[]) => note((write) => write.check(...checks)),
      set: (key: Deno.KvKey, value: unknown, options?: { expireIn?: number }) =>
        note((write) => write.set(key, value, options)),
      delete: (key: Deno.KvKey) => note((write) => write.delete(key)),
      commit: () =>
        reachable(async () => {
          const first = await commit();
          if (this.losses === 0) return first;
          this.losses--;
          return await commit();
        }),
    };
    const note = (step: (write: Deno.AtomicOperation) => void) => {
      steps.push(step);
      return recorded;
    };
    return recorded;
  }
}
