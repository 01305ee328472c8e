/**
 * A test scene: a chat in a terminal, its server, and another connection to talk to.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { reportSkipped, skip } from "../../../support/skip.ts";
import { TestServer } from "../../support/test_server.ts";
import { ServerProcess } from "./server_process.ts";
import { canRun, hasTmux, TmuxChat, type TmuxOptions, type TmuxServer } from "./tmux.ts";

if (!hasTmux) reportSkipped("the chat on a terminal", "tmux is not installed");

/** The status line of a connected chat. */
export const CONNECTED = /^● connected · ada@example\.com/m;

export interface Scene<Server extends TmuxServer = TmuxServer> {
  readonly server: Server;
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
  testTerminal(name, (scene) => whenConnected(scene, run), options);
}

/** Registers a test that starts with a connected chat, and may stop or end the server's process. */
export function testChatAndServer(
  name: string,
  run: (scene: Scene<ServerProcess>) => Promise<void>,
  options: TmuxOptions = {},
): void {
  register(name, () => ServerProcess.start(), (scene) => whenConnected(scene, run), options);
}

/** Registers a test that starts a command in a terminal, by default the chat. */
export function testTerminal(
  name: string,
  run: (scene: Scene) => Promise<void>,
  options: TmuxOptions = {},
): void {
  register(name, startServer, run, options);
}

async function whenConnected<S extends Scene>(
  scene: S,
  run: (scene: S) => Promise<void>,
): Promise<void> {
  await scene.chat.until(CONNECTED);
  await run(scene);
}

function register<Server extends TmuxServer & AsyncDisposable>(
  name: string,
  start: () => Promise<Server>,
  run: (scene: Scene<Server>) => Promise<void>,
  options: TmuxOptions,
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
      await using server = await start();
      await using other = await AsyncClient.open(server.url, server.session, {
        displayName: "phone",
        maxReconnectAttempts: Infinity,
      });
      await using chat = await TmuxChat.start(server, options);
      await run({ server, chat, other });
    },
  });
}

/** A server in the process of the test: a process of its own is slower, and few tests need one. */
async function startServer(): Promise<TmuxServer & AsyncDisposable> {
  const server = await TestServer.start();
  return {
    url: server.url,
    session: await server.session(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
