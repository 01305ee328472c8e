#!/usr/bin/env bash
# Versions: npm deno 2.9.6, deno 2.7.14, @deno/kv 0.14.0 on node 22.23.3.
# A Deno KV file is written by Deno 2.9: a string, an object, and bytes. Then it is opened by the
# previous Deno, as after a rollback or on a host that is not upgraded yet, and by Deno's own package
# for Node.
# Guess: all of it can be read; the file is SQLite and its tables have not changed since Deno 1.
# Seen: only the bytes. A value that is not a Uint8Array is stored as V8 serializes it, and V8's format
# went from version 15 to 16 with Deno 2.8: older ones refuse even a plain string. One such entry ends
# a list() as well, in Deno before the entries that could be read. The other way round all is read.
# It matters to hosts that share one database and are upgraded one after the other, to rollbacks, and
# to backups. Store text as bytes (TextEncoder), which every version reads as it was written.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund node@22.23.3 @deno/kv@0.14.0
new=(npx --yes deno@2.9.6)
old=(npx --yes deno@2.7.14)
cat > values.mjs <<'EOF'
import process from "node:process";
const deno = typeof Deno !== "undefined";
const open = deno ? Deno.openKv : (await import("@deno/kv")).openKv;
const kv = await open(process.argv[2]);
if (process.argv[3] === "write") {
  await kv.set(["bytes"], new TextEncoder().encode("text"));
  await kv.set(["object"], { text: "text" });
  await kv.set(["string"], "text");
} else {
  const found = [];
  for (const name of ["bytes", "object", "string"]) {
    const read = kv.get([name]).then(({ value }) =>
      value instanceof Uint8Array ? new TextDecoder().decode(value) : value.text ?? value
    );
    found.push(`${name} ${await read.catch(() => "refused")}`);
  }
  let listed = 0;
  try {
    for await (const _ of kv.list({ prefix: [] })) listed++;
  } catch {
    found.push("list refused");
  }
  console.log(`${found.join(", ")} (${listed} listed)`);
}
kv.close();
EOF
run=(run --no-config --allow-all --unstable-kv values.mjs)
{
  "${new[@]}" "${run[@]}" new.sqlite3 write
  "${old[@]}" "${run[@]}" old.sqlite3 write
  echo "of 2.9.6 in 2.9.6: $("${new[@]}" "${run[@]}" new.sqlite3 read)"
  echo "of 2.9.6 in 2.7.14: $("${old[@]}" "${run[@]}" new.sqlite3 read)"
  echo "of 2.9.6 in Node: $(npx node values.mjs new.sqlite3 read)"
  echo "of 2.7.14 in 2.9.6: $("${new[@]}" "${run[@]}" old.sqlite3 read)"
} | tee seen
[ "$(cat seen)" = "of 2.9.6 in 2.9.6: bytes text, object text, string text (3 listed)
of 2.9.6 in 2.7.14: bytes text, object refused, string refused, list refused (0 listed)
of 2.9.6 in Node: bytes text, object refused, string refused, list refused (1 listed)
of 2.7.14 in 2.9.6: bytes text, object text, string text (3 listed)" ]
