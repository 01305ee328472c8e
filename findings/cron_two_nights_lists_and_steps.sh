#!/usr/bin/env bash
# Versions: npm croner 11.0.1, cron-parser 5.10.6.
# The nights of the clock change in Europe/Brussels for what repeats: a list or a step, not one time.
# Guess: as with one time, "30 2 * * *", which both run once in each night: "0,30 2" and "*/15 2" run in
# some form in March, and "*/10 0-5" every 10 minutes in October.
# Seen: croner leaves "0,30 2" and "*/15 2" out in March, without a word. cron-parser moves them into
# the next hour, but in October it takes the first of the two hours only: "*/10 0-5" pauses for 70
# minutes, and "0 */2", every two hours, for three.
# It matters to every backup, heartbeat or reminder between 2 and 3: neither library is right in both
# nights, and "it ran at 2:30 last year" proves nothing about a list.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund croner@11.0.1 cron-parser@5.10.6
cat > nights.mjs <<'EOF'
import { Cron } from "croner";
import { CronExpressionParser } from "cron-parser";
const zone = "Europe/Brussels";
const libraries = {
  croner: (cron, from) => {
    const job = new Cron(cron, { timezone: zone, paused: true });
    return (last) => job.nextRun(last ?? from);
  },
  "cron-parser": (cron, from) => {
    const times = CronExpressionParser.parse(cron, { tz: zone, currentDate: from });
    return () => times.next().toDate();
  },
};
const runs = (start, from, end) => {
  const next = start(from);
  const times = [];
  for (let time = next(); time !== null && time < end; time = next(time)) times.push(time);
  return times;
};
for (const cron of ["30 2 * * *", "0,30 2 * * *", "*/15 2 * * *"]) {
  for (const [name, start] of Object.entries(libraries)) {
    const times = runs((from) => start(cron, from), new Date("2026-03-28T22:59Z"), new Date("2026-03-29T12:00Z"));
    const local = times.map((time) => time.toLocaleTimeString("en-GB", { timeZone: zone, timeStyle: "short" }));
    console.log(`March ${cron} ${name}: ${local.join(" ") || "never"}`);
  }
}
for (const cron of ["*/10 0-5 * * *", "0 */2 * * *"]) {
  for (const [name, start] of Object.entries(libraries)) {
    const times = runs((from) => start(cron, from), new Date("2026-10-24T21:59Z"), new Date("2026-10-25T04:30Z"));
    const gaps = times.slice(1).map((time, i) => (time - times[i]) / 60_000);
    console.log(`October ${cron} ${name}: longest pause ${Math.max(...gaps)} min`);
  }
}
EOF
seen=$(node nights.mjs)
echo "$seen"
[ "$seen" = "March 30 2 * * * croner: 03:00
March 30 2 * * * cron-parser: 03:30
March 0,30 2 * * * croner: never
March 0,30 2 * * * cron-parser: 03:00 03:30
March */15 2 * * * croner: never
March */15 2 * * * cron-parser: 03:00 03:15 03:30 03:45
October */10 0-5 * * * croner: longest pause 10 min
October */10 0-5 * * * cron-parser: longest pause 70 min
October 0 */2 * * * croner: longest pause 120 min
October 0 */2 * * * cron-parser: longest pause 180 min" ]
