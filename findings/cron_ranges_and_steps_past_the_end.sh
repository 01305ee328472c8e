#!/usr/bin/env bash
# Versions: npm croner 11.0.1, cron-parser 5.10.6, node-cron 4.6.0, cron 4.4.0; PyPI croniter 7.0.0.
# Three expressions that people write: the weekend as "sat-sun", a night as "22-2", and every 90 minutes
# as "*/90". Who takes them, and as what?
# Guess: the libraries agree: Sunday is 0 and 7, so "sat-sun" is 6-7 everywhere; "22-2" is refused or
# wraps; a step longer than its field is refused, since no hour has 90 minutes.
# Seen: "sat-sun" is the weekend in croner, node-cron and croniter; cron-parser and cron refuse it, though
# both take "6-7". "22-2" wraps in node-cron and croniter. "*/90" is refused by croner alone: in the four
# others it means every hour.
# It matters to whoever takes schedules from users: "valid" in one library is an error in the next, and
# "*/90" is worse than an error. Refuse what is longer than the field, and name an interval for it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund croner@11.0.1 cron-parser@5.10.6 node-cron@4.6.0 cron@4.4.0
python3 -m venv python
python/bin/pip install --quiet croniter==7.0.0
cat > five.mjs <<'EOF'
import { execFileSync } from "node:child_process";
import { CronTime } from "cron";
import { CronExpressionParser } from "cron-parser";
import { Cron } from "croner";
import nodeCron from "node-cron";
const from = new Date();
const following = (next) => [1, 2, 3, 4, 5, 6].reduce((times) => [...times, next(times.at(-1) ?? from)], []);
const libraries = {
  croner: (cron) => new Cron(cron, { timezone: "UTC", paused: true }).nextRuns(6, from),
  "cron-parser": (cron) => {
    const times = CronExpressionParser.parse(cron, { tz: "UTC", currentDate: from });
    return following(() => times.next().toDate());
  },
  "node-cron": (cron) => nodeCron.createTask(cron, () => {}, { timezone: "UTC" }).getNextRuns(6),
  cron: (cron) => {
    const time = new CronTime(cron, "UTC");
    return following((last) => time.getNextDateFrom(last, "UTC").toJSDate());
  },
  croniter: (cron) => JSON.parse(execFileSync("python/bin/python", ["-c", `
import json, sys
from croniter import croniter
times = croniter(sys.argv[1], float(sys.argv[2]))
print(json.dumps([times.get_next(float) * 1000 for _ in range(6)]))`, cron, String(from / 1000)], {
    stdio: ["ignore", "pipe", "ignore"],
    encoding: "utf8",
  })).map((time) => new Date(time)),
};
const readings = {
  "0 9 * * sat-sun": (times) => times.every((t) => t.getUTCDay() % 6 === 0) ? "the weekend" : "other days",
  "0 22-2 * * *": (times) => times.every((t) => [22, 23, 0, 1, 2].includes(t.getUTCHours())) ? "the night" : "other hours",
  "*/90 * * * *": (times) => times.every((t, i) => i === 0 || t - times[i - 1] === 3_600_000) ? "every hour" : "else",
};
for (const [cron, reading] of Object.entries(readings)) {
  for (const [name, next] of Object.entries(libraries)) {
    let seen = "refused";
    try {
      seen = reading(next(cron));
    } catch {}
    console.log(`${cron} ${name}: ${seen}`);
  }
}
process.exit();
EOF
seen=$(node five.mjs)
echo "$seen"
[ "$seen" = "0 9 * * sat-sun croner: the weekend
0 9 * * sat-sun cron-parser: refused
0 9 * * sat-sun node-cron: the weekend
0 9 * * sat-sun cron: refused
0 9 * * sat-sun croniter: the weekend
0 22-2 * * * croner: refused
0 22-2 * * * cron-parser: refused
0 22-2 * * * node-cron: the night
0 22-2 * * * cron: refused
0 22-2 * * * croniter: the night
*/90 * * * * croner: refused
*/90 * * * * cron-parser: every hour
*/90 * * * * node-cron: every hour
*/90 * * * * cron: every hour
*/90 * * * * croniter: every hour" ]
