#!/usr/bin/env bash
# Versions: npm deno 2.9.6, node 22.23.3.
# A program waits for the "abort" event of AbortSignal.timeout(), as one writes a limit for something;
# nothing else is open. Then the same with a limit of 30 days, and a timer of 1 s next to it.
# Guess: it waits for the event in both runtimes; and 30 days are far away, for the standard takes any
# limit up to 2^53 - 1 milliseconds.
# Seen: Deno waits, because there is a listener; Node ends at once with code 13, for the timer does not
# hold the process. 30 days abort at once in both, as more than 2^31 - 1 milliseconds do; Node writes a
# TimeoutOverflowWarning, Deno nothing.
# It matters to bots with `AbortSignal.timeout` for long waits ("answer within a month"): the question
# is over as soon as it is asked. Cut long limits into timers of less than 24.8 days.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.6 node@22.23.3
cat > wait.mjs <<'EOF'
const signal = AbortSignal.timeout(300);
await new Promise((resolve) => signal.addEventListener("abort", resolve));
console.log("aborted");
EOF
cat > month.mjs <<'EOF'
const start = performance.now();
const signal = AbortSignal.timeout(30 * 24 * 60 * 60 * 1_000);
setTimeout(() => console.log(signal.aborted ? "30 days are over after 1 s" : "still waiting"), 1_000);
EOF
for file in wait month; do
  for runtime in deno node; do
    if [ "$runtime" = deno ]; then run=(npx deno run --no-config); else run=(npx node); fi
    code=0
    out=$("${run[@]}" "$file.mjs" 2> errors) || code=$?
    warned=$(grep -c TimeoutOverflowWarning errors || true)
    echo "$file, $runtime: ${out:-nothing}, exit $code, warnings $warned" | tee -a seen
  done
done
[ "$(cat seen)" = "wait, deno: aborted, exit 0, warnings 0
wait, node: nothing, exit 13, warnings 0
month, deno: 30 days are over after 1 s, exit 0, warnings 0
month, node: 30 days are over after 1 s, exit 0, warnings 1" ]
