#!/usr/bin/env bash
# Versions: npm deno 2.9.6, npm 11 or whichever is installed; bash.
# A program that is started by `deno task` gets Ctrl+Z: SIGTSTP for all processes of the foreground job.
# Guess: the job is stopped and the shell prompts again, as with `npm run` and `sh -c`.
# Seen: the program stops, but `deno task` catches SIGTSTP (and SIGTTIN, SIGTTOU) to pass it on, and runs on.
# To the shell the job is still running: no prompt comes, and neither Ctrl+C nor Ctrl+Z ends that, because
# the program is stopped. It continues by `kill -CONT` from another terminal.
# It matters to everything that is suspended with Ctrl+Z, editors and pagers too. A program that may signal
# others (--allow-run) can stop its job with Deno.kill(0, "SIGSTOP"), which nothing catches.
# Also seen: Deno.kill(Deno.pid, …) needs no permission at all, Deno.kill(0, …) needs --allow-run.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.6
echo '{ "tasks": { "wait": "sh wait.sh" } }' > deno.json
echo '{ "scripts": { "wait": "sh wait.sh" } }' > package.json
printf 'sleep 3\ntrue\n' > wait.sh
npx deno --version > version # Puts the binary in its place.
deno=$PWD/node_modules/deno/deno
stateOf() { ps -o stat= -p "$1" | cut -c1; }
state() {
  name=$1
  shift
  set -m # A process group for the job, as in an interactive shell.
  "$@" > output 2>&1 &
  job=$!
  set +m
  sleep 1.5
  kill -TSTP -- "-$job" # What the terminal does at Ctrl+Z.
  sleep 0.5
  echo "$name: $(stateOf "$job"), its program: $(stateOf "$(pgrep -g "$job" -x sleep)")"
  kill -CONT -- "-$job"
  wait "$job"
}
{
  state "sh" sh wait.sh
  state "npm run" npm run wait
  state "deno task" "$deno" task wait
} | tee seen
cat > kill.ts <<'EOF'
for (const [name, pid] of [["itself", Deno.pid], ["its group", 0]] as const) {
  try {
    Deno.kill(pid, "SIGCONT");
    console.log(`${name}: sent`);
  } catch (error) {
    console.log(`${name}: ${(error as Error).name}`);
  }
}
EOF
"$deno" run --no-config --no-prompt kill.ts | tee -a seen
[ "$(cat seen)" = "sh: T, its program: T
npm run: T, its program: T
deno task: S, its program: T
itself: sent
its group: NotCapable" ]
