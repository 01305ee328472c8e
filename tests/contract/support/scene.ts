/**
 * The setup of a single contract test.
 * @module
 */
import { AsyncClient, type ClientOptions } from "@roomz/roomz/client";
import { RawClient } from "../../support/raw_client.ts";
import { mintSession, type SessionClaims, type TargetServer } from "./target.ts";

/** An account on a running server. Disposing it closes everything that it opened. */
export class Scene implements AsyncDisposable {
  readonly server: TargetServer;
  /** Used by this test only, so nobody else is in its channel. */
  readonly email: string;
  readonly #opened = new AsyncDisposableStack();

  constructor(server: TargetServer, email: string) {
    this.server = server;
    this.email = email;
  }

  get url(): string {
    return this.server.url;
  }

  /** Creates a session of the account. */
  session(claims?: SessionClaims): Promise<string> {
    return mintSession(this.email, claims);
  }

  /** Creates a client without connecting it. */
  client(token?: string, options?: ClientOptions): AsyncClient {
    return this.#opened.use(new AsyncClient(this.url, token, options));
  }

  /** Connects a client of the account. */
  async connect(options?: ClientOptions): Promise<AsyncClient> {
    const client = this.client(await this.session(), options);
    await client.connect();
    return client;
  }

  /** Opens a raw client without joining. Default: with a session of the account; null for none. */
  async wire(session?: string | null): Promise<RawClient> {
    return this.#opened.use(
      await RawClient.open(this.url, session === undefined ? await this.session() : session),
    );
  }

  /** Opens a raw client and joins the account's channel. */
  async join(): Promise<RawClient> {
    const wire = await this.wire();
    await wire.join();
    return wire;
  }

  /** Closes `opened` when the scene is disposed. */
  use(opened: { close(): Promise<void> }): void {
    this.#opened.defer(() => opened.close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }
}

/** Registers a test for a target. */
export type ContractTest = (name: string, fn: (scene: Scene) => Promise<void>) => void;
