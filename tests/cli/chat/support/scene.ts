/**
 * A test scene: a chat in a terminal, its server, and another connection to talk to.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { reportSkipped, skip } from "../../../support/skip.ts";
import { ServerProcess } from "./server_process.ts";
import { canRun, hasTmux, TmuxChat, type TmuxOptions } from "./tmux.ts";

if (!hasTmux) reportSkipped("the chat on a terminal", "tmux is not installed");

/** The status line of a connected chat. */
export const CONNECTED = /^● connected · ada@example\.com/m;

export interface Scene {
  readonly server: ServerProcess;
  readonly chat: TmuxChat;
  /** Another connection of the same account. */
  readonly other: AsyncClient;
}

/** Registers a test that starts with a connected chat. */
export function testChat(
  name: string,
  run: (scene: Scene) => Promise<void>,
  options: TmuxOptions = {},
): void {
  testTerminal(name, async (scene) => {
    await scene.chat.until(CONNECTED);
    await run(scene);
  }, options);
}

/** Registers a test that starts a command in a terminal, by default the chat. */
export function testTerminal(
  name: string,
  run: (scene: Scene) => Promise<void>,
  options: TmuxOptions = {},
): void {
  const shell = options.from?.shell;
  if (shell !== undefined && !canRun(shell, "-c", ":")) {
    return skip(name, `${shell} is not installed`);
  }
  Deno.test({
    name,
    ignore: !hasTmux,
    // Resources of tmux and the server's process close with them.
    sanitizeResources: false,
    sanitizeOps: false,
    async fn() {
      await using server = await ServerProcess.start();
      await using other = await AsyncClient.open(server.url, server.session, {
        displayName: "phone",
        maxReconnectAttempts: Infinity,
      });
      await using chat = await TmuxChat.start(server, options);
      await run({ server, chat, other });
    },
  });
}
