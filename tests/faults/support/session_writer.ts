/**
 * Writes one session file many times, concurrently with other processes.
 *
 * Arguments: the file's path, this writer's name, and the number of writes.
 * @module
 */
import { KvSessionCache } from "@roomz/roomz/client";
import { writeLine } from "./lines.ts";

const [path = "", name = "", count = ""] = Deno.args;
const cache = new KvSessionCache(path);
for (let i = 1; i <= Number(count); i++) {
  const session = { jwt: `${name}.${i}.jwt` };
  await cache.set(`https://${name}.example.com`, session);
  // The key that all of them write.
  if (i % 10 === 0) await cache.set("https://shared.example.com", session);
}
writeLine("done");
