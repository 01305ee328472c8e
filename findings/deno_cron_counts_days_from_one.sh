#!/usr/bin/env bash
# Versions: npm deno 2.9.6 with --unstable-cron. Runs for up to a minute and a half.
# Deno.cron takes a "Unix cron" expression. Which day is 6 in its last field, and what is 0?
# Guess: as in crontab(5): 0 and 7 are Sunday, 1 is Monday, 6 is Saturday.
# Seen: 1 is Sunday and 7 is Saturday, so every number means the day before; 0 is refused, and so is
# 0-6. Names are right, and `sat-sun` is the weekend.
# It matters when a schedule moves between a crontab, a bot and Deno.cron: `0 9 * * 1-5` runs from
# Sunday to Thursday there. Write names.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.6
cat > days.ts <<'EOF'
const names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const fired: string[] = [];
for (let day = 1; day <= 7; day++) Deno.cron(`day ${day}`, `* * * * ${day}`, () => void fired.push(`${day}`));
for (const name of names) Deno.cron(name, `* * * * ${name}`, () => void fired.push(name));
for (const expression of ["0 9 * * 0", "0 9 * * 0-6"]) {
  try {
    Deno.cron("refused", expression, () => {});
    console.log(`${expression} accepted`);
  } catch (error) {
    console.log(`${expression} refused: ${(error as Error).message}`);
  }
}
// Do not look at two days at once.
while (new Date().getUTCHours() === 23 && new Date().getUTCMinutes() >= 58) {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}
fired.length = 0;
while (fired.length < 2) await new Promise((resolve) => setTimeout(resolve, 500));
const today = new Date().getUTCDay();
const [number, name] = fired.sort();
console.log(`fired: ${name}, which is ${name === names[today] ? "today" : "another day"}`);
console.log(`fired: today's number in crontab(5) ${Number(number) - today >= 0 ? "+" : "-"} ${Math.abs(Number(number) - today)}`);
Deno.exit();
EOF
seen=$(npx deno run --no-config --unstable-cron days.ts 2> errors || { cat errors >&2; exit 1; })
echo "$seen"
name=$(LC_ALL=C date -u +%a | tr '[:upper:]' '[:lower:]')
[ "$seen" = "0 9 * * 0 refused: Invalid cron schedule
0 9 * * 0-6 refused: Invalid cron schedule
fired: $name, which is today
fired: today's number in crontab(5) + 1" ]
