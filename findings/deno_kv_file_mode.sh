#!/usr/bin/env bash
# Deno 2.9.6: Deno.openKv(path) creates its file readable by everyone, whatever it will hold. A
# program that stores secrets in it must create the file itself, with mode 0600, before it opens it.
# Seen: mode 644 with umask 022. It matters in client/auth/kv_file.ts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.6
umask 022
npx deno eval --no-config --unstable-kv \
  'const kv = await Deno.openKv("./store.db"); await kv.set(["key"], "value"); kv.close();'
mode=$(npx deno eval --no-config 'console.log((Deno.statSync("store.db").mode & 0o777).toString(8))')
echo "deno 2.9.6 created the file with mode $mode"
[ "$mode" = 644 ]
