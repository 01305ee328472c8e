#!/usr/bin/env bash
# Versions: npm deno 2.9.6; npm socket.io-client 4.8.4 as an example of a package with a file to serve.
# A server sends its pages a file out of an npm package and loads it when a page first asks for it:
# await import("npm:…/file.js", { with: { type: "text" } }), with the specifier in a variable, so that
# nothing is downloaded before.
# Guess: the import installs the package, as that of a module does.
# Seen: the text import alone fails with "Could not find constraint … in the list of packages", from an
# empty cache and from a full one. With the specifier written out it works, and the same computed import
# works after any computed import of a module of the package, such as its package.json.
# It matters in dev_server/page/socket_io_client.ts, which imports package.json first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.6
export DENO_DIR="$folder/cache"
cat > computed.ts <<'EOF'
const name = "npm:socket.io-client@4.8.4";
if (Deno.args.includes("module")) {
  await import(`${name}/package.json`, { with: { type: "json" } });
}
try {
  const { default: text } = await import(`${name}/dist/socket.io.js`, { with: { type: "text" } });
  console.log(typeof text);
} catch (error) {
  console.log(/^Could not find constraint/.test(error.message) ? "not installed" : error.message);
}
EOF
cat > literal.ts <<'EOF'
const { default: text } = await import("npm:socket.io-client@4.8.4/dist/socket.io.js", {
  with: { type: "text" },
});
console.log(typeof text);
EOF
run() {
  echo "$1: $(npx deno run --quiet --no-config --no-lock --no-check --no-prompt "${@:2}")" | tee -a seen
}
run "computed, empty cache" computed.ts
run "literal" literal.ts
run "computed, full cache" computed.ts
run "computed, after a module of the package" computed.ts module
[ "$(cat seen)" = "computed, empty cache: not installed
literal: string
computed, full cache: not installed
computed, after a module of the package: string" ]
