/**
 * The server's process is stopped (SIGSTOP): its connections stay open but silent.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { assert, assertEquals } from "@std/assert";
import { mintSession, OTHER_EMAIL } from "../contract/support/target.ts";
import { durations, GRACE, measured, NO_SIGNALS, rounds } from "./support/rounds.ts";
import { ServerProcess } from "./support/server_process.ts";

const ROUNDS = rounds({ short: 3, long: 50 });
const PING_INTERVAL = 200;
const PING_TIMEOUT = 200;

Deno.test({
  name:
    "a stopped server is detected by its missing heartbeat, and reconnected to when it continues",
  ignore: NO_SIGNALS,
  async fn() {
    await using server = await ServerProcess.start({
      pingInterval: PING_INTERVAL,
      pingTimeout: PING_TIMEOUT,
    });
    const options = {
      reconnectDelay: 20,
      maxReconnectAttempts: Infinity,
      connectionTimeout: 2_000,
    };
    const session = await mintSession(OTHER_EMAIL);
    const detected: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      // A new client each time: the delays grow from loss to loss unless the connection lasted a minute.
      await using client = await AsyncClient.open(server.url, session, options);
      // At a different time within the heartbeat interval in each round.
      await new Promise((resolve) => setTimeout(resolve, (round * 37) % (2 * PING_INTERVAL)));
      const lost = client.waitFor("disconnect", { timeout: 30_000 });
      server.pause();
      const stopped = performance.now();
      const pending = client.send("into the void", { timeout: 60_000 });
      await lost;
      detected.push(performance.now() - stopped);
      const result = await pending;
      assertEquals(result.status === undefined && result.code, 503);
      assertEquals(client.connectionState, "reconnecting");

      const back = client.waitFor("authenticated", { timeout: 30_000 });
      server.resume();
      await back;
      assertEquals((await client.send("here again")).status, "ok");
    }
    const limit = PING_INTERVAL + PING_TIMEOUT + GRACE;
    assert(Math.max(...detected) <= limit, `${Math.max(...detected)} ms, ${limit} at most`);
    measured(
      `SIGSTOP of the server, heartbeat ${PING_INTERVAL} + ${PING_TIMEOUT} ms, ${ROUNDS} rounds`,
      `detected after ${durations(detected)}`,
    );
  },
});
