#!/usr/bin/env bash
# Versions: npm deno 2.9.6 (its node:sqlite reads the expiry that the file holds).
# A rate limit in Deno KV: set a counter with expireIn once, then count with atomic().sum().
# Guess: sum() changes the value and leaves the time to live alone, as INCR does in Redis; only set()
# without expireIn makes a key permanent.
# Seen: sum(), max() and min() remove the expiry as well, and take no expireIn of their own. The counter
# lives for ever: whoever reached the limit once stays over it.
# It matters to cooldowns and quotas of bots: put the window into the key, or write the counter with
# check() and set(..., { expireIn }).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.6
cat > counter.ts <<'EOF'
import { DatabaseSync } from "node:sqlite";

const kv = await Deno.openKv("./store.db");
const expires = () => {
  const file = new DatabaseSync("./store.db", { readOnly: true });
  const rows = file.prepare("select expiration_ms as at from kv order by k").all();
  file.close();
  return rows.map(({ at }) => Number(at) > Date.now() ? "expires" : "permanent").join(" ");
};
const keys = [["max"], ["min"], ["sum"], ["untouched"]];
for (const key of keys) await kv.set(key, new Deno.KvU64(5n), { expireIn: 3_600_000 });
console.log("max, min, sum, untouched:", expires());
await kv.atomic().max(["max"], 9n).min(["min"], 1n).sum(["sum"], 1n).commit();
console.log("max, min, sum, untouched:", expires());
kv.close();
EOF
seen=$(npx deno run --no-config --unstable-kv --allow-read --allow-write counter.ts)
echo "$seen"
[ "$seen" = "max, min, sum, untouched: expires expires expires expires
max, min, sum, untouched: permanent permanent permanent expires" ]
