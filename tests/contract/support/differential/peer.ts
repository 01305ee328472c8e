/**
 * A connection of a scenario, over any transport.
 * @module
 */
import { within } from "../../../support/within.ts";
import { exchange } from "./raw_http.ts";
import { RawWebSocket } from "./raw_web_socket.ts";
import type { Transport } from "./scenario.ts";

/** Longer than any step takes, milliseconds. Reached only if it never happens. */
const PATIENCE = 10_000;

type Headers = readonly (readonly [name: string, value: string])[];

/** A connection that records what it receives, packet by packet. */
export class Peer {
  /** What arrived and was not taken yet: packets, and `closed CODE`. */
  #received: string[] = [];
  #wake: () => void = () => {};
  #webSocket: RawWebSocket | undefined;
  readonly #polling = new AbortController();
  #polls: Promise<void> | undefined;
  #post: ((packet: string) => Promise<void>) | undefined;
  /** Whether the server accepted it into the channel. */
  joined = false;
  /** The account whose channel it has joined. */
  email = "";
  /** Whether it has announced that it leaves, after which the server sends nothing. */
  mute = false;
  closed = false;

  /** Opens a connection. The result of the handshake is the first thing that it records. */
  static async open(
    url: string,
    transport: Transport,
    target: string,
    headers: Headers,
  ): Promise<Peer> {
    const peer = new Peer();
    if (transport === "websocket") {
      if (await peer.#openWebSocket(url, target, headers)) {
        await peer.waitFor((packet) => packet.startsWith("0{"));
      }
    } else await peer.#openPolling(url, transport, target, headers);
    return peer;
  }

  /** What it received and was not taken yet. */
  get received(): readonly string[] {
    return this.#received;
  }

  /** Takes what it received, except the answers to `settle`. */
  take(): string[] {
    const received = this.#received;
    this.#received = [];
    return received;
  }

  async send(packet: string | Uint8Array): Promise<void> {
    if (this.#webSocket !== undefined) await this.#webSocket.send(packet);
    else await this.#post?.(typeof packet === "string" ? packet : `b${packet.toBase64()}`);
  }

  /** Sends several packets at once. */
  async sendAll(packets: readonly string[]): Promise<void> {
    if (this.#webSocket !== undefined) await this.#webSocket.sendAll(packets);
    else await this.#post?.(packets.join("\x1e"));
  }

  /**
   * Sorts by kind: events, accepted messages, accepted names, refusals. Each kind keeps its order;
   * after several packets at once, which kind comes first depends on the service's scheduling.
   */
  sortByKind(): void {
    const kinds = [/^(?!43)/, /^43.*"message_id"/, /^43.*"display_name"/, /^43.*"error"/];
    const rank = (packet: string) => kinds.findIndex((kind) => kind.test(packet));
    this.#received = this.#received.toSorted((a, b) => rank(a) - rank(b));
  }

  /** Waits until the server has answered everything that this peer has sent. */
  async settle(): Promise<void> {
    if (this.closed || this.mute) return;
    if (this.joined) {
      // Its answer is known, reaches nobody else, and comes after the answers to earlier requests.
      await this.send(`42${SETTLE_ID}["message",{}]`);
      await this.consume((packet) => packet.startsWith(`43${SETTLE_ID}[`));
    } else {
      await this.send("5");
      await this.consume((packet) => packet === "6");
    }
  }

  /** Waits for a packet, and removes it from the record. */
  async consume(wanted: (packet: string) => boolean): Promise<void> {
    for (;;) {
      const index = this.#received.findIndex(wanted);
      if (index !== -1) {
        this.#received.splice(index, 1);
        return;
      }
      if (this.closed) return;
      await this.#nextPacket();
    }
  }

  /** Waits for such a packet. False if that takes too long. */
  async waitFor(wanted: (packet: string) => boolean): Promise<boolean> {
    const end = performance.now() + PATIENCE;
    while (!this.#received.some(wanted)) {
      if (this.closed || performance.now() > end) return false;
      await this.#nextPacket().catch(() => {});
    }
    return true;
  }

  async close(): Promise<void> {
    if (this.#webSocket !== undefined && !this.closed) await this.#webSocket.close();
    if (this.#webSocket === undefined && !this.closed && !this.mute) {
      this.mute = true;
      await this.#post?.("1");
      // The last packet of a waiting request.
      if (this.joined) await this.waitFor((packet) => packet.startsWith('42["user_left",'));
    }
    this.closed = true;
    this.#polling.abort();
    await this.#polls;
  }

  /** False if the handshake was refused. */
  async #openWebSocket(url: string, target: string, headers: Headers): Promise<boolean> {
    const onText = (packet: string) => this.#receive(packet);
    const opened = await RawWebSocket.open(url, target, headers, onText, (code) => {
      this.closed = true;
      this.#receive(`closed ${code}`);
    });
    if (typeof opened === "number") {
      this.closed = true;
      this.#receive(`refused ${opened}`);
      return false;
    }
    this.#webSocket = opened;
    return true;
  }

  async #openPolling(
    url: string,
    transport: Transport,
    path: string,
    headers: Headers,
  ): Promise<void> {
    const target = `${path}?EIO=4&transport=polling`;
    const first = await exchange(url, { method: "GET", target, headers });
    this.#receive(`${first.status} ${first.body}`);
    const sid = /"sid":"([^"]+)"/.exec(first.body)?.[1];
    if (sid === undefined) {
      this.closed = true;
      return;
    }
    if (transport === "upgraded") {
      const upgrade = `${path}?EIO=4&transport=websocket&sid=${sid}`;
      if (!await this.#openWebSocket(url, upgrade, headers)) return;
      await this.send("2probe");
      await this.waitFor((packet) => packet === "3probe");
      await this.send("5");
      // The packet that ends a waiting request; there is none.
      await this.waitFor((packet) => packet === "6");
      return;
    }
    this.#post = async (packet) => {
      const method = "POST";
      const response = await exchange(url, {
        method,
        target: `${target}&sid=${sid}`,
        headers,
        body: packet,
      });
      if (response.status !== 200 || response.body !== "OK") {
        this.#receive(`POST ${response.status} ${response.body}`);
      }
    };
    this.#polls = this.#pollOn(url, `${target}&sid=${sid}`, headers);
  }

  async #pollOn(url: string, target: string, headers: Headers): Promise<void> {
    const { signal } = this.#polling;
    while (!signal.aborted) {
      try {
        const response = await exchange(url, { method: "GET", target, headers }, signal);
        if (response.status !== 200) {
          if (!this.mute) this.#receive(`GET ${response.status} ${response.body}`);
          return;
        }
        for (const packet of response.body.split("\x1e")) this.#receive(packet);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }

  #receive(packet: string): void {
    this.#received.push(packet);
    this.#wake();
  }

  async #nextPacket(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    await within(PATIENCE, "a packet", promise);
  }
}

const SETTLE_ID = "777777777777";
