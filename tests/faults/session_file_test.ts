/**
 * Many processes write one session file.
 * @module
 */
import { KvSessionCache } from "@roomz/roomz/client";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { measured, rounds } from "./support/rounds.ts";
import { ScriptProcess } from "./support/script_process.ts";

const WRITERS = rounds({ short: 4, long: 16 });
const WRITES = rounds({ short: 25, long: 1_000 });
const DAMAGED_FILES = rounds({ short: 3, long: 100 });

Deno.test("several processes can write one session file, and it stays intact", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/sessions.kv`;
  const start = performance.now();
  await using writers = new AsyncDisposableStack();
  const names = Array.from({ length: WRITERS }, (_, index) => `writer-${index}`);
  const processes = names.map((name) =>
    writers.use(new ScriptProcess("session_writer.ts", [path, name, String(WRITES)]))
  );
  for (const process of processes) {
    assertEquals((await process.status).code, 0);
    assertEquals(await process.read(), "done");
  }
  const seconds = (performance.now() - start) / 1_000;

  const cache = new KvSessionCache(path);
  for (const name of names) {
    const session = await cache.get(`https://${name}.example.com`);
    assertEquals(session, { jwt: `${name}.${WRITES}.jwt` });
  }
  const shared = await cache.get("https://shared.example.com");
  assertMatch(shared?.jwt ?? "", /^writer-\d+\.\d+\.jwt$/);
  assertEquals(integrityOf(path), "ok");

  const { mode } = await Deno.stat(path);
  assert(mode === null || (mode & 0o777) === 0o600, `the mode is ${mode?.toString(8)}`);
  const files = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  assertEquals(files.filter((name) => name.includes("damaged")), []);
  await Deno.remove(folder, { recursive: true });
  measured(
    `${WRITERS} processes, ${WRITES} writes each, one session file`,
    `0 failures, file intact, ${seconds.toFixed(0)} s`,
  );
});

/** SQLite's own integrity check of the file. */
function integrityOf(path: string): unknown {
  const database = new DatabaseSync(path, { readOnly: true });
  const { integrity_check } = Object(database.prepare("PRAGMA integrity_check").get());
  database.close();
  return integrity_check;
}

Deno.test("several processes find one damaged file: none fails, and the file is replaced by a valid one", async () => {
  const folder = await Deno.makeTempDir();
  for (let round = 0; round < DAMAGED_FILES; round++) {
    const path = `${folder}/${round}.kv`;
    await Deno.writeFile(path, new Uint8Array(20_000).fill(0xab), { mode: 0o600 });
    await using writers = new AsyncDisposableStack();
    const processes = ["a", "b", "c", "d"].map((name) =>
      writers.use(new ScriptProcess("session_writer.ts", [path, name, "3"]))
    );
    for (const process of processes) assertEquals((await process.status).code, 0);
    const cache = new KvSessionCache(path);
    await cache.set("https://after.example.com", { jwt: "after.it.all" });
    assertEquals(await cache.get("https://after.example.com"), { jwt: "after.it.all" });
    assertEquals(integrityOf(path), "ok");
    const { mode } = await Deno.stat(path);
    assert(mode === null || (mode & 0o777) === 0o600, `the mode is ${mode?.toString(8)}`);
  }
  await Deno.remove(folder, { recursive: true });
  measured(
    `${DAMAGED_FILES} damaged session files, each found by 4 processes at the same time`,
    "0 failures, each intact and 0600 afterwards",
  );
});
