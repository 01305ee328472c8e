/**
 * Half-open sockets: the peer exists but does not answer, not even the closing handshake.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { assert, assertEquals } from "@std/assert";
import { mintSession, OTHER_EMAIL } from "../contract/support/target.ts";
import { durations, GRACE, measured, NO_SIGNALS, rounds } from "./support/rounds.ts";
import { ScriptProcess } from "./support/script_process.ts";
import { ServerProcess } from "./support/server_process.ts";

const ROUNDS = rounds({ short: 2, long: 20 });
/** How long `disconnect()` waits for a peer that does not answer, milliseconds. */
const CLOSE_TIMEOUT = 500;

Deno.test({
  name: "disconnect() from a stopped server returns within its bound, and so does Deno.exit()",
  ignore: NO_SIGNALS,
  async fn() {
    const session = await mintSession(OTHER_EMAIL);
    const disconnects: number[] = [];
    const exits: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await using server = await ServerProcess.start();
      await using client = new ScriptProcess("half_open_client.ts", [server.url, session]);
      assertEquals(await client.read(), "connected");
      server.pause();
      await client.write("disconnect");
      const [took, abandoned]: number[] = JSON.parse(await client.read());
      assert(took !== undefined && took <= CLOSE_TIMEOUT + GRACE, `disconnect() took ${took} ms`);
      assertEquals(abandoned, 1);
      disconnects.push(took);

      const start = performance.now();
      await client.write("exit");
      const { code } = await client.status;
      exits.push(performance.now() - start);
      assertEquals(code, 0);
      assert((exits.at(-1) ?? 0) <= GRACE, `the process took ${exits.at(-1)} ms to end`);
    }
    measured(
      `disconnect() from a half-open socket, ${ROUNDS} rounds`,
      `${durations(disconnects)}; Deno.exit() after it: ${durations(exits)}`,
    );
  },
});

Deno.test({
  name: "an abandoned socket is counted until the system closes it",
  ignore: NO_SIGNALS,
  sanitizeResources: true,
  async fn() {
    await using server = await ServerProcess.start();
    const client = await AsyncClient.open(server.url, await mintSession(OTHER_EMAIL));
    server.pause();
    await client.disconnect();
    assertEquals([client.connectionState, client.abandonedSockets], ["disconnected", 1]);
    server.resume();
    for (let tries = 0; client.abandonedSockets > 0 && tries < 1_000; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assertEquals(client.abandonedSockets, 0);
    await client.connect();
    assertEquals((await client.send("here again")).status, "ok");
    await client.disconnect();
    assertEquals(client.abandonedSockets, 0);
  },
});
