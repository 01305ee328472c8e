/**
 * The server's process is killed while messages are sent.
 * @module
 */
import { AsyncClient, ConnectionError, type SendResult } from "@roomz/roomz/client";
import { assert, assertEquals } from "@std/assert";
import { mintSession, OTHER_EMAIL } from "../contract/support/target.ts";
import { within } from "../support/within.ts";
import { measured, rounds } from "./support/rounds.ts";
import { ServerProcess } from "./support/server_process.ts";

const ROUNDS = rounds({ short: 5, long: 200 });
const IN_FLIGHT = 64;
const ACK_TIMEOUT = 2_000;

interface Sent {
  readonly content: string;
  readonly result: SendResult;
}

/** Sends without a pause until the connection is gone; calls `acknowledged` after every success. */
async function sendUntilLost(
  client: AsyncClient,
  sender: number,
  acknowledged: () => void,
): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (let i = 0;; i++) {
    const content = `${sender}/${i}`;
    try {
      const result = await client.send(content);
      sent.push({ content, result });
      if (result.status === "ok") acknowledged();
    } catch (error) {
      if (error instanceof ConnectionError) return sent;
      throw error;
    }
  }
}

Deno.test("kill -9 of the server during sends: every send settles, and the server has every message reported as ok", async () => {
  const session = await mintSession(OTHER_EMAIL);
  const folder = await Deno.makeTempDir();
  const tally = { ok: 0, unknown: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const acceptedFile = `${folder}/${round}`;
    await using server = await ServerProcess.start({ acceptedFile });
    await using client = new AsyncClient(server.url, session, {
      reconnect: false,
      ackTimeout: ACK_TIMEOUT,
    });
    const received = new Map<string, string>();
    client.on("message", ({ id, content }) => void received.set(id, content));
    await client.connect();

    // Killed after a number of acknowledgements that differs from round to round.
    let left = 1 + (round * 37) % 400;
    const senders = Array.from(
      { length: IN_FLIGHT },
      (_, sender) =>
        sendUntilLost(client, sender, () => {
          if (--left === 0) server.kill();
        }),
    );
    const settled = await within(ACK_TIMEOUT + 5_000, "the sends to settle", Promise.all(senders));
    const accepted = await readAccepted(acceptedFile);
    for (const { content, result } of settled.flat()) {
      if (result.status === "ok") {
        tally.ok++;
        assertEquals(
          accepted.get(result.message_id),
          content,
          "reported as ok, but never received",
        );
      } else {
        tally.unknown++;
        assertEquals([result.code, result.delivery], [503, "unknown"]);
      }
    }
    for (const [id, content] of received) assertEquals(accepted.get(id), content);
  }
  assert(tally.ok >= ROUNDS && tally.unknown > 0, "no round interrupted a send");
  await Deno.remove(folder, { recursive: true });
  measured(
    `kill -9 during sends, ${ROUNDS} rounds`,
    `0 unsettled, 0 of ${tally.ok} ok unknown to the server, ${tally.unknown} settled as 503`,
  );
});

async function readAccepted(path: string): Promise<Map<string, string>> {
  const lines = (await Deno.readTextFile(path)).split("\n").filter((line) => line !== "");
  return new Map(lines.map((line): [string, string] => JSON.parse(line)));
}
