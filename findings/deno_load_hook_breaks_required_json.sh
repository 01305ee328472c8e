#!/usr/bin/env bash
# Versions: npm deno 2.9.6, node 22.23.3.
# A load hook of node:module that passes everything on unchanged, as one registers it for modules of
# one's own; then CommonJS code that requires a JSON file next to it.
# Guess: a hook that changes nothing changes nothing.
# Seen: on Node the JSON is read as before. On Deno, once any load hook exists, the JSON is evaluated as
# JavaScript and require() throws a SyntaxError.
# It matters to programs that load other people's code with hooks, such as bots with npm packages: many
# CommonJS packages require their own package.json or a table in JSON. A hook that answers for JSON
# itself, or that leaves node_modules to the runtime, avoids it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.6 node@22.23.3
echo '{"limit": 3}' > table.json
cat > uses_table.cjs <<'EOF'
try {
  console.log(`limit ${require("./table.json").limit}`);
} catch (error) {
  console.log(error.name);
}
EOF
echo 'await import("./uses_table.cjs");' > plain.mjs
cat > hooked.mjs <<'EOF'
import { registerHooks } from "node:module";
registerHooks({ load: (url, context, next) => next(url, context) });
await import("./uses_table.cjs");
EOF
for file in plain hooked; do
  for runtime in deno node; do
    if [ "$runtime" = deno ]; then run=(npx deno run --allow-read --no-config); else run=(npx node); fi
    echo "$file, $runtime: $("${run[@]}" "$file.mjs" 2> /dev/null)" | tee -a seen
  done
done
[ "$(cat seen)" = "plain, deno: limit 3
plain, node: limit 3
hooked, deno: SyntaxError
hooked, node: limit 3" ]
