import { assert, assertEquals } from "@std/assert";
import { BUCKET_LENGTH, bucketOf, FleetKeys } from "../../../../bot/fleet/store/fleet_keys.ts";

Deno.test("every record lies below the prefix by which it is listed", () => {
  const keys = new FleetKeys("helper");
  const startsWith = (key: readonly string[], prefix: readonly string[]) =>
    assertEquals(key.slice(0, prefix.length), [...prefix]);
  startsWith(keys.account("a"), keys.accounts);
  startsWith(keys.session("a"), keys.sessions);
  startsWith(keys.host("h"), keys.hosts);
  startsWith(keys.beat("h"), keys.beats);
  startsWith(keys.holder("a"), keys.holders);
  startsWith(keys.claim("s", 5, "e"), keys.claims("s"));
  startsWith(keys.open("h", "a", "e"), keys.opened("h"));
});

Deno.test("the keys of buckets sort in the order of time", () => {
  const keys = new FleetKeys("helper");
  const now = Date.UTC(2026, 10, 29);
  const [early, late] = [bucketOf(now), bucketOf(now + 30 * 24 * BUCKET_LENGTH)];
  const key = (bucket: number) => keys.claim("s", bucket, "e").join("/");
  assert(key(early) < key(late));
});
