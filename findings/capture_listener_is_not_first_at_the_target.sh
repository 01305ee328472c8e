#!/usr/bin/env bash
# Versions: npm deno 2.9.6, node 22.23.3, jsdom 26.1.0.
# Two listeners on the object that an event is dispatched to: a plain one, then one with
# `capture: true`. The DOM standard runs those that capture first, at the target too.
# Guess: the one that captures runs first everywhere, so a library can put its listener for
# "unhandledrejection" in front of the program's.
# Seen: in Deno and Node the listeners run in the order of their registration; jsdom follows the standard.
# It matters to whoever shares "unhandledrejection", "error" or "abort" with other code: the first to be
# registered decides, and `capture` does not help.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.6 node@22.23.3 jsdom@26.1.0
cat > dispatch.mjs <<'EOF'
export function dispatch(EventTarget, Event) {
  const order = [];
  const target = new EventTarget();
  target.addEventListener("x", () => order.push("plain"));
  target.addEventListener("x", () => order.push("capturing"), { capture: true });
  target.dispatchEvent(new Event("x"));
  return order.join(", ");
}
EOF
cat > own.mjs <<'EOF'
import { dispatch } from "./dispatch.mjs";
console.log(dispatch(EventTarget, Event));
EOF
cat > dom.mjs <<'EOF'
import { JSDOM } from "jsdom";
import { dispatch } from "./dispatch.mjs";
const { window } = new JSDOM("");
console.log(dispatch(window.EventTarget, window.Event));
EOF
{
  echo "deno: $(npx deno run --no-config own.mjs)"
  echo "node: $(npx node own.mjs)"
  echo "jsdom: $(npx node dom.mjs)"
} | tee seen
[ "$(cat seen)" = "deno: plain, capturing
node: plain, capturing
jsdom: capturing, plain" ]
