/**
 * What the hosts of a fleet share: the contract on a model, a file, memory and a real KV server, and what
 * happens on bad lines.
 * @module
 */
import { StorageError } from "@roomz/roomz/bot";
import { assert, assertEquals } from "@std/assert";
import type { CommitOutcome, FleetCommit } from "../../../../bot/fleet/store/fleet_store.ts";
import { KvFleetStore } from "../../../../bot/fleet/store/kv_fleet_store.ts";
import { KvDatabase } from "../../../../bot/storage/kv_database.ts";
import type { OpenKv } from "../../../../bot/storage/kv_handle.ts";
import { VirtualClock } from "../../../../testing/virtual_clock.ts";
import { skip } from "../../../support/skip.ts";
import { Denokv, findDenokv, TOKEN } from "../../support/denokv.ts";
import { testFleetStoreContract } from "../support/fleet_store_contract.ts";
import { type Fault, Line, SimulatedKv } from "../support/simulated_kv.ts";

const PREFIX = ["roomz", "bot"];
const SERVER = "http://kv.test";

function storeIn(path: string, open: OpenKv = (path) => Deno.openKv(path)) {
  const database = new KvDatabase(path, { timeout: 10_000, open });
  return {
    store: new KvFleetStore(database, PREFIX, 10_000),
    writeForeign: async (key: readonly string[]) => {
      const value = new TextEncoder().encode("not a record");
      await database.use((kv) => kv.atomic().set([...PREFIX, ...key], value).commit());
    },
    [Symbol.asyncDispose]: () => Promise.resolve(database[Symbol.dispose]()),
  };
}

for (
  const [name, path, checks] of [["a server", SERVER, 10], ["a file", ":memory:", 100]] as const
) {
  testFleetStoreContract(`model of ${name}`, () => {
    // Everything takes no time, but happens in its order.
    const clock = { schedule: (callback: () => void) => (queueMicrotask(callback), () => {}) };
    let losses = 0;
    const fault = (): Fault | undefined => losses > 0 && losses-- > 0 ? "response lost" : undefined;
    const line = new Line({ delay: () => 0, fault });
    const tested = storeIn(path, new SimulatedKv(clock, checks).openThrough(line));
    const loseNextResponse = () => void losses++;
    return Promise.resolve(checks === 10 ? { ...tested, loseNextResponse } : tested);
  });
}

testFleetStoreContract("file", async () => storeIn(`${await Deno.makeTempDir()}/fleet.kv`));
testFleetStoreContract("memory", () => Promise.resolve(storeIn(":memory:")));

const program = await findDenokv();
if (program === undefined) {
  skip("the store of a fleet on a real KV server", "denokv is not installed here");
} else {
  Deno.env.set("DENO_KV_ACCESS_TOKEN", TOKEN);
  testFleetStoreContract("denokv", async () => {
    const server = await Denokv.start(program);
    const tested = storeIn(server.url);
    return {
      ...tested,
      loseNextResponse: () => server.loseNextResponse(),
      async [Symbol.asyncDispose]() {
        await tested[Symbol.asyncDispose]();
        await server[Symbol.asyncDispose]();
      },
    };
  });
}

/** A store behind a line of 10 ms with a time limit of 500 ms, and what became of its commits. */
async function onModel() {
  const clock = new VirtualClock(0);
  const kv = new SimulatedKv(clock);
  const faults: Fault[] = [];
  const connect = async () => {
    const line = new Line({
      delay: () => 10,
      fault: (call) => call === "commit" ? faults.shift() : undefined,
    });
    const database = new KvDatabase(SERVER, { timeout: 500, open: kv.openThrough(line), clock });
    const store = new KvFleetStore(database, [], 500);
    // Opening it takes time as well.
    const opened = store.get([]);
    await clock.advance(20);
    await opened;
    return { line, store };
  };
  const { line, store } = await connect();
  const outcomes: (CommitOutcome | "unknown")[] = [];
  const commit = (commit: FleetCommit, by = store) => {
    by.commit(commit).then(
      (outcome) => outcomes.push(outcome),
      (error) => {
        assert(error instanceof StorageError);
        outcomes.push("unknown");
      },
    );
  };
  const texts = () =>
    kv.entries().map(({ value }) => new TextDecoder().decode(value.slice(0, -13)));
  return { clock, kv, line, faults, connect, commit, outcomes, texts };
}

const KEY = ["x"];
const create = (n: number) => ({
  checks: [{ key: KEY, version: null }],
  sets: [{ key: KEY, value: { n } }],
});

Deno.test("a call takes the time of its line, there and back", async () => {
  const { clock, commit, outcomes, texts } = await onModel();
  commit(create(1));
  await clock.advance(10);
  assertEquals([outcomes, texts()], [[], ['{"n":1}']]);
  await clock.advance(10);
  assertEquals(outcomes, ["done"]);
});

Deno.test("a commit that reaches the server after its time limit is still made", async () => {
  const { clock, line, commit, outcomes, texts } = await onModel();
  line.cut();
  commit(create(1));
  await clock.advance(500);
  assertEquals(outcomes, ["unknown"]);
  assertEquals(texts(), []);
  line.mend();
  await clock.advance(10);
  assertEquals(texts(), ['{"n":1}']);
});

Deno.test("a commit that is made while its response cannot come back is done", async () => {
  const { clock, line, commit, outcomes, texts } = await onModel();
  commit(create(1));
  await clock.advance(15);
  line.cut();
  await clock.advance(100);
  assertEquals([outcomes, texts()], [[], ['{"n":1}']]);
  line.mend();
  await clock.advance(100);
  assertEquals(outcomes, ["done"]);
});

Deno.test("a server that stops makes commits when it goes on", async () => {
  const { clock, kv, commit, outcomes, texts } = await onModel();
  kv.stop();
  commit(create(1));
  await clock.advance(400);
  assertEquals([outcomes, texts()], [[], []]);
  kv.start();
  await clock.advance(10);
  assertEquals(outcomes, ["done"]);
});

Deno.test("the first copy of a commit that arrives after the second changes nothing", async () => {
  const { clock, kv, faults, commit, outcomes, texts } = await onModel();
  faults.push({ firstCopyLate: 200 });
  commit(create(1));
  await clock.advance(20);
  assertEquals(outcomes, ["done"]);
  commit({ checks: [], sets: [{ key: KEY, value: { n: 2 } }] });
  await clock.advance(400);
  assertEquals([texts(), kv.commits], [['{"n":2}'], 2]);
});

Deno.test("a repeated commit is one's own though others have replaced the first of its keys", async () => {
  const { clock, faults, connect, commit, outcomes, texts } = await onModel();
  const other = await connect();
  faults.push("response lost");
  const { checks, sets } = create(1);
  const shared = ["a", "revision"];
  commit({ checks, sets: [{ key: shared, value: { by: 1 } }, ...sets] });
  await clock.advance(50);
  commit({ checks: [], sets: [{ key: shared, value: { by: 2 } }] }, other.store);
  await clock.advance(200);
  assertEquals(outcomes, ["done", "done"]);
  assertEquals(texts(), ['{"by":2}', '{"n":1}']);
});

Deno.test("a repeated commit of which others have left nothing is a conflict", async () => {
  const { clock, faults, connect, commit, outcomes, texts } = await onModel();
  const other = await connect();
  faults.push("response lost");
  commit(create(1));
  await clock.advance(50);
  commit({ checks: [], sets: [{ key: KEY, value: { n: 2 } }] }, other.store);
  await clock.advance(200);
  assertEquals([outcomes, texts()], [["done", "conflict"], ['{"n":2}']]);
});
