"""Runs the real Roomz server on a free port of this machine, for tests/contract/support/real_server.ts.

Argument: a JSON object that may have maxConnections, pingInterval and pingTimeout (milliseconds).
The first line on stdout is the port. A line "drop" on stdin cuts every connection; the end of stdin
ends the server, so that it never outlives the test.
"""

import asyncio
import json
import logging
import os
import socket
import sys
import threading

import uvicorn

# Without it the server does not print its magic links.
logging.basicConfig(level=logging.INFO)

import roomz.server  # noqa: E402

options = json.loads(sys.argv[1])
engine = roomz.server.server.socketio.eio
if "maxConnections" in options:
  roomz.server.MAX_CLIENTS = options["maxConnections"]
if "pingInterval" in options:
  engine.ping_interval = options["pingInterval"] / 1000
if "pingTimeout" in options:
  engine.ping_timeout = options["pingTimeout"] / 1000

# With the protocol named, asyncio sets TCP_NODELAY on what it accepts, as it does for a port.
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
listener.bind(("127.0.0.1", 0))
# Whoever asks from now on is answered once the server is up.
listener.listen()
server = uvicorn.Server(uvicorn.Config(roomz.server.asgi_app))


def drop_connections() -> None:
  for connection in list(server.server_state.connections):
    connection.transport.abort()


def take_orders(loop) -> None:
  for line in sys.stdin:
    if line.strip() == "drop":
      loop.call_soon_threadsafe(drop_connections)
  os._exit(0)


async def serve() -> None:
  threading.Thread(target=take_orders, args=[asyncio.get_running_loop()], daemon=True).start()
  print(listener.getsockname()[1], flush=True)
  await server.serve(sockets=[listener])


if __name__ == "__main__":
  asyncio.run(serve())
