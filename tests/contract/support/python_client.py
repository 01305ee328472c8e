"""Runs the real Roomz AsyncClient, told what to do by tests/contract/support/python_client.ts.

Argument: the server's URL. Each line on stdin is a call, ["method", argument…]; each line on stdout
is {"result": …} or {"error": …} for a call, or {"event": name, "data": …}.
"""

import asyncio
import json
import sys

from roomz.client import AsyncClient, RoomzConfig
from roomz.client.config import ClientConfig

EVENTS = ["authenticated", "message", "user_joined", "user_left", "display_name_changed", "disconnect"]


def say(line: object) -> None:
  print(json.dumps(line), flush=True)


async def main() -> None:
  config = RoomzConfig(client=ClientConfig(server_url=sys.argv[1]))
  client = AsyncClient(config=config, session_cache_file="session.json", reconnect_delay=0.01)
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
