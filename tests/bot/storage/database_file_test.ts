import { assertEquals } from "@std/assert";
import { DatabaseFile } from "../../../bot/storage/database_file.ts";

async function opened() {
  const path = `${await Deno.makeTempDir()}/sub/bot.kv`;
  let time = 0;
  const file = new DatabaseFile(path, () => time);
  (await file.open((path) => Deno.openKv(path))).close();
  return { path, file, later: (milliseconds: number) => void (time += milliseconds) };
}

const losses: readonly [what: string, lose: (path: string) => Promise<void>][] = [
  ["deleted", (path) => Deno.remove(path)],
  ["renamed", (path) => Deno.rename(path, `${path}.old`)],
  [
    "deleted with its folder",
    (path) => Deno.remove(path.replace(/\/bot.kv$/, ""), { recursive: true }),
  ],
  ["replaced by another", async (path) => {
    await Deno.writeTextFile(`${path}.new`, "");
    await Deno.rename(`${path}.new`, path);
  }],
];
for (const [what, lose] of losses) {
  Deno.test(`a database file that is ${what} is noticed within 10 seconds, once`, async () => {
    const { path, file, later } = await opened();
    later(10_000);
    assertEquals(await file.isGone(), false);
    await lose(path);
    later(9_999);
    assertEquals(await file.isGone(), false, "it is not looked for at every operation");
    later(1);
    assertEquals(await file.isGone(), true);
    later(60_000);
    assertEquals(await file.isGone(), false, "until it is opened again");
    (await file.open((path) => Deno.openKv(path))).close();
    later(10_000);
    assertEquals(await file.isGone(), false);
  });
}

Deno.test("a database file that only changes is not gone", async () => {
  const { path, file, later } = await opened();
  await Deno.writeTextFile(path, "more", { append: true });
  await Deno.chmod(path, 0o400);
  later(60_000);
  assertEquals(await file.isGone(), false);
});

Deno.test("before a database file was opened it cannot be gone", async () => {
  const file = new DatabaseFile("/no/such/folder/bot.kv", () => 1e9);
  assertEquals(await file.isGone(), false);
});
