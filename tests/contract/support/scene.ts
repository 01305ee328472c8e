/**
 * What one test of the contract suite works with.
 * @module
 */
import { AsyncClient, type ClientOptions } from "@roomz/roomz/client";
import { mintSession, type SessionClaims, type TargetServer } from "./target.ts";
import { RawClient } from "../../support/raw_client.ts";

/** One account on a running server. What it opened is closed with it. */
export class Scene implements AsyncDisposable {
  readonly server: TargetServer;
  /** An address of this test's own: nobody else is in its channel. */
  readonly email: string;
  readonly #opened = new AsyncDisposableStack();

  constructor(server: TargetServer, email: string) {
    this.server = server;
    this.email = email;
  }

  get url(): string {
    return this.server.url;
  }

  /** A session of the account. */
  session(claims?: SessionClaims): Promise<string> {
    return mintSession(this.email, claims);
  }

  /** A client that is not connected yet. */
  client(token?: string, options?: ClientOptions): AsyncClient {
    return this.#opened.use(new AsyncClient(this.url, token, options));
  }

  /** A connected client of the account. */
  async connect(options?: ClientOptions): Promise<AsyncClient> {
    const client = this.client(await this.session(), options);
    await client.connect();
    return client;
  }

  /** A raw client that has not joined, with the account's session, another one or none. */
  async wire(session?: string | null): Promise<RawClient> {
    return this.#opened.use(
      await RawClient.open(this.url, session === undefined ? await this.session() : session),
    );
  }

  /** A raw client in the account's channel. */
  async join(): Promise<RawClient> {
    const wire = await this.wire();
    await wire.join();
    return wire;
  }

  /** Closes this with the scene. */
  use(opened: { close(): Promise<void> }): void {
    this.#opened.defer(() => opened.close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }
}

/** Registers one test on a target. */
export type ContractTest = (name: string, fn: (scene: Scene) => Promise<void>) => void;
