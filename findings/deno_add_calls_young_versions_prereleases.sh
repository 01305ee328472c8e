#!/usr/bin/env bash
# Versions: npm deno 2.9.6.
# The first version of a package was published on JSR an hour ago. Its author tries the line that JSR's
# page for it names: deno add jsr:@scope/name. Deno hides versions of the last 24 hours.
# Guess: `deno add` says so, as `deno run` does: "A newer matching version was found, but it was not used
# because it was newer than the specified minimum dependency date".
# Seen: "jsr:@scope/name has only pre-release versions available. Try specifying a version: `deno add
# jsr:@scope/name@^1.0.0`", though 1.0.0 is no pre-release. The suggested command fails as well, with the
# true reason. `deno install jsr:@scope/name` says the same. With --min-dep-age=0 it is added.
# It matters to what a release tells its first users: with one older version there is no error at all.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.6
npx deno --version > version # Puts the binary in its place.
deno=$PWD/node_modules/deno/deno
export DENO_DIR="$folder/cache" NO_COLOR=1
# A registry of JSR's layout with one package of one file.
cat > registry.ts <<'EOF'
const source = "export const name = 'pkg';\n";
const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(source));
const checksum = `sha256-${new Uint8Array(digest).toHex()}`;
const anHourAgo = new Date(Date.now() - 60 * 60 * 1000).toISOString();
const answers: Record<string, unknown> = {
  "/@scope/name/meta.json": {
    scope: "scope",
    name: "name",
    latest: "1.0.0",
    versions: { "1.0.0": { createdAt: anHourAgo } },
  },
  "/@scope/name/1.0.0_meta.json": {
    exports: { ".": "./mod.ts" },
    manifest: { "/mod.ts": { size: source.length, checksum } },
  },
};
const onListen = ({ port }: Deno.NetAddr) => Deno.writeTextFileSync("port", String(port));
Deno.serve({ hostname: "127.0.0.1", port: 0, onListen }, (request) => {
  const { pathname } = new URL(request.url);
  if (pathname in answers) return Response.json(answers[pathname]);
  return pathname === "/@scope/name/1.0.0/mod.ts"
    ? new Response(source, { headers: { "content-type": "application/typescript" } })
    : new Response("none", { status: 404 });
});
EOF
"$deno" run --quiet --no-config --no-check --allow-net --allow-write registry.ts &
server=$!
for _ in $(seq 60); do [ -s port ] || sleep 1; done
JSR_URL="http://127.0.0.1:$(cat port)/"
export JSR_URL
mkdir project
cd project
try() {
  rm -f deno.json deno.lock
  if "$deno" "$@" > ../output 2>&1; then said="added"; else
    said=$(grep -o 'only pre-release versions available\|not used because it was newer' ../output)
  fi
  echo "deno $*: $said" | tee -a ../seen
}
try run jsr:@scope/name
try add jsr:@scope/name
try add jsr:@scope/name@^1.0.0
try install jsr:@scope/name
try add --min-dep-age=0 jsr:@scope/name
[ "$(cat ../seen)" = "deno run jsr:@scope/name: not used because it was newer
deno add jsr:@scope/name: only pre-release versions available
deno add jsr:@scope/name@^1.0.0: not used because it was newer
deno install jsr:@scope/name: only pre-release versions available
deno add --min-dep-age=0 jsr:@scope/name: added" ]
