#!/usr/bin/env bash
# Versions: npm deno 2.9.6, node 22.23.3, bun 1.4.5.
# A timer's callback throws, or rejects a promise that nothing handles, in a program of one module: once
# while the module is in a top-level await (`await serve()`, as servers and bots are written), once after
# the module has been evaluated. Half a second later, another timer ends the program with code 42.
# Guess: both end the program at once with code 1, as in Deno and Node.
# Seen: Bun prints the error either way, but during a top-level await the program goes on, and ends with 42.
# It matters to what relies on "a failure that nobody handles ends the process, and the supervisor starts
# it again": under Bun a program that awaits at the top keeps running in a state that nobody planned. Start
# it without await, or install process.on("uncaughtException") and "unhandledRejection" that exit.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.6 node@22.23.3 bun@1.4.5
cat > during.mjs <<'X2'
import process from "node:process";
const fails = { throw() { throw new Error("boom"); }, reject() { Promise.reject(new Error("boom")); } };
setTimeout(fails[process.argv[2]], 50);
setTimeout(() => process.exit(42), 550);
await new Promise(() => {});
X2
grep -v '^await' during.mjs > after.mjs
for file in during after; do
  for failure in throw reject; do
    for runtime in deno node bun; do
      if [ "$runtime" = deno ]; then run=(npx deno run --no-config); else run=(npx "$runtime"); fi
      code=0
      "${run[@]}" "$file.mjs" "$failure" > output 2>&1 || code=$?
      grep -q boom output
      echo "$file, $failure, $runtime: exit $code" | tee -a seen
    done
  done
done
[ "$(cat seen)" = "during, throw, deno: exit 1
during, throw, node: exit 1
during, throw, bun: exit 42
during, reject, deno: exit 1
during, reject, node: exit 1
during, reject, bun: exit 42
after, throw, deno: exit 1
after, throw, node: exit 1
after, throw, bun: exit 1
after, reject, deno: exit 1
after, reject, node: exit 1
after, reject, bun: exit 1" ]
