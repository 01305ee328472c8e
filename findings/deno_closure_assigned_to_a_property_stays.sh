#!/usr/bin/env bash
# Versions: npm deno 2.9.6 (V8 15.0), node 22.23.3 (V8 12.4).
# A bot framework makes a context for each message, with a method that closes over the session:
# `ctx.save = () => session;`. The context is dropped when the message is done. Is that as cheap as
# `const save = () => session; ctx.save = save;`, or `{ save: () => session }`?
# Guess: yes; the three make the same objects.
# Seen: V8 allocates a function that is written on the right of an assignment to a property in its old
# generation, where methods of prototypes belong. So context and session live until a full collection,
# not until the next scavenge: here the heap is two to three times as large, and each scavenge copies
# what is still reachable from the dead functions. The other two ways of writing it do not do that.
# It matters to whatever makes closures per message or request: a name for the function is enough.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.6 node@22.23.3
cat > heap.mjs <<'EOF'
import process from "node:process";
const makers = {
  assigned() {
    const session = new Array(200).fill(1.5);
    const ctx = { save: undefined };
    ctx.save = () => session;
    return ctx;
  },
  named() {
    const session = new Array(200).fill(1.5);
    const ctx = { save: undefined };
    const save = () => session;
    ctx.save = save;
    return ctx;
  },
  literal() {
    const session = new Array(200).fill(1.5);
    return { save: () => session };
  },
};
const make = makers[process.argv[2]];
// The four latest messages are alive.
const alive = new Array(4);
let [sum, samples] = [0, 0];
for (let i = 0; i < 100_000; i++) {
  alive[i % 4] = make();
  if (i % 500 !== 0) continue;
  sum += process.memoryUsage().heapUsed;
  samples++;
}
console.log(Math.round(sum / samples / 1e6));
EOF
for runtime in deno node; do
  case $runtime in
    deno) run=(npx deno run --no-config --allow-all heap.mjs) ;;
    *) run=(npx node heap.mjs) ;;
  esac
  for way in assigned named literal; do
    megabytes=$("${run[@]}" "$way")
    echo "$runtime, $way: $megabytes MB of heap on average"
    declare "$way=$megabytes"
  done
  # shellcheck disable=SC2154
  ((assigned * 10 >= named * 15 && assigned * 10 >= literal * 15))
done
