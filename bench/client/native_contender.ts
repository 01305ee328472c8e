/**
 * The baseline: a bare native WebSocket with as little code as possible. It validates nothing,
 * unescapes nothing, has no timeouts and never reconnects.
 * @module
 */
import type { Contender } from "./contender.ts";

/** Not a real client: the limit of what any client can reach. */
export class NativeContender implements Contender {
  #socket: WebSocket | undefined;
  #callback: (content: string) => void = () => {};
  readonly #pending = new Map<number, (answer: unknown) => void>();
  #nextId = 0;

  connect(url: string, jwt: string): Promise<void> {
    const target = `${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`;
    const socket = new WebSocket(target, { headers: { Cookie: `session_token=${jwt}` } });
    this.#socket = socket;
    return new Promise((resolve, reject) => {
      socket.onerror = reject;
      socket.onmessage = ({ data }) => {
        if (data[0] === "0") return socket.send("40");
        if (data[0] === "2") return socket.send("3");
        const bracket = data.indexOf("[");
        if (bracket === -1) return;
        const body = JSON.parse(data.slice(bracket));
        if (data[1] === "3") {
          const id = Number(data.slice(2, bracket));
          const settle = this.#pending.get(id);
          this.#pending.delete(id);
          settle?.(body[0]);
        } else if (body[0] === "message") this.#callback(body[1].content);
        else if (body[0] === "authenticated") resolve();
      };
    });
  }

  send(content: string): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#pending.set(id, resolve);
      this.#socket?.send(`42${id}["message",${JSON.stringify({ content })}]`);
    });
  }

  onMessage(callback: (content: string) => void): void {
    this.#callback = callback;
  }

  close(): void {
    this.#socket?.close();
  }
}
