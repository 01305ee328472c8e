/**
 * This package's client with all its work: validation, unescaping, own messages, event dispatch.
 * @module
 */
import { AsyncClient, type SendResult } from "@roomz/roomz/client";
import type { Contender } from "./contender.ts";

/** `AsyncClient`, as users use it. */
export class RoomzContender implements Contender {
  #client: AsyncClient | undefined;
  #callback: (content: string) => void = () => {};

  async connect(url: string, jwt: string): Promise<void> {
    this.#client = new AsyncClient(url, jwt);
    this.#client.on("message", (message) => this.#callback(message.content));
    await this.#client.connect();
  }

  send(content: string): Promise<SendResult> {
    if (this.#client === undefined) throw new Error("connect() first");
    return this.#client.send(content);
  }

  onMessage(callback: (content: string) => void): void {
    this.#callback = callback;
  }

  async close(): Promise<void> {
    await this.#client?.disconnect();
  }
}
