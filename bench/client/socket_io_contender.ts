/**
 * The established client: socket.io-client, on its WebSocket transport.
 * @module
 */
import { io, type Socket } from "socket.io-client";
import type { Contender } from "./contender.ts";

/** `socket.io-client`, as its documentation shows it. */
export class SocketIoContender implements Contender {
  #socket: Socket | undefined;
  #callback: (content: string) => void = () => {};

  connect(url: string, jwt: string): Promise<void> {
    const socket = io(url, {
      transports: ["websocket"],
      extraHeaders: { Cookie: `session_token=${jwt}` },
      forceNew: true,
    });
    this.#socket = socket;
    socket.on("message", (message: { content: string }) => this.#callback(message.content));
    return new Promise((resolve, reject) => {
      socket.on("authenticated", () => resolve());
      socket.on("connect_error", reject);
    });
  }

  send(content: string): Promise<unknown> {
    if (this.#socket === undefined) throw new Error("connect() first");
    return this.#socket.timeout(5_000).emitWithAck("message", { content });
  }

  onMessage(callback: (content: string) => void): void {
    this.#callback = callback;
  }

  close(): void {
    this.#socket?.disconnect();
  }
}
