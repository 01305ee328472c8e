/**
 * A chat in a terminal, its server, and somebody to talk with: what the tests of the whole chat play on.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { reportSkipped } from "../../../support/skip.ts";
import { ServerProcess } from "./server_process.ts";
import { hasTmux, TmuxChat, type TmuxOptions } from "./tmux.ts";

if (!hasTmux) reportSkipped("the chat on a terminal", "there is no tmux here");

/** The status line of a chat that is connected. */
export const CONNECTED = /^● connected · ada@example\.com/m;

/** What a test plays on. */
export interface Scene {
  readonly server: ServerProcess;
  readonly chat: TmuxChat;
  /** Another connection of the same account. */
  readonly other: AsyncClient;
}

/** Declares a test that begins with a chat that is connected. */
export function testChat(
  name: string,
  play: (scene: Scene) => Promise<void>,
  options: TmuxOptions = {},
): void {
  Deno.test({
    name,
    ignore: !hasTmux,
    // What tmux and the server's process leave open ends with them.
    sanitizeResources: false,
    sanitizeOps: false,
    async fn() {
      await using server = await ServerProcess.start();
      await using other = await AsyncClient.open(server.url, server.session, {
        displayName: "phone",
        maxReconnectAttempts: Infinity,
      });
      await using chat = await TmuxChat.start(server, options);
      await chat.until(CONNECTED);
      await play({ server, chat, other });
    },
  });
}
