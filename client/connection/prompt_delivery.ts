/**
 * Delivers large frames without a delay on Deno. Its WebSocket writes the header of a frame of more than
 * 1,024 bytes apart from the rest, with Nagle's algorithm on: the rest waits for the TCP acknowledgement of
 * the header, which the server's system puts off for some 40 ms.
 *
 * Two Engine.IO packets `5` right before such a frame help: the first is sent at once, what follows waits
 * in one piece, and the service's answer, a `6`, carries the acknowledgement. Where that answer comes before
 * Deno has written the whole frame, the second packet does the same once more. Servers on npm's socket.io
 * ignore both. (Measured with Deno 2.9.6 and Roomz 0.4.0, python-engineio 4.15.1: `deno task bench:large`.)
 * @module
 */
import { EnginePacketType } from "../protocol/engine_io.ts";

/** The longest frame that Deno writes in one piece, bytes. */
export const MAX_WHOLE_FRAME = 1_024;

const PROMPT = [EnginePacketType.UPGRADE, EnginePacketType.UPGRADE];

/** Prompts the server of one connection to acknowledge the header, if it answers. */
export class PromptDelivery {
  /** "asked": until the first answer to the first packet. */
  #server: "unknown" | "asked" | "answers" | "ignores" = "unknown";
  /** The request before which the server was asked. */
  #asked = -1;

  /** The packets to send right before a large frame, which carries request `id`. */
  before(id: number): readonly string[] {
    if (this.#server === "answers") return PROMPT;
    if (this.#server !== "unknown") return [];
    this.#server = "asked";
    this.#asked = id;
    return PROMPT;
  }

  /** The server has sent a packet `6`. */
  answered(): void {
    this.#server = "answers";
  }

  /** The server has acknowledged request `id`. It answers in order, so a `6` would have come before. */
  acknowledged(id: number): void {
    if (this.#server === "asked" && id >= this.#asked) this.#server = "ignores";
  }
}
