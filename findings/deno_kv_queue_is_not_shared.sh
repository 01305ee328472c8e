#!/usr/bin/env bash
# Versions: npm deno 2.9.6.
# Processes of one bot share a Deno KV file. One listens with listenQueue(), another enqueues, and a
# third is killed while it handles a message.
# Guess: it is a work queue. A listening process gets what another one enqueues, and what a killed
# worker had in hand is taken over by the one that lives.
# Seen: neither, within 5 s each. The listener gets nothing. A message is handled by the process that
# enqueued it; if that has ended, or is killed, the message waits until some process opens the file
# and listens, which then gets all that is left.
# It matters to bots with several workers, and to "restart on failure": the queue of a file is per
# process, with the file as its memory. Claim work with atomic().check() instead.
set -euo pipefail
folder=$(mktemp -d)
started=()
trap 'for pid in "${started[@]}"; do kill "$pid" 2> /dev/null || true; done; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.6
cat > worker.ts <<'EOF'
const [name, message, handling, life] = Deno.args;
const kv = await Deno.openKv("./queue.db");
console.log(`${name} opened the file`);
if (message !== "-") await kv.enqueue(message);
if (handling !== "-") {
  kv.listenQueue(async (value) => {
    console.log(`${name} got "${value}"`);
    await new Promise((resolve) => setTimeout(resolve, Number(handling)));
  });
}
if (message !== "-") console.log(`${name} enqueued`);
setTimeout(() => kv.close(), Number(life));
EOF
deno=$(find node_modules -type f -name deno -perm -u+x | head -n 1)
worker() { exec "$deno" run --no-config --unstable-kv --allow-read --allow-write worker.ts "$@"; }
(worker listener - 10 13000) > listener &
listener=$!
started+=("$listener")
for _ in $(seq 100); do [ -s listener ] && break; sleep 0.1; done
(worker sender "from the sender" - 500) > sender
sleep 5
(worker victim "of the victim" 60000 60000) > victim &
victim=$!
started+=("$victim")
for _ in $(seq 50); do grep -q 'got "of the victim"' victim && break; sleep 0.1; done
{ kill -9 "$victim" && wait "$victim"; } 2> /dev/null || true
sleep 5
wait "$listener"
(worker successor - 10 2000) > successor
cat listener sender victim
sort successor | tee sorted
[ "$(grep -c got listener)" = 0 ]
grep -q 'got "of the victim"' victim
grep -q 'got "of the victim"' sorted
