#!/usr/bin/env bash
# A script composes the flags of `deno run` from two sources: a list that a program always needs
# (--allow-net=a.example), and what the user asked for (--allow-net, everything). What is granted?
#
# A good guess: the union, everything. Lists of repeated flags are joined, after all.
#
# Seen with Deno 2.9.6 (npm): a flag without a list adds nothing to one with a list, in either order. Only
# the list is granted, so asking for more than before leaves what was there. `--allow-all` beside a list
# is an error that says so; this is not even a warning. It matters in
# cli/commands/bot/deployment/deployment.ts.
#
# Exits with 1 if that has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.6 >/dev/null
cat > granted.ts <<'TS'
const hosts = ["a.example", "b.example", "c.example"];
const states = hosts.map((host) => Deno.permissions.querySync({ name: "net", host }).state);
console.log(hosts.filter((_, at) => states[at] === "granted").join(" "));
TS
deno="$folder/node_modules/.bin/deno"
"$deno" --version | head -n 1
wrong=0
check() {
  expected=$1
  shift
  granted=$("$deno" run --no-prompt --no-config "$@" granted.ts)
  echo "$*: $granted"
  [ "$granted" = "$expected" ] || wrong=1
}
check "a.example b.example c.example" --allow-net
check "a.example b.example" --allow-net=a.example --allow-net=b.example
check "a.example" --allow-net=a.example --allow-net
check "a.example" --allow-net --allow-net=a.example
exit "$wrong"
