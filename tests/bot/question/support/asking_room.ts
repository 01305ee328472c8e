/**
 * A room of plain clients and devices, on a virtual clock and network.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import type { TestDevice } from "@roomz/roomz/testing";
import type { OptionsWithPlatform } from "../../../../client/connection/options.ts";
import { BotConnection } from "../../../../testing/bot_connection.ts";
import { Channel } from "../../../../testing/channel.ts";
import { ProcessLife } from "../../../../testing/process_life.ts";
import { TestDevice as Device } from "../../../../testing/test_device.ts";
import { Transcript } from "../../../../testing/transcript.ts";
import { VirtualClock } from "../../../../testing/virtual_clock.ts";

/** A client that asks, and the server's end of its connection. */
export interface Asker {
  readonly client: AsyncClient;
  readonly connection: BotConnection;
  /** What it has said. */
  readonly said: readonly string[];
}

/** The room. */
export class AskingRoom {
  readonly clock = new VirtualClock(Date.parse("2026-01-01T00:00:00Z"));
  readonly #transcript = new Transcript(this.clock);
  readonly #channel = new Channel("me@example.com", this.clock, this.#transcript, true);

  /** What happened. */
  get transcript(): string {
    return this.#transcript.toString();
  }

  /** A connected client with this display name. */
  async client(name: string | null): Promise<Asker> {
    const life = new ProcessLife(this.clock, () => {});
    const said: string[] = [];
    const connection = new BotConnection(this.#channel, life, said);
    const options: OptionsWithPlatform = {
      ...(name !== null && { displayName: name }),
      maxReconnectAttempts: Infinity,
      platform: {
        delaysLargeFrames: false,
        openSocket: (url) => connection.openSocket(url),
        fetch: () => Promise.reject(new TypeError("there is no network")),
        now: () => this.clock.now(),
        monotonic: () => this.clock.monotonic(),
        random: () => 0.5,
        schedule: (callback, delay) => life.schedule(callback, delay),
      },
    };
    const client = new AsyncClient("http://roomz.test", "e30.e30.test", options);
    const connected = client.connect();
    await this.clock.settled();
    await connected;
    return { client, connection, said };
  }

  /** A device, which a person uses. */
  device(name: string | null): TestDevice {
    const { clock } = this;
    return new Device(name, {
      channel: this.#channel,
      clock,
      transcript: this.#transcript,
      patience: 1_000,
    });
  }

  /** Lets everything happen that happens within some milliseconds. */
  async advance(milliseconds: number): Promise<void> {
    await this.clock.advance(milliseconds);
  }

  /** Waits until the client of an asker is connected again. */
  async reconnect({ connection, client }: Asker): Promise<void> {
    connection.restore();
    while (!client.connected) await this.clock.advanceToNextTimer();
    await this.clock.settled();
  }
}
