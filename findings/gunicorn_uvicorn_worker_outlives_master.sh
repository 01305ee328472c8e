#!/bin/sh
# The Roomz server runs as gunicorn with uvicorn's worker. Its main process dies at once (kill -9, or the
# kernel is out of memory). Does the worker end as well, so that a supervisor can start the server again?
#
# Versions: PyPI gunicorn 27.0.1, uvicorn 0.54.0 (Python 3.10 or later), as roomz 0.4.0 installs them.
#
# Good guess: yes. gunicorn's workers look whether their parent is still there, log "Parent changed, shutting
# down", and end. Seen: its own sync worker does, within two seconds. uvicorn.workers.UvicornWorker does not:
# it goes on answering for as long as one waits, holds the port, and a second server cannot start on it. Whoever
# ends the Roomz server must use SIGTERM, or kill the whole process group or control group.
set -eu
folder=$(mktemp -d)
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q gunicorn==27.0.1 uvicorn==0.54.0
cat > app.py << 'PY'
def wsgi(environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]


async def asgi(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})
PY

# Prints "ends" or "goes on": what the worker does after the death of its parent.
try_worker() {
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  venv/bin/gunicorn --no-control-socket -k "$1" -b "127.0.0.1:$port" --pid "$1.pid" "$2" 2> /dev/null &
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    sleep 1
    if answers "$port"; then break; fi
  done
  main=$(cat "$1.pid")
  worker=$(ps -o pid= --ppid "$main" | tr -d ' ')
  kill -9 "$main"
  sleep 15
  if answers "$port"; then
    kill "$worker"
    echo "goes on"
  else
    echo "ends"
  fi
}

answers() {
  python3 - "$1" << 'PY' 2> /dev/null
import sys
import urllib.request

urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/", timeout=3)
PY
}

sync=$(try_worker sync app:wsgi)
uvicorn=$(try_worker uvicorn.workers.UvicornWorker app:asgi)
echo "after kill -9 of the main process: a sync worker $sync, uvicorn's worker $uvicorn"
rm -rf "$folder"
[ "$sync" = "ends" ] && [ "$uvicorn" = "goes on" ]
