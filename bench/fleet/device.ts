/**
 * A device of an account's owner, which judges the fleet from outside: what it asked, and what answers came.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";

/** A question, and what has become of it. */
export interface Ping {
  readonly email: string;
  /** The message's id; undefined if the device does not know whether it arrived. */
  id: string | undefined;
  /** Time of day, milliseconds. */
  readonly sentAt: number;
  /** When each answer came. */
  readonly answeredAt: number[];
}

/** One device. */
export class Device {
  readonly email: string;
  readonly pings = new Map<number, Ping>();
  readonly #client: AsyncClient;
  /** Pings that do not count have numbers below 0. */
  #trials = 0;

  private constructor(client: AsyncClient, email: string) {
    this.#client = client;
    this.email = email;
    client.on("message", ({ content }) => {
      const number = /^pong (-?\d+)$/.exec(content)?.[1];
      if (number !== undefined) this.pings.get(Number(number))?.answeredAt.push(Date.now());
    });
  }

  static async open(url: string, session: string, email: string): Promise<Device> {
    const client = new AsyncClient(url, session, { displayName: "phone" });
    await client.connect();
    return new Device(client, email);
  }

  /** Resolves when the bot has answered once. */
  async untilServed(): Promise<void> {
    for (;;) {
      const number = --this.#trials;
      await this.ping(number);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const isServed = this.pings.get(number)?.answeredAt.length !== 0;
      this.pings.delete(number);
      if (isServed) return;
    }
  }

  async ping(number: number): Promise<void> {
    const ping: Ping = { email: this.email, id: undefined, sentAt: Date.now(), answeredAt: [] };
    this.pings.set(number, ping);
    const result = await this.#client.send(`!ping ${number}`);
    if (result.status === "ok") ping.id = result.message_id;
    else this.pings.delete(number);
  }

  async close(): Promise<void> {
    await this.#client.disconnect();
  }
}
