"""Runs the real Roomz AsyncClient, told what to do by tests/contract/support/python_client.ts.

Argument: the server's URL. Each line on stdin is a call, ["method", argument…]; each line on stdout
is {"result": …} or {"error": …} for a call, or {"event": name, "data": …}.
"""

import asyncio
import json
import sys

from roomz.client import AsyncClient

EVENTS = ["authenticated", "message", "user_joined", "user_left", "display_name_changed", "disconnect"]


def say(line: object) -> None:
  print(json.dumps(line), flush=True)


def create_client(server_url: str, **options) -> AsyncClient:
  try:
    from roomz.client.config import ClientConfig, RoomzConfig
  except ImportError:
    # Up to 0.1.2 the constructor takes the URL, as the API reference says.
    return AsyncClient(server_url, **options)
  return AsyncClient(config=RoomzConfig(client=ClientConfig(server_url=server_url)), **options)


async def main() -> None:
  client = create_client(sys.argv[1], session_cache_file="session.json", reconnect_delay=0.01)
  for event in EVENTS:
    client.on(event, lambda data, event=event: say({"event": event, "data": data}))
  loop = asyncio.get_running_loop()
  while line := await loop.run_in_executor(None, sys.stdin.readline):
    method, *arguments = json.loads(line)
    try:
      say({"result": await getattr(client, method)(*arguments)})
    except Exception as error:
      say({"error": f"{type(error).__name__}: {error}"})
  await client.disconnect()


asyncio.run(main())
