#!/usr/bin/env bash
# Versions: PyPI roomz 0.4.0; Chromium 156 (Debian) with npm playwright-core 1.65.1.
# A person types a message on the page of the Roomz server and presses Enter: for a second at the server's
# machine, and for 80 ms, as people do, over a line that takes 100 ms each way. How many messages are sent?
# Guess: one each time.
# Seen: one, but two over the slow line. The form sends on the key's way down and the input on its way up,
# and only the acknowledgement clears the text in between: who releases the key before it sends twice.
# It matters to bots: a command from a phone runs twice. People can tap the arrow; a bot whose commands
# must not run twice has to ask for confirmation, or to ignore repetitions.
set -euo pipefail
chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)}
folder=$(mktemp -d)
server=
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund playwright-core@1.65.1
python3 -m venv python
python/bin/pip install --quiet roomz==0.4.0

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export HOME=$folder JWT_SECRET_KEY=0123456789012345678901234567890123456789 ALLOWED_EMAILS=me@example.com
python/bin/roomz serve --server-bind "127.0.0.1:$port" > log 2>&1 &
server=$!
for _ in $(seq 60); do grep -q "startup complete" log && break; sleep 1; done

cat > page.mjs <<'EOF'
import { readFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";

const [port, executablePath] = process.argv.slice(2);

/** The same server over a line that takes 100 ms each way; resolves to its port. */
const slowLine = () =>
  new Promise((resolve) => {
    const proxy = createServer((near) => {
      const far = connect(port, "127.0.0.1");
      for (const [from, to] of [[near, far], [far, near]]) {
        from.on("data", (bytes) => setTimeout(() => to.writable && to.write(bytes), 100));
        from.on("close", () => setTimeout(() => to.destroy(), 100));
        from.on("error", () => {});
      }
    });
    proxy.unref();
    proxy.listen(0, "127.0.0.1", () => resolve(proxy.address().port));
  });

const args = ["--no-sandbox", "--no-proxy-server"];
const browser = await chromium.launch({ executablePath, args });
const counts = [];
for (const [reached, held] of [[port, 1_000], [await slowLine(), 80]]) {
  const page = await (await browser.newContext()).newPage();
  const url = `http://localhost:${reached}`;
  const response = await fetch(`${url}/auth/request-magic-link`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: "me@example.com" }),
  });
  if (!response.ok) throw new Error(await response.text());
  await sleep(500);
  const links = (await readFile("log", "utf8")).match(/http:\/\/\S+verify\?token=\S+/g);
  await page.goto(links.at(-1));
  const input = page.getByPlaceholder("Type a message...");
  await input.waitFor();
  await sleep(1_000);
  await input.fill("hello");
  await input.press("Enter", { delay: held });
  await sleep(2_000);
  counts.push(await page.getByText("hello", { exact: true }).count());
  await page.close();
}
await browser.close();
console.log(`messages: ${counts[0]} at the server's machine, ${counts[1]} over the slow line`);
process.exit(0);
EOF
seen=$(node page.mjs "$port" "$chromium")
echo "$seen"
test "$seen" = "messages: 1 at the server's machine, 2 over the slow line"
