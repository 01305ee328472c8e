/**
 * Plays the same generated frames and requests to the development server and the real one, and compares
 * what clients observe, packet by packet.
 *
 * `ROOMZ_DIFFERENTIAL=5000` plays that many scenarios with a random seed; `ROOMZ_SEED` sets the seed.
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { skip } from "../support/skip.ts";
import { devTarget } from "./support/dev_target.ts";
import { knownDifferences } from "./support/differential/known_differences.ts";
import { mintSessions, replay, type Transcript } from "./support/differential/replay.ts";
import { scenario, type Step } from "./support/differential/scenario.ts";
import { findPythonWithRoomz } from "./support/python_environment.ts";
import { realTarget } from "./support/real_server.ts";
import { type TargetServer, TEST_EMAILS } from "./support/target.ts";

const SCENARIOS = 90;
/** The minimum number of frames and requests in the default number of scenarios. */
const LEAST_SENT = 2_000;
const SEED = 20_261_128;

const asked = Deno.env.get("ROOMZ_DIFFERENTIAL");
const numRuns = asked === undefined ? SCENARIOS : Number(asked);
const seed = Number(
  Deno.env.get("ROOMZ_SEED") ?? (asked === undefined ? SEED : Math.trunc(Math.random() * 2 ** 31)),
);

function conceal(transcript: Transcript): readonly string[] {
  return transcript.lines.map((line) =>
    knownDifferences.reduce((text, { conceal = (text) => text }) => conceal(text), line)
  );
}

async function compare(dev: TargetServer, real: TargetServer): Promise<number> {
  let sent = 0;
  let played = 0;
  await fc.assert(
    fc.asyncProperty(scenario, async (steps: readonly Step[]) => {
      const first = (played++ * 2) % TEST_EMAILS.length;
      const emails = [TEST_EMAILS[first] ?? "", TEST_EMAILS[first + 1] ?? ""] as const;
      const sessions = await mintSessions(emails);
      const [ours, theirs] = await Promise.all(
        [dev, real].map((server) => replay(server, steps, emails, sessions)),
      );
      assert(ours !== undefined && theirs !== undefined);
      assertEquals(conceal(ours), conceal(theirs));
      sent += theirs.sent;
    }),
    { numRuns, seed },
  );
  return sent;
}

Deno.test("the page about the development server lists every known difference", async () => {
  const page = await Deno.readTextFile(
    new URL("../../docs/development_server.md", import.meta.url),
  );
  const text = page.replace(/\s+/g, " ");
  for (const { what } of knownDifferences) assertStringIncludes(text, what);
});

const found = await findPythonWithRoomz();
if ("python" in found) {
  const real = realTarget(found.python);
  Deno.test("clients observe the same on the dev server as on the real one", async () => {
    const servers = await Promise.all([devTarget.start({}), real.start({})]);
    try {
      const sent = await compare(...servers);
      if (asked !== undefined) console.log(`seed ${seed}: ${sent} frames and requests`);
      assert(sent >= (asked === undefined ? LEAST_SENT : 1), `only ${sent} frames and requests`);
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  });
} else {
  skip("the dev server was not compared with the real one", found.missing);
}
