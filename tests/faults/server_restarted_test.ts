/**
 * The server restarts while messages wait for their acknowledgement.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { assertEquals } from "@std/assert";
import { mintSession, OTHER_EMAIL } from "../contract/support/target.ts";
import { within } from "../support/within.ts";
import { durations, measured, NO_SIGNALS, rounds } from "./support/rounds.ts";
import { ServerProcess } from "./support/server_process.ts";

const ROUNDS = rounds({ short: 3, long: 50 });
const PENDING = 100;

Deno.test({
  name:
    "after a server restart with 100 pending sends, all have settled, and the client is back with its name",
  ignore: NO_SIGNALS,
  async fn() {
    await using servers = new AsyncDisposableStack();
    let server = servers.use(await ServerProcess.start());
    const { port, url } = server;
    const options = {
      displayName: "phone <1>",
      reconnectDelay: 20,
      maxReconnectAttempts: Infinity,
      ackTimeout: 60_000,
    };
    const session = await mintSession(OTHER_EMAIL);
    const waits: number[] = [];

    for (let round = 0; round < ROUNDS; round++) {
      // A new client each time: the delays grow from loss to loss unless the connection lasted a minute.
      await using client = await AsyncClient.open(url, session, options);
      await client.send("the name is set before this");
      // Stopped first, so that no message can be acknowledged before the server dies.
      server.pause();
      const sends = Array.from({ length: PENDING }, (_, index) => client.send(`${round}/${index}`));
      await server.kill();
      for (const result of await within(5_000, "the sends to settle", Promise.all(sends))) {
        assertEquals(
          result.status === undefined && [result.code, result.delivery],
          [503, "unknown"],
        );
      }

      const back = client.waitFor("authenticated", { timeout: 30_000 });
      server = servers.use(await ServerProcess.start({ port }));
      const up = performance.now();
      await back;
      waits.push(performance.now() - up);
      const message = client.waitFor("message", { timeout: 10_000 });
      assertEquals((await client.send("here again")).status, "ok");
      const { content, user, own } = await message;
      assertEquals([content, user.display_name, own], ["here again", "phone <1>", true]);
      assertEquals(client.user?.display_name, "phone <1>");
    }
    measured(
      `server restart with ${PENDING} pending sends, ${ROUNDS} rounds`,
      `${PENDING * ROUNDS} of ${PENDING * ROUNDS} settled, ${ROUNDS} reconnected with the name; ` +
        `after the server was up: ${durations(waits)}`,
    );
  },
});
