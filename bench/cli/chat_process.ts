/**
 * `roomz chat` on a pseudo-terminal, in a channel that is flooded.
 * @module
 */
import { roomz } from "./roomz_start.ts";
import { TerminalProcess } from "./terminal_process.ts";

/** The process, and what it wrote. */
export class ChatProcess extends TerminalProcess {
  /** How many numbered messages were written. */
  messages = 0;

  /** Starts the chat, and resolves when it is connected. */
  static async connected(url: string, state: string): Promise<ChatProcess> {
    const chat = new ChatProcess(url, state);
    await chat.until(() => chat.tail.includes("● connected"));
    return chat;
  }

  private constructor(url: string, state: string) {
    let rest = "";
    super(roomz(["chat"], url, state, { ROOMZ_TOKEN: "e30.e30.bench" }), (text) => {
      const fresh = rest + text;
      let end = 0;
      for (const match of fresh.matchAll(/#\d+#/g)) {
        this.messages++;
        end = match.index + match[0].length;
      }
      // A number may be cut in two by the end of a chunk.
      rest = fresh.slice(Math.max(end, fresh.length - 12));
    });
  }

  /** Leaves the chat. */
  async leave(): Promise<void> {
    await this.press("\x15\x04");
    await this.ended();
  }
}
