/**
 * A client on a fake platform, connected.
 * @module
 */
import { createClient } from "../../../client/async_client.ts";
import type { AsyncClient } from "../../../client/async_client.ts";
import type { EventMap, EventName } from "../../../client/base/events.ts";
import type { ClientOptions } from "../../../client/connection/options.ts";
import { FakePlatform } from "./fake_platform.ts";
import type { FakeSocket } from "./fake_socket.ts";
import { sessionJwt } from "./session_jwt.ts";

/** Where the server of these tests is. */
export const SERVER = "http://roomz.test";

/** A client that is not connected yet, and what is around it. */
export function newClient(
  options: ClientOptions = {},
  token: string = sessionJwt(),
): { client: AsyncClient; platform: FakePlatform } {
  const platform = new FakePlatform();
  return { client: createClient(SERVER, token, options, platform), platform };
}

/** A connected client, with the server's end of its socket. */
export async function connectedClient(
  options: ClientOptions = {},
): Promise<{ client: AsyncClient; platform: FakePlatform; socket: FakeSocket }> {
  const { client, platform } = newClient(options);
  const connecting = client.connect();
  const socket = await platform.nextSocket();
  socket.accept();
  await connecting;
  return { client, platform, socket };
}

/** The payloads of every event of a kind from now on. */
export function record<K extends EventName>(client: AsyncClient, name: K): EventMap[K][] {
  const events: EventMap[K][] = [];
  client.on(name, (event) => void events.push(event));
  return events;
}
