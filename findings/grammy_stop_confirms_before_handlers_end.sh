#!/usr/bin/env bash
# Versions: npm grammy 1.46.0, on node 22.23.3.
# A bot on long polling has got two updates in one batch. While its handler works on the first one,
# the program calls `await bot.stop()`, as it would on SIGTERM. The API server here is a stand-in that
# answers getMe and getUpdates.
# Guess: stop() resolves when the handler of update 1 has ended, update 2 is not begun, and only
# update 1 is confirmed to the server, so that nothing is lost or handled twice.
# Seen: stop() confirms update 1 while its handler is still running, and resolves. Update 2 is begun
# after that, runs to its end, and is never confirmed: the next start gets it again. start() resolves
# when both handlers have ended.
# It matters to bots that exit after `await bot.stop()`: the update under way is lost. Those that keep
# running until the handlers have ended answer the rest of the batch twice, once now and once after
# the restart. Await the promise of start() before the exit, and handle an update_id once.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund node@22.23.3 grammy@1.46.0
cat > bot.mjs <<'EOF'
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Bot } from "grammy";
const events = [];
let updates = [1, 2].map((id) => ({
  update_id: id,
  message: {
    message_id: id,
    date: 1,
    chat: { id: 1, type: "private", first_name: "Ann" },
    from: { id: 1, is_bot: false, first_name: "Ann" },
    text: `message ${id}`,
  },
}));
function resultOf(method, { offset = 0, limit = 100 }) {
  if (method === "getMe") return { id: 9, is_bot: true, first_name: "Bot", username: "the_bot" };
  if (method !== "getUpdates") return true;
  const before = updates.length;
  updates = updates.filter(({ update_id }) => update_id >= offset);
  if (updates.length < before) events.push(`confirmed up to ${offset - 1}`);
  return updates.slice(0, limit);
}
const api = createServer(async (request, response) => {
  const body = (await request.toArray()).join("");
  const result = resultOf(request.url.split("/").at(-1), body === "" ? {} : JSON.parse(body));
  response.end(JSON.stringify({ ok: true, result }));
});
await new Promise((resolve) => api.listen(0, "127.0.0.1", resolve));
const bot = new Bot("1:a", { client: { apiRoot: `http://127.0.0.1:${api.address().port}` } });
bot.on("message", async ({ update }) => {
  events.push(`begins ${update.update_id}`);
  if (update.update_id === 1) setTimeout(stop, 300);
  await sleep(1000);
  events.push(`ends ${update.update_id}`);
});
async function stop() {
  events.push("stop()");
  await bot.stop();
  events.push("stopped");
}
await bot.start();
events.push("start() resolved");
console.log(events.join("\n"));
console.log(`left for the next start: ${updates.map(({ update_id }) => update_id)}`);
api.close();
EOF
npx node bot.mjs | tee seen
[ "$(cat seen)" = "begins 1
stop()
confirmed up to 1
stopped
ends 1
begins 2
ends 2
start() resolved
left for the next start: 2" ]
