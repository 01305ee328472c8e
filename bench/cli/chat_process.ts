/**
 * Runs `roomz chat` on a pseudo-terminal, in a flooded room.
 * @module
 */
import { roomz } from "./roomz_start.ts";
import { TerminalProcess } from "./terminal_process.ts";

/** A chat process that counts the numbered messages in its output. */
export class ChatProcess extends TerminalProcess {
  /** How many numbered messages it has written. */
  messages = 0;

  /** Starts the chat; resolves when it is connected. */
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
      // A chunk may end in the middle of a number.
      rest = fresh.slice(Math.max(end, fresh.length - 12));
    });
  }

  /** Clears the input and leaves the chat. */
  async leave(): Promise<void> {
    await this.press("\x15\x04");
    await this.ended();
  }
}
